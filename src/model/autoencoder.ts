/// <reference lib="esnext.disposable" preserve="true" />
import { type AnyNumbers, type Matrix, matrix, type Numbers, type View, vectorView } from '../array/matrix.ts';
import type { MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { show } from '../validate.ts';
import { autoencoderSpec } from './autoencoder-spec.ts';
import { overKernels } from './choose-kernels.ts';
import { type AutoencoderConfig, type FullConfig, type OwnConfig, parseConfig } from './config.ts';
import { Engine } from './engine.ts';
import { examplesOf } from './examples-check.ts';
import { initialize, initialParts } from './initialize.ts';
import { type CreateOptions, parseCreateOptions } from './kernel-options.ts';
import { type Memory, memoryOf } from './memory.ts';
import { assertModel } from './model-check.ts';
import { copyParameters, type Parameters, setParameters, setState } from './parameter-access.ts';
import { createLayout, namedArrays } from './parameters.ts';
import type { Parts } from './parts.ts';
import { type Runtime, runtimeOf } from './runtime.ts';
import { shardSpec } from './shard.ts';
import type { AutoencoderTerms, Terms, TermsOf } from './terms.ts';
import type { Why } from './why.ts';

/** What the output is compared with. */
export interface TargetOption {
  /** (m, targets), row by row; default the examples themselves. */
  readonly target?: MatrixLike | undefined;
}

/** The cost of a model on some examples, and its derivative by every parameter. */
export interface CostAndGradient<T extends Terms = AutoencoderTerms> {
  /** J(θ). */
  readonly cost: number;
  /** The cost is their sum: each is already multiplied by its λ, γ, β or κ. */
  readonly terms: T;
  /** ∂J/∂θ by the parameters' names and shapes. */
  readonly gradient: Parameters;
}

/**
 * A sparse autoencoder: A = f(X·Wᵀ + b), X̂ = g(A·D + c), X (m, d) an example a row; deep and mirrored when `hidden`
 * lists several sizes. Arrays that go in stay the caller's, and must not change before the promise resolves; arrays that
 * come out belong to the caller. Examples may be of any real type, and have a unit: bytes are { ...x, unit: 255 }.
 * T: the terms of its cost, which follow from the config.
 */
export class Autoencoder<T extends AutoencoderTerms = AutoencoderTerms> {
  /** The config with every default filled in. */
  readonly config: FullConfig;
  private engineOrNull: Engine | null;

  private constructor(config: FullConfig, engine: Engine) {
    if (!engine) assertModel(config, 'Autoencoder'); // new, without types
    this.config = config;
    this.engineOrNull = engine;
  }

  /**
   * A model with weights drawn from `config.seed` as `config.initialization` says, and biases 0. `options` say how it runs
   * and are no part of the model.
   * @throws InputError naming the key that is not allowed; EngineError where the kernels that are asked for
   * cannot run: deterministic float32, a GPU.
   */
  static create(config: OwnConfig, options: CreateOptions & { readonly parts: Parts }): Promise<Autoencoder>;
  static create<const C extends AutoencoderConfig>(
    config: C,
    options?: CreateOptions,
  ): Promise<Autoencoder<TermsOf<C>>>;
  static async create(config: AutoencoderConfig | OwnConfig, options: CreateOptions = {}): Promise<Autoencoder> {
    const runs = parseCreateOptions(options);
    const full = parseConfig(config as AutoencoderConfig, runs.parts);
    const wanted = { ...full, spec: () => autoencoderSpec(full, runs.parts) };
    return overKernels(wanted, runs, (kernels, why) => Autoencoder.over(kernels, full, runs, false, why));
  }

  /**
   * The same over given kernels; with every weight 0 where it is about to be `filled`.
   * @internal
   */
  static over(
    kernels: Kernels,
    config: FullConfig,
    options: CreateOptions = {},
    filled = false,
    why?: Why,
  ): Autoencoder {
    const { parts, latents } = options;
    const { initialization, seed } = config;
    const spec = latents === undefined ? autoencoderSpec(config, parts) : shardSpec(config, latents);
    const drawn =
      filled || latents !== undefined ? null : initialize(createLayout(spec.parameters), seed, initialization);
    const engine = new Engine(kernels, spec, drawn, options, why);
    if (!filled && spec.shard !== undefined) {
      const whole = autoencoderSpec(config).parameters;
      for (const { offset, numbers } of initialParts(engine.layout, whole, spec.shard, seed, initialization))
        kernels.write(vectorView(engine.theta.data, numbers.length, offset), numbers);
    }
    return new Autoencoder(config, engine);
  }

  /**
   * What `fit`, metrics and files work with.
   * @internal
   */
  get engine(): Engine {
    if (!this.engineOrNull) throw new InputError('the model is disposed: create or load another one');
    return this.engineOrNull;
  }

  /**
   * A copy of every weight and bias; to change them, use `setParameters`. The ndarrays are views of one flat copy, so a
   * parameter's `data` begins at its `offset`.
   */
  parameters(): Promise<Parameters> {
    return copyParameters(this.engine);
  }

  /**
   * Sets any subset of the parameters.
   * @throws InputError for an unknown name, a wrong shape or a value that is not finite; then nothing is changed.
   */
  setParameters(values: Readonly<Record<string, View<AnyNumbers>>>): void {
    setParameters(this.engine, values);
  }

  /** A copy of what training keeps beside θ and the model takes with it, by name; {} for most models. */
  state(): Promise<Parameters> {
    return this.engine.state.read();
  }

  /**
   * Sets any of it.
   * @throws InputError for an unknown name, a wrong shape or a NaN; then nothing is changed.
   */
  setState(values: Readonly<Record<string, View<AnyNumbers>>>): void {
    setState(this.engine, values);
  }

  /**
   * J, its terms (each with its weight) and ∂J/∂θ over all m examples of x at once: the data term is a mean over
   * examples, ρ̂ the mean over these m examples. Corruption is drawn as in the first epoch of training, so that the same
   * call gives the same numbers. `target` (m, targets): what x̂ is compared with, by default x.
   * State is as it stands, and stays so.
   * @throws InputError if x is not (m, d), holds a value that is not finite, or leaves [0, 1] with cross-entropy; or if
   *   cost or gradient overflows the precision.
   */
  async costAndGradient(x: MatrixLike, { target }: TargetOption = {}): Promise<CostAndGradient<T>> {
    const rows = this.input(x, 'x');
    const { cost, terms, gradient } = await this.engine.costAndGradient(rows, this.target(target, rows));
    return {
      cost,
      terms: terms as T,
      gradient: namedArrays(this.engine.layout, gradient),
    };
  }

  /**
   * The codes A of the last hidden layer, (m, h), of the clean examples. k-sparse units keep αk. Where processes share the
   * latents, each gives the columns of its own: what survives is chosen among all.
   */
  async encode(x: MatrixLike): Promise<Matrix> {
    const rows = this.input(x, 'x', false);
    return this.result(await this.engine.propagate(rows, 0, this.depth, 'encoding'), rows.shape[0]);
  }

  /**
   * The same at once, for single examples and small batches: of kernels that run on this thread's processor.
   * @throws InputError while another call on the model is under way: `await` that first.
   */
  encodeSync(x: MatrixLike): Matrix {
    const rows = this.input(x, 'x', false);
    return this.result(this.engine.propagateNow('encodeSync', rows, this.depth, 'encoding'), rows.shape[0]);
  }

  /**
   * Reconstructions X̂ (m, targets) from codes (m, h); of the columns of its own latents, where processes share them.
   * @throws InputError of a model with a skip connection, which needs x: use `reconstruct`.
   */
  async decode(codes: MatrixLike): Promise<Matrix> {
    if (this.config.skip) {
      throw new InputError(
        'decode was called, and config.skip is true: outputs need the examples too: use reconstruct',
      );
    }
    const rows = examplesOf(codes, 'codes', {
      columns: this.engine.spec.shard?.latents.count ?? this.config.hidden[this.depth - 1],
      precision: this.config.precision,
    });
    return this.result(await this.engine.propagate(rows, this.depth, 2 * this.depth), rows.shape[0]);
  }

  /** X̂ (m, d) from the clean X: decode(encode(x)) in one pass, but that k-sparse units keep k, as in training. */
  async reconstruct(x: MatrixLike): Promise<Matrix> {
    const rows = this.input(x, 'x', false);
    return this.result(await this.engine.propagate(rows, 0, 2 * this.depth), rows.shape[0]);
  }

  /** Which kernels run the model, where, on how many threads, and why: see Runtime. */
  get runtime(): Runtime {
    return runtimeOf(this.engine);
  }

  /** The same at once, as `encodeSync` does. @throws InputError as it does; and of a model whose units are selected over a whole batch. */
  reconstructSync(x: MatrixLike): Matrix {
    const rows = this.input(x, 'x', false);
    return this.result(this.engine.propagateNow('reconstructSync', rows, 2 * this.depth, 'training'), rows.shape[0]);
  }

  /** What the model holds at present: see Memory. */
  memory(): Memory {
    return memoryOf(this.engine);
  }

  /** Releases what the model allocated. Every later call throws; disposing twice is allowed. */
  dispose(): void {
    this.engineOrNull?.dispose();
    this.engineOrNull = null;
  }

  /** The same, for `using model = …`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * Examples that go with the model, as a view.
   * @internal
   */
  input(x: MatrixLike, name: string, compared = true, where?: (row: number) => string): View<AnyNumbers> {
    const { inputs, precision, loss, output } = this.config;
    return examplesOf(x, name, {
      columns: inputs,
      precision,
      unitInterval: compared && loss === 'cross-entropy',
      sigmoid: output === 'sigmoid',
      where,
    });
  }

  /**
   * The target, if it goes with the model and x.
   * @internal
   */
  target(given: MatrixLike | undefined, x: { readonly shape: readonly number[] }, name = 'target') {
    const { inputs, targets, precision, center, loss, corruption } = this.config;
    if (given === undefined) {
      if (targets === inputs) return undefined;
      throw new InputError(
        `${name} is missing: the model takes ${inputs} numbers and gives ${targets}, so it must be an (m, ${targets}) array of what they are compared with`,
      );
    }
    if (center !== false || corruption !== null) {
      const key = center !== false ? `center is ${show(center)}` : 'corruption is given';
      throw new InputError(
        `${name} is given, and config.${key}, which is for autoencoders: create the model without it, or leave ${name} out`,
      );
    }
    const { output } = this.config;
    const target = examplesOf(given, name, {
      columns: targets,
      precision,
      unitInterval: loss === 'cross-entropy',
      sigmoid: output === 'sigmoid',
    });
    if (target.shape[0] === x.shape[0]) return target;
    throw new InputError(
      `${name} has ${target.shape[0]} rows, and x has ${x.shape[0]}: row k of one belongs to row k of the other, so they must be as many`,
    );
  }

  private get depth(): number {
    return this.config.hidden.length;
  }

  private result(data: Numbers, rows: number): Matrix {
    return matrix(data, rows, data.length / rows);
  }
}
