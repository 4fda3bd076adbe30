import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { CreateOptions } from '../../src/model/kernel-options.ts';
import type { Runtime } from '../../src/model/runtime.ts';
import { fit } from '../../src/training/fit.ts';
import { trainInWorker } from '../../src/web/index.ts';

// What test/browser/gpu.test.ts calls in a page, each answer plain JSON.

// Small: a software renderer takes milliseconds for every group of lanes.
const [m, inputs, hidden, seed] = [200, 32, 24, 5];
const configs = {
  kl: { inputs, hidden, weightDecay: 1e-4, sparsity: { kind: 'kl', target: 0.1, weight: 1 }, seed },
  'top-k': {
    ...{
      inputs,
      hidden,
      activation: 'relu',
      output: 'linear',
      loss: 'squared-error',
      center: true,
      unitNorm: true,
      seed,
    },
    sparsity: { kind: 'top-k', k: 4 },
  },
} as const satisfies Record<string, AutoencoderConfig>;
type Kind = keyof typeof configs;

const configOf = (kind: Kind): AutoencoderConfig => configs[kind];

/** 24 steps. */
const training = { epochs: 6, batchSize: 50, optimizer: { kind: 'adam', learningRate: 3e-3 } } as const;
const ENDLESS = { ...training, epochs: 10_000 };

/** What an error says of itself; null where there was none. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

async function failureOf(call: Promise<unknown>): Promise<Failure | null> {
  try {
    await call;
    return null;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
}

let model: Autoencoder;
let worker: Worker | null = null;
let ending: Promise<Failure | null> = Promise.resolve(null);

const x = matrix(
  Float32Array.from({ length: m * inputs }, (_, i) => 0.5 + 0.4 * Math.sin(i * i)),
  m,
  inputs,
);
const costNow = async () => (await model.costAndGradient(x)).cost;

/** Begins a run, and waits for its first epochs. @throws where it ends. */
async function underWay(run: (onEpoch: () => void) => Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let epochs = 0;
    ending = failureOf(run(() => void (++epochs === 2 && resolve())));
    void ending.then((failure) => reject(new Error(`it ended: ${failure?.message}`)));
  });
}

const calls = {
  /** A new model. */
  async create(kind: Kind, options: CreateOptions): Promise<Failure | null> {
    return failureOf(
      Autoencoder.create(configOf(kind), options).then((made) => {
        model = made;
      }),
    );
  },

  async fit(): Promise<{ failure: Failure | null; cost: number; runtime: Runtime }> {
    const failure = await failureOf(fit(model, x, training));
    return { failure, cost: await costNow(), runtime: model.runtime };
  },

  cost: costNow,
  runtime: async () => model.runtime,

  /** Begins a fit that nobody ends, and waits for its first epochs. */
  async begin(): Promise<void> {
    await underWay((onEpoch) => fit(model, x, { ...ENDLESS, onEpoch }));
  },

  /** The same in a worker. */
  async beginInWorker(kind: Kind, engine: CreateOptions): Promise<void> {
    worker ??= new Worker('/worker.js', { type: 'module' });
    const served = worker;
    await underWay((onEpoch) => trainInWorker(served, configOf(kind), x, { ...ENDLESS, engine, onEpoch }));
  },

  ended: () => ending,

  async fitInWorker(
    kind: Kind,
    engine: CreateOptions,
  ): Promise<{ failure: Failure | null; cost: number; runtime: Runtime | null }> {
    worker ??= new Worker('/worker.js', { type: 'module' });
    let [cost, runtime]: [number, Runtime | null] = [Number.NaN, null];
    const run = trainInWorker(worker, configOf(kind), x, { ...training, engine });
    const failure = await failureOf(
      run.then(async (trained) => {
        model = trained.model;
        [cost, runtime] = [await costNow(), model.runtime];
      }),
    );
    return { failure, cost, runtime };
  },
};

export type Calls = typeof calls;
Object.assign(globalThis, { calls });
