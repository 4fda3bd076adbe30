import { assertObject } from '../array/argument-check.ts';
import { type AnyNumbers, matrix, type TypedNumbers, type View } from '../array/matrix.ts';
import { loadSum } from '../array/ndarray.ts';
import type { MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import { type CodeUse, CodeUseCounter } from './code-use.ts';
import { knownFeatures } from './known-features.ts';
import { meanRow } from './mean-row.ts';
import { type Reconstruction, ReconstructionCounter } from './reconstruction.ts';
import type { Recovery } from './recovery.ts';
import { rowChunks } from './row-chunks.ts';
import { assertRows, type FeaturesLike, matrixOf } from './true-features.ts';
import { UnitRange } from './unit-range.ts';

/** What `measure` compares with. */
export interface MeasureOptions {
  /** (m, outputs): what the outputs are compared with; default x. */
  readonly target?: MatrixLike | undefined;
  /** What the data were made of, where that is known: adds `recovery`. Of models with one hidden layer. */
  readonly features?: FeaturesLike | undefined;
}

/** How well a model reconstructs y, which is x or the target that is given, and how its units are used. */
export interface Metrics extends Reconstruction, CodeUse {
  /** (1/m) Σₖ L(yₖ, ŷₖ): ½‖ŷ − y‖² or cross-entropy, summed over coordinates, mean over examples. */
  readonly reconstructionError: number;
  /** (1/m) Σₖ ‖ŷₖ − yₖ‖²: without ½, summed over coordinates, mean over examples. */
  readonly squaredError: number;
  /** Σ‖ŷ − y‖² / Σ‖y − ȳ‖², ȳ the mean example: 0 is perfect, 1 no better than the mean. NaN if y is constant. */
  readonly varianceUnexplained: number;
  /** ρ̂ⱼ of every code unit: its mean activation over the m examples, (a + 1)/2 for tanh. */
  readonly meanActivations: Float64Array;
  /**
   * Units that no example moves: rate at most 0.01 everywhere (sigmoid, tanh), 0 everywhere (others, k-sparse ones), where
   * it is the same as `neverFire`.
   */
  readonly deadUnits: number[];
  /** Units that are always on: rate at least 0.99 everywhere. Only sigmoid and tanh units can be. */
  readonly saturatedUnits: number[];
  /** How far decoder rows are the true features; only where `features` are given. */
  readonly recovery?: Recovery | undefined;
}

/** See `measure` of the package. */
export async function measure(model: Autoencoder, given: MatrixLike, options: MeasureOptions = {}): Promise<Metrics> {
  assertModel(model, 'Autoencoder');
  const x = model.input(given, 'x');
  const { engine } = model;
  const y = targetOf(model, x, options);
  const [m] = x.shape;
  const outputs = y.shape[1];
  const { precision } = model.config;
  const { code, layers } = engine.spec;
  const units = model.config.hidden[code];
  const { scale, shift } = layers[code].f.rate ?? { scale: 1, shift: 0 };
  const meanActivations = new Float64Array(units);
  const range = new UnitRange(layers[code], units);
  const use = new CodeUseCounter(units);
  const sum = await loadSum();
  const reconstruction = new ReconstructionCounter(meanRow(y, precision));
  const known = options.features && (await knownFeatures(model, x, outputs, options.features));
  const targets = y === x ? null : rowChunks(y, precision);
  let squaredError = 0;
  let done = 0;
  for (const rows of rowChunks(x, precision)) {
    const examples = rows.shape[0];
    const codes = matrix(await engine.propagate(rows, 0, code + 1, 'encoding', done), examples, units);
    for (let j = 0; j < units; j++) {
      meanActivations[j] += (scale * sum(codes.pick(null, j)) + shift * examples) / m;
    }
    const activity = { a: codes.data, examples, units };
    range.add(activity);
    use.add(activity);
    known?.add(activity);
    const output = matrix(await engine.propagate(rows, 0, layers.length, 'training', done), examples, outputs);
    const target = targets === null ? rows : targets.next().value;
    squaredError += squaredDistance(output, target);
    reconstruction.add(target, output);
    done += examples;
  }
  const total = reconstruction.totalVariation;
  engine.assertFinite(squaredError, 'the squared error');
  if (!Number.isNaN(total)) engine.assertFinite(total, 'the variance of the examples');
  return {
    // Squared error is known already; cross-entropy needs the logits.
    reconstructionError: model.config.loss === 'squared-error' ? squaredError / (2 * m) : await engine.dataTerm(x),
    squaredError: squaredError / m,
    varianceUnexplained: squaredError / total,
    meanActivations,
    deadUnits: range.dead(),
    saturatedUnits: range.saturated(),
    ...reconstruction.result(),
    ...use.result(),
    ...(known === undefined ? {} : { recovery: known.result() }),
  };
}

/** What outputs are compared with. @throws InputError where it does not fit them. */
function targetOf(model: Autoencoder, x: View<AnyNumbers>, options: MeasureOptions): View<AnyNumbers> {
  assertObject(options, 'options', '{ target, features }');
  const { layers } = model.engine.spec;
  const [, outputs] = model.engine.parameter(layers[layers.length - 1].weight).shape;
  if (options.target === undefined) {
    if (outputs === x.shape[1]) return x;
    throw new InputError(
      `options.target is missing: the model has ${x.shape[1]} inputs and ${outputs} outputs, which x is no target for`,
    );
  }
  const target = matrixOf(options.target, 'options.target', outputs);
  assertRows(target, 'options.target', x, 'x');
  if (model.config.loss === 'squared-error') return target;
  throw new InputError(
    `options.target is given to a model with loss "${model.config.loss}", which compares its outputs with x: leave it out`,
  );
}

/** Σ (a − b)². */
function squaredDistance(a: View<TypedNumbers>, b: View<TypedNumbers>): number {
  const [rows, columns] = a.shape;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let p = a.offset + i * a.stride[0];
    let q = b.offset + i * b.stride[0];
    for (let j = 0; j < columns; j++, p += a.stride[1], q += b.stride[1]) total += (a.data[p] - b.data[q]) ** 2;
  }
  return total;
}
