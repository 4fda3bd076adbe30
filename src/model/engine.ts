import { type AnyNumbers, type Numbers, rowRange, type Vector, type View, vector } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FullConfig } from './config.ts';
import { costAndGradient, forward, reconstruction } from './cost.ts';
import { Network, type Pass, SLOT, TERMS, type Term } from './network.ts';
import { createLayout, type Layout } from './parameters.ts';

/** The value of every term of J, each already weighted; their sum is the cost. */
export type Terms = Record<Term, number>;

export interface Evaluation {
  readonly cost: number;
  readonly terms: Terms;
}

/** How many examples go through the network at a time where no gradient is needed. */
const CHUNK = 1024;

/**
 * What a model computes with: θ, the networks over it, and the kernels that run them. Internal: the public face is
 * `Autoencoder`. Calls that share buffers run one after another, however they were started.
 */
export class Engine {
  readonly kernels: Kernels;
  readonly config: FullConfig;
  readonly layout: Layout;
  readonly theta: Vector;
  private readonly storage: Numbers;
  /** For cost and gradient, encoding and decoding outside of training. */
  private readonly network: Network;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  /** True while `fit` changes θ. */
  training = false;

  constructor(kernels: Kernels, config: FullConfig, theta: ArrayLike<number>) {
    this.kernels = kernels;
    this.config = config;
    this.layout = createLayout(config);
    this.storage = kernels.allocate(this.layout.length);
    this.theta = vector(this.storage);
    kernels.write(this.theta, theta);
    this.network = this.createNetwork();
  }

  /** A network over θ with a gradient and buffers of its own. */
  createNetwork(): Network {
    return new Network(this.kernels, this.config, this.layout, this.storage, this.kernels.allocate(this.layout.length));
  }

  /** Runs `task` when all earlier ones have ended: at once where there are none. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.waiting === 0 ? task() : this.last.then(task);
    this.waiting++;
    const done = () => {
      this.waiting--;
    };
    this.last = result.then(done, done);
    return result;
  }

  /** J, its terms and ∂J/∂θ (flat) over all examples of x at once. */
  costAndGradient(x: View<AnyNumbers>): Promise<Evaluation & { gradient: Numbers }> {
    return this.exclusive(async () => {
      const pass = load(this.network, x, firstRows(x.shape[0]));
      const evaluation = await evaluate(this.network, pass);
      return { ...evaluation, gradient: this.kernels.copyOut(this.network.gradient) };
    });
  }

  /** The mean reconstruction error of x, (1/m) Σₖ L(xₖ, x̂ₖ): the data term alone. */
  reconstructionError(x: View<AnyNumbers>): Promise<number> {
    return this.exclusive(async () => {
      const m = x.shape[0];
      let sum = 0;
      await eachChunk(m, async (rows) => {
        const pass = load(this.network, x, rows);
        this.kernels.clearResults(this.network.results);
        forward(this.network, pass.layers);
        reconstruction(this.network, pass);
        sum += (await this.kernels.read(this.network.results))[SLOT.reconstruction] * rows.length;
      });
      return sum / m;
    });
  }

  /** Runs layers begin … end−1 on x (m, ·) and returns the last one's activations, row-major, newly allocated. */
  run(x: View<AnyNumbers>, begin: number, end: number): Promise<Numbers> {
    return this.exclusive(async () => {
      const m = x.shape[0];
      const columns = this.network.layers[end - 1].weight.shape[1];
      const out = this.config.precision === 'float32' ? new Float32Array(m * columns) : new Float64Array(m * columns);
      await eachChunk(m, async (rows) => {
        const pass = this.network.pass(rows.length);
        this.kernels.gatherRows(pass.layers[begin].input, x, rows);
        forward(this.network, pass.layers.slice(begin, end));
        out.set(this.kernels.copyOut(rowRange(pass.layers[end - 1].a, 0, rows.length)), rows[0] * columns);
      });
      return out;
    });
  }

  /** Whether every parameter is finite. */
  async hasFiniteParameters(): Promise<boolean> {
    const { kernels, theta } = this;
    const square = kernels.allocateResults(1);
    kernels.dot(square, 0, theta, theta);
    const [sum] = await kernels.read(square);
    return Number.isFinite(sum);
  }

  /** @throws InputError during training. */
  assertIdle(what: string): void {
    if (this.training)
      throw new InputError(`${what} while the model is being trained: wait for fit to end, or abort it`);
  }
}

/** Gathers rows of x into a pass of as many examples. */
export function load(network: Network, x: View<AnyNumbers>, rows: Uint32Array): Pass {
  const pass = network.pass(rows.length);
  network.kernels.gatherRows(pass.x, x, rows);
  return pass;
}

/** Cost and terms of a loaded pass; the gradient is left in the network. */
export async function evaluate(network: Network, pass: Pass): Promise<Evaluation> {
  costAndGradient(network, pass);
  const values = await network.kernels.read(network.results);
  const terms = Object.fromEntries(TERMS.map((term, i) => [term, values[i]])) as Terms;
  return { cost: TERMS.reduce((sum, _, i) => sum + values[i], 0), terms };
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
