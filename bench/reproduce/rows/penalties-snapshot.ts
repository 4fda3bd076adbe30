import type { AnyNumbers, Matrix, View } from '../../../src/array/matrix.ts';
import { numberAt } from '../../../src/array/numbers.ts';
import type { Histogram } from '../../../src/measures/histogram.ts';
import { inspect } from '../../../src/measures/inspection.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { Autoencoder } from '../../../src/model/autoencoder.ts';

/** What a penalty has made of a model after some epochs. */
export interface Snapshot {
  readonly epochs: number;
  /** (1/m) Σ‖x̂ − x‖². */
  readonly squaredError: number;
  /** ρ̂ of every unit. */
  readonly rho: readonly number[];
  /** Of all activations, over [0, 1]. */
  readonly activations: Histogram;
  /** All weights of encoder and decoder, no biases. */
  readonly weights: Float64Array;
  /** Mean |W| of the encoder's weights of pixels that are 0 in every example: the loss does not move them. */
  readonly unseen: number;
}

/** Pixels that are 0 in every example. */
export function unseenPixels({ data, shape, stride, offset }: View<AnyNumbers>): number[] {
  const seen = new Uint8Array(shape[1]);
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0; j < shape[1]; j++) if (numberAt(data, offset + i * stride[0] + j * stride[1]) !== 0) seen[j] = 1;
  }
  return Array.from(seen.keys()).filter((j) => seen[j] === 0);
}

export async function snapshot(model: Autoencoder, x: View<AnyNumbers>, epochs: number): Promise<Snapshot> {
  const { squaredError, meanActivations } = await measure(model, x);
  const { histogram } = await inspect(model, x);
  const encoder = (await model.parameters())['encoder.weight'] as Matrix;
  const [units] = encoder.shape;
  const pixels = unseenPixels(x);
  const ofUnseen = pixels.flatMap((j) => Array.from({ length: units }, (_, i) => Math.abs(encoder.get(i, j))));
  return {
    epochs,
    squaredError,
    rho: Array.from(meanActivations),
    activations: histogram,
    weights: Float64Array.from([...encoder.data, ...((await model.parameters())['decoder.weight'] as Matrix).data]),
    unseen: mean(ofUnseen),
  };
}

/** Percent of the weights with |w| below 1e-3 of the largest. */
export function nearZero({ weights }: Snapshot): number {
  const largest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  return percent(weights.length, (i) => Math.abs(weights[i]) < 1e-3 * largest);
}

/** Percent of the activations below 1/64, the first bin. */
export function silent({ activations: { counts } }: Snapshot): number {
  return (100 * counts[0]) / counts.reduce((sum, count) => sum + count, 0);
}

export function meanSize({ weights }: Snapshot): number {
  return weights.reduce((sum, w) => sum + Math.abs(w), 0) / weights.length;
}

/** Counts of weights in bins of width 1/40 one of them around 0, as far as ±0.9875; what lies beyond is in the last ones. */
export function weightHistogram({ weights }: Snapshot): Histogram {
  const half = 39;
  const counts: number[] = new Array(2 * half + 1).fill(0);
  for (const w of weights) counts[half + Math.max(-half, Math.min(half, Math.round(w * 40)))]++;
  return { edges: Array.from({ length: counts.length + 1 }, (_, i) => (i - half - 0.5) / 40), counts };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function percent(n: number, holds: (i: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (holds(i)) count++;
  return (100 * count) / n;
}
