import type { AnyNumbers, Numbers, View } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { centre, lengthOf, takeRow } from './row-length.ts';

/** Each example less its own mean, over its own standard deviation plus ε. Nothing is learnt from the training data. */
export interface LayerNorm {
  /** Of the step. */
  readonly kind: 'layer-norm';
  /** ε > 0, added to an example's standard deviation, in units of x. */
  readonly epsilon: number;
}

/** Layer normalisation to be fitted. */
export interface LayerNormSpec {
  /** Of the step. */
  readonly kind: 'layer-norm';
  /** ε > 0, added to an example's standard deviation. Default 1e-5. */
  readonly epsilon?: number | undefined;
}

/** That of OpenAI's dictionaries and of SAELens. */
export const LAYER_NORM_EPSILON = 1e-5;

/** Throws InputError on an ε that leaves flat examples undefined, and where rows have one column. */
export function fitLayerNorm({ epsilon = LAYER_NORM_EPSILON }: LayerNormSpec, x: View<AnyNumbers>): LayerNorm {
  if (!(epsilon > 0 && epsilon < Infinity)) {
    throw new InputError(`layer-norm: epsilon is ${epsilon}: it must be a finite number above 0, such as 1e-5`);
  }
  if (x.shape[1] < 2) {
    throw new InputError('layer-norm: the examples have 1 column: it needs at least 2; use standardize instead');
  }
  return { kind: 'layer-norm', epsilon };
}

/** Standard deviation of a row whose mean was taken off, d − 1 in the denominator. */
export function deviationOf(centred: Float64Array): number {
  return lengthOf(centred) / Math.sqrt(Math.max(1, centred.length - 1));
}

/**
 * out ← (x − mean)/(std + ε), row by row; std has d − 1 in the denominator. out: (m, d) row-major. A constant row becomes 0.
 * [Gao et al., "Scaling and evaluating sparse autoencoders", 2024; `layer_norm` of SAELens]
 */
export function applyLayerNorm({ epsilon }: LayerNorm, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const row = new Float64Array(d);
  for (let i = 0, q = 0; i < m; i++) {
    takeRow(x, i, row);
    centre(row);
    const scale = deviationOf(row) + epsilon;
    for (let j = 0; j < d; j++) out[q++] = row[j] / scale;
  }
}
