import { type AnyNumbers, type Numbers, type Vector, type View, vector, zeros } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { KernelOptions, Kernels } from '../kernels/kernels.ts';
import { survivorsOfEncoding } from '../layers/selection.ts';
import { costAndGradient, dataTerm, forward } from './cost.ts';
import { assertStored } from './examples-check.ts';
import { Loader } from './load.ts';
import { Network, type Pass, SLOT } from './network.ts';
import { createLayout, type Layout } from './parameters.ts';
import type { NetworkSpec } from './spec.ts';

/**
 * The value of every term of J, each already weighted; their sum is the cost. The first is reconstruction,
 * (1/m) Σₖ L(xₖ, x̂ₖ), or classification, −(1/m) Σₖ log p(yₖ); then weightDecay, weightL1, sparsity and contraction.
 */
export type Terms = Readonly<Record<string, number>>;

export interface Evaluation {
  readonly cost: number;
  readonly terms: Terms;
}

/** How many examples go through the network at a time where no gradient is needed. */
const CHUNK = 1024;

/**
 * What a model computes with: θ, the networks over it, and the kernels that run them. Internal: the public faces are
 * `Autoencoder` and `Classifier`. Calls that share buffers run one after another, however they were started.
 */
export class Engine {
  readonly kernels: Kernels;
  /** How the kernels were asked for; models made from this one take it over. */
  readonly options: KernelOptions;
  readonly spec: NetworkSpec;
  readonly layout: Layout;
  readonly theta: Vector;
  private readonly storage: Numbers;
  /** For reconstruction and decoding. */
  private readonly network: Network;
  /** For cost and gradient outside of training, once they are asked for. */
  private trainer: Network | null = null;
  /** For encoding, where k-sparse layers keep αk. */
  private readonly encoder: Network;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  /** True while `fit` changes θ. */
  training = false;
  private disposed = false;

  constructor(kernels: Kernels, spec: NetworkSpec, theta: ArrayLike<number>, options: KernelOptions = {}) {
    this.kernels = kernels;
    this.options = options;
    this.spec = spec;
    this.layout = createLayout(spec.parameters);
    this.storage = kernels.allocate(this.layout.length);
    this.theta = vector(this.storage);
    kernels.write(this.theta, theta);
    this.network = this.createNetwork(true);
    const kSparse = spec.layers.some((layer) => layer.kSparse !== null);
    this.encoder = kSparse ? this.createNetwork(true) : this.network;
    this.encoder.setSurvivors(survivorsOfEncoding);
  }

  /** A network over θ with a gradient, unless it only reads, and buffers of its own; whoever creates it disposes it. */
  createNetwork(readonly = false): Network {
    return new Network(this.kernels, this.spec, this.layout, this.storage, readonly);
  }

  /** Runs `task` when all earlier ones have ended: at once where there are none. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    if (this.disposed) return Promise.reject(new InputError('the model was disposed during the call'));
    const result = this.waiting === 0 ? task() : this.last.then(task);
    this.waiting++;
    const done = () => {
      this.waiting--;
    };
    this.last = result.then(done, done);
    return result;
  }

  /**
   * J, its terms and ∂J/∂θ (flat) over all examples of x at once; corruption as in epoch 0.
   * @throws InputError where one of them overflows.
   */
  costAndGradient(x: View<AnyNumbers>, labels?: View<AnyNumbers>): Promise<Evaluation & { gradient: Numbers }> {
    return this.exclusive(async () => {
      this.trainer ??= this.createNetwork();
      const pass = new Loader(this.trainer).load(x, firstRows(x.shape[0]), 0, labels);
      const evaluation = await evaluate(this.trainer, pass);
      const gradient = this.kernels.copyOut(this.trainer.gradient);
      this.assertFinite(evaluation.cost, 'the cost');
      const bad = gradient.findIndex((value: number) => !Number.isFinite(value));
      const { name } = this.layout.parameters.find((p) => bad < p.offset + p.length) ?? {};
      this.assertFinite(gradient[bad] ?? 0, `the derivative by ${name}`);
      return { ...evaluation, gradient };
    });
  }

  /** @throws InputError that names what has overflowed. */
  assertFinite(value: number, what: string): void {
    if (Number.isFinite(value)) return;
    throw new InputError(
      `${what} is ${value}: values overflow ${this.kernels.precision}; scale the data down, or use float64`,
    );
  }

