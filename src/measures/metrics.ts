import { type AnyNumbers, matrix, type Precision, rowRange, toFlat, type View } from '../array/matrix.ts';
import { sum } from '../array/reductions.ts';
import type { Autoencoder, TargetOption } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import { rowChunks } from './row-chunks.ts';
import { UnitRange } from './unit-range.ts';

/** How well a model reconstructs, and how its units are used. */
export interface Metrics {
  /** (1/m) Σₖ L(xₖ, x̂ₖ): ½‖x̂ − x‖² or cross-entropy, summed over coordinates, mean over examples. */
  readonly reconstructionError: number;
  /** (1/m) Σₖ ‖x̂ₖ − xₖ‖²: without ½, summed over coordinates, mean over examples. */
  readonly squaredError: number;
  /** Σ‖x̂ − x‖² / Σ‖x − x̄‖², x̄ the mean example: 0 is perfect, 1 no better than the mean. NaN if x is constant. */
  readonly varianceUnexplained: number;
  /** ρ̂ⱼ of every code unit: its mean activation over the m examples, (a + 1)/2 for tanh. */
  readonly meanActivations: Float64Array;
  /** Units that no example moves: rate at most 0.01 everywhere (sigmoid, tanh), 0 everywhere (others, k-sparse ones). */
  readonly deadUnits: number[];
  /** Units that are always on: rate at least 0.99 everywhere. Only sigmoid and tanh units can be. */
  readonly saturatedUnits: number[];
}

/**
 * What a trained model does on the examples x (m, d); of a transcoder, x̂ is compared with `target` (m, targets) in the place of x.
 * @throws InputError if they do not fit the model, or a number overflows.
 */
export async function measure(
  model: Autoencoder,
  x: View<AnyNumbers>,
  { target }: TargetOption = {},
): Promise<Metrics> {
  assertModel(model, 'Autoencoder');
  model.assertInput(x, 'x');
  const compared = model.assertTarget(target, x);
  const y = compared ?? x;
  const [m] = x.shape;
  const { precision } = model.config;
  const { code, layers } = model.engine.spec;
  const units = model.config.hidden[code];
  const { scale, shift } = layers[code].f.rate ?? { scale: 1, shift: 0 };
  const meanActivations = new Float64Array(units);
  const range = new UnitRange(layers[code], units);
  let squaredError = 0;
  let done = 0;
  const { engine } = model;
  const targets = rowChunks(y, precision);
  for (const rows of rowChunks(x, precision)) {
    const examples = rows.shape[0];
    const codes = matrix(await engine.propagate(rows, 0, code + 1, 'encoding', done), examples, units);
    for (let j = 0; j < units; j++) {
      meanActivations[j] += (scale * sum(codes.pick(null, j)) + shift * examples) / m;
    }
    range.add({ a: codes.data, examples, units });
    const reconstructed = await engine.propagate(rows, 0, layers.length, 'training', done);
    const expected = compared === undefined ? rows : (targets.next().value as View<AnyNumbers>);
    squaredError += squaredDistance(matrix(reconstructed, examples, y.shape[1]), expected);
    done += examples;
  }
  const total = totalVariation(y, precision);
  engine.assertFinite(squaredError, 'the squared error');
  if (!Number.isNaN(total)) engine.assertFinite(total, 'the variance of the examples');
  return {
    // Squared error is known already; cross-entropy needs the logits.
    reconstructionError:
      model.config.loss === 'squared-error' ? squaredError / (2 * m) : await engine.dataTerm(x, compared),
    squaredError: squaredError / m,
    varianceUnexplained: squaredError / total,
    meanActivations,
    deadUnits: range.dead(),
    saturatedUnits: range.saturated(),
  };
}

/** Σ (a − b)². */
function squaredDistance(a: View<AnyNumbers>, b: View<AnyNumbers>): number {
  const [rows, columns] = a.shape;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let p = a.offset + i * a.stride[0];
    let q = b.offset + i * b.stride[0];
    for (let j = 0; j < columns; j++, p += a.stride[1], q += b.stride[1]) total += (a.data[p] - b.data[q]) ** 2;
  }
  return total;
}

/** Σ‖x − x̄‖² with x̄ the mean row; NaN where all rows are equal. Row by row, as the elements lie. */
function totalVariation(x: View<AnyNumbers>, precision: Precision): number {
  const [m, d] = x.shape;
  const mean = new Float64Array(d);
  for (const { data, shape, stride, offset } of rowChunks(x, precision)) {
    for (let i = 0; i < shape[0]; i++) {
      let p = offset + i * stride[0];
      for (let j = 0; j < d; j++, p += stride[1]) mean[j] += data[p] / m;
    }
  }
  let total = 0;
  let varies = false; // asked of the values: the rounded mean of equal ones may differ from them
  let first: Float64Array | null = null;
  for (const rows of rowChunks(x, precision)) {
    const { data, shape, stride, offset } = rows;
    first ??= toFlat(rowRange(rows, 0, 1), new Float64Array(d));
    for (let i = 0; i < shape[0]; i++) {
      let p = offset + i * stride[0];
      for (let j = 0; j < d; j++, p += stride[1]) {
        varies ||= data[p] !== first[j];
        total += (data[p] - mean[j]) ** 2;
      }
    }
  }
  return varies ? total : Number.NaN;
}
