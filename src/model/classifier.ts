/// <reference lib="esnext.disposable" preserve="true" />
import { type AnyNumbers, type Matrix, matrix, type View } from '../array/matrix.ts';
import { fillNormal, stream } from '../array/random.ts';
import type { MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { show } from '../validate.ts';
import { overKernels } from './choose-kernels.ts';
import {
  type ClassifierConfig,
  classifierSpec,
  type FullClassifierConfig,
  parseClassifierConfig,
} from './classifier-config.ts';
import { Engine } from './engine.ts';
import { examplesOf } from './examples-check.ts';
import { initialize } from './initialize.ts';
import { assertUnshared, type CreateOptions, parseCreateOptions } from './kernel-options.ts';
import { type Memory, memoryOf } from './memory.ts';
import { assertModel } from './model-check.ts';
import { copyParameters, type Parameters, setParameters } from './parameter-access.ts';
import { createLayout, type Layout, namedArrays } from './parameters.ts';
import { type Runtime, runtimeOf } from './runtime.ts';
import type { ClassifierTerms } from './terms.ts';
import type { Why } from './why.ts';

/** Class numbers 0 … classes − 1, one for each example. */
export type Labels = ArrayLike<number>;

/**
 * A softmax classifier on any number of hidden layers: softmax regression, or the encoders of autoencoders with a softmax
 * on top, to be fine-tuned. J = −(1/m) Σₖ log p(yₖ | xₖ) + (λ/2) ‖Θ‖², and (λ_h/2) Σ W² of the hidden weights on request.
 */
export class Classifier {
  /** The config with every default filled in. */
  readonly config: FullClassifierConfig;
  private engineOrNull: Engine | null;

  private constructor(config: FullClassifierConfig, engine: Engine) {
    if (!engine) assertModel(config, 'Classifier'); // new, without types
    this.config = config;
    this.engineOrNull = engine;
  }

  /**
   * A classifier with hidden weights uniform on ±√(6/(n_in + n_out + 1)), softmax weights from N(0, 0.005²) and biases 0.
   * @throws InputError naming the key that is not allowed. [UFLDL, softmax exercise]
   */
  static async create(config: ClassifierConfig, options: CreateOptions = {}): Promise<Classifier> {
    const runs = parseCreateOptions(options);
    assertUnshared(runs, 'a classifier');
    const full = parseClassifierConfig(config, runs.parts);
    const wanted = { ...full, spec: () => classifierSpec(full, runs.parts) };
    return overKernels(wanted, runs, (kernels, why) => Classifier.over(kernels, full, runs, false, why));
  }

  /**
   * The same over given kernels; with every weight 0 where it is about to be `filled`.
   * @internal
   */
  static over(
    kernels: Kernels,
    full: FullClassifierConfig,
    options: CreateOptions = {},
    filled = false,
    why?: Why,
  ): Classifier {
    const spec = classifierSpec(full, options.parts);
    const theta = filled ? null : drawn(createLayout(spec.parameters), full.seed);
    return new Classifier(full, new Engine(kernels, spec, theta, options, why));
  }

  /** @internal */
  get engine(): Engine {
    if (!this.engineOrNull) throw new InputError('the classifier is disposed: create or load another one');
    return this.engineOrNull;
  }

  /** A copy of every weight and bias; to change them, use `setParameters`. */
  parameters(): Promise<Parameters> {
    return copyParameters(this.engine);
  }

  /** Sets any subset of the parameters. @throws InputError; then nothing is changed. */
  setParameters(values: Readonly<Record<string, View<AnyNumbers>>>): void {
    setParameters(this.engine, values);
  }

  /**
   * J, its terms and ∂J/∂θ over all m examples at once, a mean over examples. Corruption and dropout are drawn as in the first
   * epoch of training, so that the same call gives the same numbers.
   * @throws InputError if x is not (m, d), or labels are not m class numbers.
   */
  async costAndGradient(
    x: MatrixLike,
    labels: Labels,
  ): Promise<{
    /** J(θ). */
    readonly cost: number;
    /** Its summands, each already multiplied by its weight. */
    readonly terms: ClassifierTerms;
    /** ∂J/∂θ by the parameters' names and shapes. */
    readonly gradient: Parameters;
  }> {
    const rows = this.input(x, 'x');
    const targets = this.oneHot(labels, rows.shape[0], 'labels');
    const { cost, terms, gradient } = await this.engine.costAndGradient(rows, targets);
    return { cost, terms: terms as ClassifierTerms, gradient: namedArrays(this.engine.layout, gradient) };
  }

  /** p(y | x) for every class, (m, classes); rows sum to 1. */
  async probabilities(x: MatrixLike): Promise<Matrix> {
    const rows = this.input(x, 'x');
    const { classes, hidden } = this.config;
    const { kernels } = this.engine;
    const softmax = (logits: View) => kernels.softmax(logits, logits);
    const found = await this.engine.propagate(rows, 0, hidden.length + 1, 'encoding', 0, softmax);
    return matrix(found, rows.shape[0], classes);
  }

  /** The most probable class of every example; of equal ones the lower. */
  async classify(x: MatrixLike): Promise<Uint32Array> {
    const { data, shape } = await this.probabilities(x);
    const [m, classes] = shape;
    return Uint32Array.from({ length: m }, (_, i) => {
      let best = 0;
      for (let j = 1; j < classes; j++) if (data[i * classes + j] > data[i * classes + best]) best = j;
      return best;
    });
  }

  /** The share of examples whose most probable class is their label, in [0, 1]. */
  async accuracy(x: MatrixLike, labels: Labels): Promise<number> {
    const rows = this.input(x, 'x');
    this.oneHot(labels, rows.shape[0], 'labels'); // checks them
    const found = await this.classify(rows);
    return found.reduce((right, label, i) => right + (label === labels[i] ? 1 : 0), 0) / found.length;
  }

  /** Which kernels run the classifier, where, on how many threads, and why: see Runtime. */
  get runtime(): Runtime {
    return runtimeOf(this.engine);
  }

  /** What the classifier holds at present: see Memory. */
  memory(): Memory {
    return memoryOf(this.engine);
  }

  /** Releases what the classifier allocated. Every later call throws; disposing twice is allowed. */
  dispose(): void {
    this.engineOrNull?.dispose();
    this.engineOrNull = null;
  }

  /** The same, for `using classifier = …`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  input(x: MatrixLike, name: string): View<AnyNumbers> {
    return examplesOf(x, name, { columns: this.config.inputs, precision: this.config.precision });
  }

  /**
   * Labels as rows with a single 1, (m, classes).
   * @internal
   */
  oneHot(labels: Labels, m: number, name: string): Matrix<Uint8Array> {
    const { classes } = this.config;
    if (labels?.length !== m) {
      const given = typeof labels?.length === 'number' ? `has ${labels.length} entries` : `is ${show(labels)}`;
      throw new InputError(`${name} ${given} for ${m} examples: there must be one for each`);
    }
    if (m * classes > 2 ** 32) {
      throw new InputError(
        `${name} of ${m} examples for ${classes} classes would take ${((m * classes) / 2 ** 30).toPrecision(3)} GiB: use fewer classes or examples`,
      );
    }
    const rows = new Uint8Array(m * classes);
    for (let i = 0; i < m; i++) {
      const label = labels[i];
      if (!Number.isInteger(label) || label < 0 || label >= classes) {
        throw new InputError(
          `${name} is ${show(label)} at index ${i}: with ${classes} classes it must be a whole number from 0 to ${classes - 1}`,
        );
      }
      rows[i * classes + label] = 1;
    }
    return matrix(rows, m, classes);
  }
}

/** Initial θ: see `create`. */
function drawn(layout: Layout, seed: number): Float64Array {
  const theta = initialize(layout, seed);
  const i = layout.parameters.findIndex(({ name }) => name === 'softmax.weight');
  const { offset, length } = layout.parameters[i];
  fillNormal(theta.subarray(offset, offset + length), { seed, stream: stream.initialization, counter: i }, 0, 0.005);
  return theta;
}
