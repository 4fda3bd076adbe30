import { type AnyNumbers, type Block, type Numbers, type View, vectorView, zeros } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Latents } from '../layers/latents.ts';
import { ofFirst, together } from './agreement.ts';
import { dataTerm, forward } from './cost.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { assertStored } from './examples-check.ts';
import { alone, type Group } from './group.ts';
import type { CreateOptions } from './kernel-options.ts';
import { Loader } from './load.ts';
import { Network, type NetworkUse, SLOT } from './network.ts';
import { createLayout, type Layout, namedViews } from './parameters.ts';
import { chunksOf, eachChunk, propagate, propagateNow, type Way } from './propagate.ts';
import { encodesApart, type NetworkSpec } from './spec.ts';
import { State } from './state.ts';
import { NAMED, type Why } from './why.ts';

export { type Evaluation, evaluate, sumOf, type Watch } from './evaluate.ts';

/**
 * What a model computes with: θ, the networks over it, and the kernels that run them. Internal: the public faces are
 * `Autoencoder` and `Classifier`. Calls that share buffers run one after another, however they were started.
 */
export class Engine {
  readonly kernels: Kernels;
  /** How the kernels were asked for; models made from this one take it over. */
  readonly options: CreateOptions;
  /** Why these kernels. */
  readonly why: Why;
  readonly spec: NetworkSpec;
  readonly layout: Layout;
  private readonly latents: Latents | undefined;
  readonly theta: View;
  /** What is kept beside θ. */
  readonly state: State;
  private readonly storage: Block;
  /** For reconstruction and decoding. */
  private readonly network: Network;
  /** For cost and gradient outside of training, once they are asked for. */
  private trainer: Network | null = null;
  /** For encoding, where selections may differ from training. */
  private readonly encoder: Network;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  /** True while `fit` changes θ. */
  training = false;
  /** Whether θ is still what `create` drew. */
  fresh = true;
  /** Epochs of training that θ has seen, the one that was left included: corruption goes on from there. */
  epochs = 0;
  /** What `partialFit` goes on from; what it has allocated is given back with the rest. */
  stream: object | null = null;
  /** Brings θ up to date, while a copy of a part of it is what is trained. */
  refresh: (() => Promise<void>) | null = null;
  private disposed = false;

  constructor(
    kernels: Kernels,
    spec: NetworkSpec,
    theta: ArrayLike<number> | null,
    options: CreateOptions = {},
    why: Why = NAMED,
  ) {
    this.kernels = kernels;
    this.options = options;
    this.why = why;
    this.spec = spec;
    this.latents = spec.shard?.latents;
    this.layout = createLayout(spec.parameters);
    this.storage = kernels.allocate(this.layout.length);
    kernels.keep?.(this.storage); // before it is written
    this.theta = vectorView(this.storage);
    if (theta !== null) kernels.write(this.theta, theta); // allocated as 0s
    this.state = new State(kernels, spec.state);
    this.network = this.createNetwork({ readonly: true });
    this.encoder = spec.layers.some(encodesApart) ? this.createNetwork({ readonly: true, encode: true }) : this.network;
  }

  /** A network over θ and state with a gradient, unless it only reads, and buffers of its own; whoever creates it disposes it. */
  createNetwork(use: NetworkUse = {}): Network {
    return new Network(this.kernels, this.spec, this.layout, this.storage, this.state.views, use);
  }

