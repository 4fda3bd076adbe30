import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Inspection } from './inspection.ts';
import type { MeasureOptions, Metrics } from './metrics.ts';
import type { Recovery } from './recovery.ts';
import type { Answered } from './top-examples.ts';

// Measures come after training: what they need is loaded when one of them is called.

/**
 * What a trained model does on the examples x (m, d): how well it reconstructs, how its units are used, and, where the true
 * features of the data are known, whether it has found them. Examples go through in chunks: memory does not grow with m, and
 * no result depends on how many go at a time.
 * @throws InputError if x, the target or the features do not fit the model or each other, or a number overflows.
 */
export async function measure(model: Autoencoder, x: MatrixLike, options: MeasureOptions = {}): Promise<Metrics> {
  return (await import('./metrics.ts')).measure(model, x, options);
}

/**
 * Statistics of the codes, the last hidden layer, of the clean examples x (m, d), as `encode` gives them: k-sparse units
 * keep αk. Examples go through in chunks, so memory does not grow with m.
 * @throws InputError if x does not fit the model, or an activation or a sum of its squares overflows. Processes of a `group`
 * share the work, as in `measure`.
 */
export async function inspect(
  model: Autoencoder,
  x: MatrixLike,
  options: Pick<MeasureOptions, 'group'> = {},
): Promise<Inspection> {
  return (await import('./inspection.ts')).inspect(model, x, options);
}

/**
 * Compares a dictionary, decoder rows (h, d), with the features (F, d) that the data were made of, rows of any length; with
 * the codes (m, h) of the dictionary and the true strengths (m, F) also when units fire. The matching is exact, by the
 * Hungarian method; it takes 8·h·F bytes, and 4,096 rows beside 2,048 features a few seconds.
 * @throws InputError unless all are matrices of finite numbers that fit each other; if a direction is 0.
 */
export async function recoveryOf(
  decoderRows: MatrixLike,
  directions: MatrixLike,
  codes?: MatrixLike,
  trueCodes?: MatrixLike,
): Promise<Recovery> {
  return (await import('./recovery.ts')).recoveryOf(decoderRows, directions, codes, trueCodes);
}

/**
 * For each of some code units the at most `count` examples of x (m, d) that it answers most, a ≠ 0 and the largest first, of
 * equal ones the earlier. Examples go through in chunks, so memory does not grow with m.
 * @throws InputError if x does not fit the model, or a unit is none of its code.
 */
export async function topExamples(
  model: Autoencoder,
  x: MatrixLike,
  units: readonly number[],
  count: number,
): Promise<Answered[][]> {
  return (await import('./top-examples.ts')).topExamples(model, x, units, count);
}
