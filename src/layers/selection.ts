import * as v from 'valibot';
import type { View } from '../array/matrix.ts';
import { layerIndex, positive, positiveInteger, unit } from '../validate.ts';

/** The survivors of a k-sparse layer: for each example the columns and values of its k largest pre-activations. */
export interface Survivors {
  /** (m, k), rising in each row. */
  readonly indices: View<Uint32Array>;
  /** (m, k). */
  readonly values: View;
}

/**
 * k-sparse units: of each example the k largest signed z survive (of equal ones the lower index), all others are 0, and
 * δ passes through the survivors alone. They are told by a = f(z), whose order is that of z but where f saturates. [Makhzani & Frey, "k-Sparse autoencoders", arXiv 1312.5663, Algorithm 1]
 */
export interface KSparseSpec {
  /** Of the sparsity. */
  readonly kind: 'k-sparse';
  /** How many units of an example survive in training, at least 1. */
  readonly k: number;
  /** Encoding keeps round(αk) units. Default 1; 3 for k = 25 on MNIST in the paper. */
  readonly alpha?: number;
  /** Training begins with this many survivors, against dead units; default the larger of 100 and 4k, at most all. */
  readonly annealFrom?: number;
  /** … and reaches k linearly after this share of the epochs. Default 0.5; 0 trains with k from the start. */
  readonly annealOver?: number;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number;
}

export const kSparseSchema = v.strictObject({
  kind: v.literal('k-sparse'),
  k: positiveInteger(),
  alpha: v.optional(positive()),
  annealFrom: v.optional(positiveInteger()),
  annealOver: v.optional(unit()),
  layer: layerIndex(),
});

/** Survivors in training at `epoch` (from 0) of `epochs`: annealFrom → k over the first annealOver·epochs, rounded; the last epoch has k. */
export function survivorsAt({ k, annealFrom, annealOver }: KSparseSpec, units: number, epoch: number, epochs: number) {
  const from = Math.min(units, annealFrom ?? Math.max(100, 4 * k));
  const span = (annealOver ?? 0.5) * epochs;
  return epoch >= span || epoch === epochs - 1 ? k : Math.round(from + ((k - from) * epoch) / span);
}

/** Survivors in encoding: round(αk), at least 1, at most all. */
export function survivorsOfEncoding({ k, alpha = 1 }: KSparseSpec, units: number): number {
  return Math.max(1, Math.min(units, Math.round(alpha * k)));
}
