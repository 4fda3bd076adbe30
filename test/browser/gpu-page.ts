import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { CreateOptions } from '../../src/model/kernel-options.ts';
import type { Runtime } from '../../src/model/runtime.ts';
import { fit } from '../../src/training/fit.ts';
import { trainInWorker } from '../../src/web/index.ts';
import { examples } from './job.ts';

// What test/browser/gpu.test.ts calls in a page, each answer plain JSON.

const [inputs, hidden, seed] = [196, 64, 5];
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
    sparsity: { kind: 'top-k', k: 8 },
  },
} as const satisfies Record<string, AutoencoderConfig>;
type Kind = keyof typeof configs;

/** 24 steps. */
const training = { epochs: 4, batchSize: 100, optimizer: { kind: 'adam', learningRate: 3e-3 } } as const;
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
let epochs = 0;

const x = examples();
const costNow = async () => (await model.costAndGradient(x)).cost;

const calls = {
  /** A new model. */
  async create(kind: Kind, options: CreateOptions): Promise<Failure | null> {
    return failureOf(
      Autoencoder.create(configs[kind] as AutoencoderConfig, options).then((made) => {
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
    epochs = 0;
    ending = failureOf(fit(model, x, { ...ENDLESS, onEpoch: () => void epochs++ }));
    while (epochs < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  },

  /** The same in a worker. */
  async beginInWorker(kind: Kind, engine: CreateOptions): Promise<void> {
    worker ??= new Worker('/worker.js', { type: 'module' });
    epochs = 0;
    const onEpoch = () => void epochs++;
    ending = failureOf(trainInWorker(worker, configs[kind] as AutoencoderConfig, x, { ...ENDLESS, engine, onEpoch }));
    const ended = ending.then((failure) => {
      throw new Error(`it ended: ${failure?.message}`);
    });
    while (epochs < 2) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))]);
  },

  ended: () => ending,

  async fitInWorker(
    kind: Kind,
    engine: CreateOptions,
  ): Promise<{ failure: Failure | null; cost: number; runtime: Runtime | null }> {
    worker ??= new Worker('/worker.js', { type: 'module' });
    let [cost, runtime]: [number, Runtime | null] = [Number.NaN, null];
    const run = trainInWorker(worker, configs[kind] as AutoencoderConfig, x, { ...training, engine });
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