  /** A parameter as a view of θ. */
  parameter(name: string): View {
    return namedViews(this.layout, this.storage)[name];
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
      const gradient = await this.kernels.copyOut(this.trainer.gradient);
      this.assertFinite(evaluation.cost, 'the cost');
      await together(this.latents, () => {
        const bad = gradient.findIndex((value: number) => !Number.isFinite(value));
        const { name } = this.layout.parameters.find((p) => bad < p.offset + p.length) ?? {};
        this.assertFinite(gradient[bad] ?? 0, `the derivative by ${name}`);
      });
      return { ...evaluation, gradient };
    });
  }

  /** From now on `costAndGradient` holds what is detached as its last call found it. */
  holdDetached(): void {
    this.trainer ??= this.createNetwork();
    this.trainer.detached.held = true;
  }

  /** From now on `costAndGradient` keeps what is detached, for `holdDetached`. */
  keepDetached(): void {
    this.trainer ??= this.createNetwork();
    this.trainer.detached.kept = true;
  }

  /** @throws InputError that names what has overflowed. */
  assertFinite(value: number, what: string): void {
    if (Number.isFinite(value)) return;
    throw new InputError(
      `${what} is ${value}: values overflow ${this.kernels.precision}${this.orOwn}; scale the data down, or use float64`,
    );
  }

  /** Where there are parts of a caller's own, nobody knows what they give. */
  private get orOwn(): string {
    return this.options.parts === undefined ? '' : ', or a part of your own gives such numbers';
  }

  /** The data term alone, over x as it is: (1/m) Σₖ L(xₖ, x̂ₖ), without corruption. @throws InputError where it overflows. */
  async dataTerm(x: View<AnyNumbers>, labels?: View<AnyNumbers>): Promise<number> {
    const mean = await this.meanLoss(x, labels);
    this.assertFinite(mean, `the ${this.spec.dataTerm} error`);
    return mean;
  }

  /**
   * The same, whatever it comes to. Processes of a group, which all have x, take chunks of its rows; losses are added in the order
   * of the chunks, so that the bits are those of one process.
   */
  meanLoss(x: View<AnyNumbers>, labels?: View<AnyNumbers>, group: Group = alone): Promise<number> {
    return this.exclusive(async () => {
      const m = x.shape[0];
      const losses = new Float64Array(chunksOf(m));
      const own = async (rows: Uint32Array, chunk: number) => {
        if (labels !== undefined) this.network.holdTargets();
        const pass = this.network.pass(rows.length);
        assertStored(x);
        this.kernels.gatherRows(pass.x, x, rows);
        if (pass.target !== pass.x) this.kernels.gatherRows(pass.target, labels ?? x, rows);
        if (pass.emphasis !== null) this.kernels.fill(pass.emphasis, 1);
        this.kernels.clearResults(this.network.results);
        await forward(pass);
        dataTerm(this.network, pass);
        losses[chunk] = (await this.kernels.read(this.network.results))[SLOT.data] * rows.length;
      };
      await eachChunk(m, own, group);
      await group.total(losses);
      return ofFirst(this.latents, losses.reduce((sum, loss) => sum + loss, 0) / m);
    });
  }

  /**
   * Takes x (m, ·) through layers begin … end−1 and returns the last one's activations, row-major, newly allocated. `how` says
   * whether layers select as in training or as in encoding. `first` is the number of x's first row, where x is a part of what
   * the caller gave; `last` works on the activations before they are read.
   * @throws InputError if a value overflows the precision.
   */
  propagate(
    x: View<AnyNumbers>,
    begin: number,
    end: number,
    how: 'training' | 'encoding' = 'training',
    first = 0,
    last?: (a: View) => void,
  ): Promise<Numbers> {
    const way = this.way(begin, end, how);
    return this.exclusive(async () => {
      const out = zeros(x.shape[0] * way.network.units(end - 1), this.kernels.precision);
      await propagate(way, x, out, last);
      await together(this.latents, () => this.assertFiniteRows(out, x.shape[0], first));
      return out;
    });
  }

  /** The same from the first layer on, at once, for the method `name`. @throws InputError while another call is under way; where kernels or layers cannot. */
  propagateNow(name: string, x: View<AnyNumbers>, end: number, how: 'training' | 'encoding'): Numbers {
    this.assertQuiet(`${name} was called`);
    const way = this.way(0, end, how);
    const out = zeros(x.shape[0] * way.network.units(end - 1), this.kernels.precision);
    propagateNow(name, way, x, out);
    this.assertFiniteRows(out, x.shape[0], 0);
    return out;
  }

  private way(begin: number, end: number, how: 'training' | 'encoding'): Way {
    return { network: how === 'encoding' ? this.encoder : this.network, begin, end };
  }

  /** @throws InputError where one of m rows of activations has overflowed; `first` is the number of the first one. */
  assertFiniteRows(out: Numbers, m: number, first: number): void {
    let p = 0;
    while (p < out.length && Number.isFinite(out[p])) p++;
    if (p === out.length) return;
    throw new InputError(
      `the model gives ${out[p]} for example ${first + Math.floor(p / (out.length / m))}: its values overflow ${this.kernels.precision}${this.orOwn}; scale the data down, or use float64`,
    );
  }

  /** Gives back everything, once the calls under way have ended; a `fit` under way fails at its next step. */
  dispose(): void {
    if (this.disposed) return;
    void this.exclusive(async () => this.kernels.dispose());
    this.disposed = true;
  }

  /** Whether every parameter is finite. */
  async hasFiniteParameters(): Promise<boolean> {
    if (this.disposed) throw new InputError('the model was disposed during the call');
    const { kernels, theta } = this;
    const square = kernels.allocateResults(1);
    kernels.dot(square, 0, theta, theta);
    const sum = await kernels.read(square);
    await this.latents?.total(sum);
    return Number.isFinite(sum[0]);
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

/** 0 … m−1. */
export function firstRows(m: number): Uint32Array {
  return Uint32Array.from({ length: m }, (_, i) => i);
}