  /** The data term alone, over x as it is: (1/m) Σₖ L(xₖ, x̂ₖ), without corruption. @throws InputError where it overflows. */
  dataTerm(x: View<AnyNumbers>, labels?: View<AnyNumbers>): Promise<number> {
    return this.exclusive(async () => {
      const m = x.shape[0];
      let sum = 0;
      await eachChunk(m, async (rows) => {
        const pass = this.network.pass(rows.length);
        assertStored(x);
        this.kernels.gatherRows(pass.x, x, rows);
        if (pass.target !== pass.x) this.kernels.gatherRows(pass.target, labels ?? x, rows);
        if (pass.emphasis !== null) this.kernels.fill(pass.emphasis, 1);
        this.kernels.clearResults(this.network.results);
        forward(this.network, pass.layers);
        dataTerm(this.network, pass);
        sum += (await this.kernels.read(this.network.results))[SLOT.data] * rows.length;
      });
      this.assertFinite(sum, `the ${this.spec.dataTerm} error`);
      return sum / m;
    });
  }

  /**
   * Runs layers begin … end−1 on x (m, ·) and returns the last one's activations, row-major, newly allocated. `how` says
   * how many units of k-sparse layers survive: k as in training, or αk as in encoding. `first` is the number of x's first
   * row, where x is a part of what the caller gave.
   * @throws InputError if a value overflows the precision.
   */
  run(
    x: View<AnyNumbers>,
    begin: number,
    end: number,
    how: 'training' | 'encoding' = 'training',
    first = 0,
  ): Promise<Numbers> {
    const network = how === 'encoding' ? this.encoder : this.network;
    return this.exclusive(async () => {
      const m = x.shape[0];
      const columns = network.units(end - 1);
      const out = zeros(m * columns, this.kernels.precision);
      await eachChunk(m, async (rows) => {
        const layers = network.pass(rows.length).layers.slice(begin, end);
        // Codes that come from outside may have any number of survivors: they are read as they stand.
        const lowest = { ...layers[0], inputSurvivors: null };
        assertStored(x);
        this.kernels.gatherRows(lowest.input, x, rows);
        forward(network, [lowest, ...layers.slice(1)]);
        const part = out.subarray(rows[0] * columns, (rows[0] + rows.length) * columns);
        this.kernels.copyOut(layers[layers.length - 1].a, part);
      });
      const bad = out.findIndex((value: number) => !Number.isFinite(value));
      if (bad < 0) return out;
      throw new InputError(
        `the model gives ${out[bad]} for example ${first + Math.floor(bad / columns)}: its values overflow ${this.kernels.precision}; scale the data down, or use float64`,
      );
    });
  }

  /** Gives back everything, once the calls under way have ended; a `fit` under way fails at its next step. */
  dispose(): void {
    if (this.disposed) return;
    void this.exclusive(async () => this.kernels.dispose());
    this.disposed = true;
  }

  /** Whether every parameter is finite. */
  async hasFiniteParameters(): Promise<boolean> {
    const { kernels, theta } = this;
    const square = kernels.allocateResults(1);
    kernels.dot(square, 0, theta, theta);
    const [sum] = await kernels.read(square);
    return Number.isFinite(sum);
  }

  /** @throws InputError while calls that read θ are under way: their results would mix two of them. */
  assertQuiet(what: string): void {
    if (this.waiting === 0) return;
    throw new InputError(`${what} while another call on the model is running: await that call first`);
  }

  /** @throws InputError during training. */
  assertIdle(what: string): void {
    if (this.training)
      throw new InputError(`${what} while the model is being trained: wait for fit to end, or abort it`);
  }
}

/** Cost and terms of a loaded pass; the gradient is left in the network. */
export async function evaluate(network: Network, pass: Pass, lowest = 0): Promise<Evaluation> {
  costAndGradient(network, pass, lowest);
  const values = await network.kernels.read(network.results);
  const { data, ...others } = SLOT;
  const terms: Record<string, number> = { [network.spec.dataTerm]: values[data] };
  for (const [term, slot] of Object.entries(others)) terms[term] = values[slot];
  return { cost: sumOf(terms), terms };
}

/** The cost: the sum of its terms. */
export function sumOf(terms: Terms): number {
  return Object.values(terms).reduce((sum, value) => sum + value, 0);
}

/** 0 … m−1. */
export function firstRows(m: number): Uint32Array {
  return Uint32Array.from({ length: m }, (_, i) => i);
}

async function eachChunk(m: number, use: (rows: Uint32Array) => Promise<void>): Promise<void> {
  for (let begin = 0; begin < m; begin += CHUNK) {
    const length = Math.min(CHUNK, m - begin);
    await use(Uint32Array.from({ length }, (_, i) => begin + i));
  }
}
