import { fillNormal, fillUniform } from '../../src/array/random.ts';

/** What planted examples are made of. */
export interface PlantedOptions {
  readonly rows: number;
  readonly inputs: number;
  /** True features: more than inputs, in superposition. */
  readonly features: number;
  /** Features of a row, on average. */
  readonly active: number;
  /** Root mean square of the columns' means over that of their deviations. */
  readonly mean: number;
  readonly seed: number;
}

export interface Planted {
  /** (rows, inputs). */
  readonly x: Float32Array;
  /** (features, inputs), unit rows. */
  readonly features: Float32Array;
}

/** The number of a row's features lies this share around its mean. */
const SPREAD = 0.25;
const [DIRECTIONS, ROWS, MEAN] = [1001, 1002, 1003];

/**
 * x = Σ sᵢFᵢ + μ: unit features in random directions, of which a row has active ± a quarter, any of them with a strength s > 0 of
 * density e^−s, and a mean of `mean` deviations in a random direction. Equal strengths
 * are another task: of 20,000 rows with strengths from 0.5 to 1.5, TopK found no feature in 50 epochs. The same seed, the same numbers.
 */
export function planted({ rows, inputs, features, active, mean, seed }: PlantedOptions): Planted {
  const F = fillNormal(new Float32Array(features * inputs), { seed, stream: DIRECTIONS });
  for (let i = 0; i < features; i++) normalize(F.subarray(i * inputs, (i + 1) * inputs));
  const x = new Float32Array(rows * inputs);
  const [fewest, most] = [Math.ceil(active * (1 - SPREAD)), Math.floor(active * (1 + SPREAD))];
  const u = new Float64Array(1 + 2 * most);
  for (let k = 0; k < rows; k++) {
    fillUniform(u, { seed, stream: ROWS, counter: k });
    const count = fewest + Math.floor(u[0] * (most - fewest + 1));
    const row = x.subarray(k * inputs, (k + 1) * inputs);
    const on = new Set<number>();
    for (let n = 0; n < count; n++) {
      const i = Math.floor(u[1 + 2 * n] * features);
      if (on.has(i)) continue;
      on.add(i);
      const strength = -Math.log(1 - u[2 + 2 * n]);
      for (let j = 0; j < inputs; j++) row[j] += strength * F[i * inputs + j];
    }
  }
  const mu = fillNormal(new Float64Array(inputs), { seed, stream: MEAN });
  normalize(mu);
  const size = mean * deviation(x, rows, inputs) * Math.sqrt(inputs);
  for (let k = 0; k < rows; k++) for (let j = 0; j < inputs; j++) x[k * inputs + j] += size * mu[j];
  return { x, features: F };
}

function normalize(row: Float32Array | Float64Array): void {
  const norm = Math.hypot(...row);
  for (let j = 0; j < row.length; j++) row[j] /= norm;
}

/** Root mean square of the columns' standard deviations. */
function deviation(x: Float32Array, rows: number, inputs: number): number {
  const mean = new Float64Array(inputs);
  for (let p = 0; p < x.length; p++) mean[p % inputs] += x[p] / rows;
  let total = 0;
  for (let p = 0; p < x.length; p++) total += (x[p] - mean[p % inputs]) ** 2;
  return Math.sqrt(total / x.length);
}

/** The share of true features that a row of D (h, inputs) points along, by a cosine above `least`. */
export function found(D: ArrayLike<number>, features: Float32Array, inputs: number, least: number): number {
  const [h, n] = [D.length / inputs, features.length / inputs];
  const norms = Float64Array.from({ length: h }, (_, i) => {
    let square = 0;
    for (let j = 0; j < inputs; j++) square += D[i * inputs + j] ** 2;
    return Math.sqrt(square);
  });
  let count = 0;
  for (let f = 0; f < n; f += 1) {
    let best = 0;
    for (let i = 0; i < h; i++) {
      let dot = 0;
      for (let j = 0; j < inputs; j++) dot += D[i * inputs + j] * features[f * inputs + j];
      best = Math.max(best, dot / (norms[i] || 1));
    }
    if (best > least) count++;
  }
  return count / n;
}
