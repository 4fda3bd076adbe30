import {
  type AnyNumbers,
  isFiniteIn,
  type Matrix,
  matrix,
  type Numbers,
  toFlat,
  type Vector,
  type View,
} from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { createKernels } from '../kernels/create.ts';
import { show } from '../validate.ts';
import { type AutoencoderConfig, type FullConfig, parseConfig } from './config.ts';
import { Engine, type Evaluation } from './engine.ts';
import { assertExamples } from './examples-check.ts';
import { initialize } from './initialize.ts';
import { createLayout, namedViews } from './parameters.ts';

/** Weights and biases by name: 'encoder.weight' (h, d), 'encoder.bias' (h), 'decoder.weight' (h, d), 'decoder.bias' (d). */
export type Parameters = Record<string, Matrix | Vector>;

export interface CostAndGradient extends Evaluation {
  /** ∂J/∂θ by the parameters' names and shapes. */
  readonly gradient: Parameters;
}

/**
 * A sparse autoencoder: A = f(X·Wᵀ + b), X̂ = g(A·D + c), X (m, d) an example a row; deep and mirrored when `hidden`
 * lists several sizes. Arrays that go in stay the caller's, and must not change before the promise resolves; arrays that
 * come out belong to the caller.
 */
export class Autoencoder {
  /** The config with every default filled in. */
  readonly config: FullConfig;
  private engineOrNull: Engine | null;

  private constructor(engine: Engine) {
    this.config = engine.config;
    this.engineOrNull = engine;
  }

  /**
   * A model with weights drawn from `config.seed`, uniform on ±√(6/(n_in + n_out + 1)), and biases 0.
   * @throws InputError naming the key that is not allowed.
   */
  static async create(config: AutoencoderConfig): Promise<Autoencoder> {
    const full = parseConfig(config);
    return new Autoencoder(new Engine(createKernels(full.precision), full, initialize(createLayout(full), full.seed)));
  }

  /**
   * What `fit`, metrics and files work with.
   * @internal
   */
  get engine(): Engine {
    if (this.engineOrNull === null) throw new InputError('the model is disposed: create or load another one');
    return this.engineOrNull;
  }

  /**
   * A copy of every weight and bias; to change them, use `setParameters`. The ndarrays are views of one flat copy, so a
   * parameter's `data` begins at its `offset`.
   */
  get parameters(): Parameters {
    const { kernels, layout, theta } = this.engine;
    return namedViews(layout, kernels.copyOut(theta));
  }

  /**
   * Sets any subset of the parameters.
   * @throws InputError for an unknown name, a wrong shape or a value that is not finite; then nothing is changed.
   */
  setParameters(values: Readonly<Record<string, View<AnyNumbers>>>): void {
    const { kernels, layout, theta } = this.engine;
    this.engine.assertIdle('setParameters was called');
    const flat = kernels.copyOut(theta);
    for (const [name, value] of Object.entries(values)) {
      const parameter = layout.parameters.find((p) => p.name === name);
      if (parameter === undefined) {
        const names = layout.parameters.map((p) => p.name).join(', ');
        throw new InputError(`parameter ${show(name)} is unknown: this model has ${names}`);
      }
      const shape = value?.shape ?? [];
      if (shape.length !== parameter.shape.length || shape.some((n, i) => n !== parameter.shape[i])) {
        throw new InputError(
          `parameter ${show(name)} has shape (${shape.join(', ')}): it must be (${parameter.shape.join(', ')})`,
        );
      }
      const numbers = toFlat(value, new Float64Array(parameter.length));
      const bad = numbers.findIndex((v) => !isFiniteIn(this.config.precision, v));
      if (bad >= 0) {
        throw new InputError(
          `parameter ${show(name)} holds ${numbers[bad]} at index ${bad}: every value must be a finite ${this.config.precision} number`,
        );
      }
      flat.set(numbers, parameter.offset);
    }
    kernels.write(theta, flat);
  }

  /**
   * J, its terms (each with its weight) and ∂J/∂θ over all m examples of x at once: the data term is a mean over
   * examples, ρ̂ the mean over these m examples.
   * @throws InputError if x is not (m, d), holds a value that is not finite, or leaves [0, 1] with cross-entropy.
   */
  async costAndGradient(x: View<AnyNumbers>): Promise<CostAndGradient> {
    this.assertInput(x, 'x');
    const { cost, terms, gradient } = await this.engine.costAndGradient(x);
    return { cost, terms, gradient: namedViews(this.engine.layout, gradient) };
  }

  /** The codes A of the last hidden layer, (m, h). */
  async encode(x: View<AnyNumbers>): Promise<Matrix> {
    assertExamples(x, 'x', { columns: this.config.inputs, precision: this.config.precision });
    return this.result(await this.engine.run(x, 0, this.depth), x.shape[0]);
  }

  /** Reconstructions X̂ (m, d) from codes (m, h). */
  async decode(codes: View<AnyNumbers>): Promise<Matrix> {
    assertExamples(codes, 'codes', {
      columns: this.config.hidden[this.depth - 1],
      precision: this.config.precision,
    });
    return this.result(await this.engine.run(codes, this.depth, 2 * this.depth), codes.shape[0]);
  }

  /** X̂ (m, d) from X: decode(encode(x)) in one pass. */
  async reconstruct(x: View<AnyNumbers>): Promise<Matrix> {
    assertExamples(x, 'x', { columns: this.config.inputs, precision: this.config.precision });
    return this.result(await this.engine.run(x, 0, 2 * this.depth), x.shape[0]);
  }

  /** Releases what the model allocated. Every later call throws; disposing twice is allowed. */
  dispose(): void {
    this.engineOrNull = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  assertInput(x: View<AnyNumbers>, name: string): void {
    assertExamples(x, name, {
      columns: this.config.inputs,
      precision: this.config.precision,
      unitInterval: this.config.loss === 'cross-entropy',
    });
  }

  private get depth(): number {
    return this.config.hidden.length;
  }

  private result(data: Numbers, rows: number): Matrix {
    return matrix(data, rows, data.length / rows);
  }
}
