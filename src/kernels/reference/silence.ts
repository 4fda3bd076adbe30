import type { View } from '../cpu-view.ts';

/** counts_j += in how many rows a_ij ≠ 0. */
export function countActive(counts: View, a: View): void {
  const [m, units] = a.shape;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < units; j++) {
      if (a.data[a.offset + i * a.stride[0] + j * a.stride[1]] !== 0)
        counts.data[counts.offset + j * counts.stride[0]]++;
    }
  }
}

/** The same over pairs: a selection may keep zeros. */
export function countActivePairs(
  counts: View,
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array> | null,
): void {
  const [m, width] = values.shape;
  for (let i = 0; i < m; i++) {
    const n = lengths === null ? width : lengths.data[lengths.offset + i * lengths.stride[0]];
    for (let t = 0; t < n; t++) {
      if (values.data[values.offset + i * values.stride[0] + t * values.stride[1]] === 0) continue;
      const j = indices.data[indices.offset + i * indices.stride[0] + t];
      counts.data[counts.offset + j * counts.stride[0]]++;
    }
  }
}

/** next_j = 0 where counts_j > 0, else silence_j + examples. */
export function advanceSilence(next: View, silence: View, counts: View, examples: number): void {
  for (let j = 0; j < next.shape[0]; j++) {
    const before = silence.data[silence.offset + j * silence.stride[0]];
    const fired = counts.data[counts.offset + j * counts.stride[0]] > 0;
    next.data[next.offset + j * next.stride[0]] = fired ? 0 : before + examples;
  }
}

type SelectLargest = (values: View, indices: View<Uint32Array>, a: View) => void;

/**
 * Of the units that have been silent for `limit`, the largest z of each row, of equal ones the lower column: those of a z in which
 * all others are −∞. z is void afterwards.
 */
export function createSelectSilent(select: SelectLargest) {
  return function selectSilent(
    values: View,
    indices: View<Uint32Array>,
    lengths: View<Uint32Array>,
    z: View,
    silence: View,
    limit: number,
  ): void {
    const [m, width] = values.shape;
    const units = silence.shape[0];
    const talks = Uint8Array.from({ length: units }, (_, j) =>
      silence.data[silence.offset + j * silence.stride[0]] >= limit ? 0 : 1,
    );
    const n = Math.min(width, units - talks.reduce((sum, talk) => sum + talk, 0));
    for (let i = 0; i < m; i++) lengths.data[lengths.offset + i * lengths.stride[0]] = n;
    if (n === 0) return;
    for (let i = 0; i < m; i++) {
      let p = z.offset + i * z.stride[0];
      for (let j = 0; j < units; j++, p += z.stride[1]) if (talks[j] === 1) z.data[p] = Number.NEGATIVE_INFINITY;
    }
    select({ ...values, shape: [m, n] }, { ...indices, shape: [m, n] }, z);
  };
}

/** moments_i = Σₖ e_ki, the last Σ e². */
export function residualMoments(moments: View, e: View): void {
  const [m, d] = e.shape;
  const at = (i: number) => moments.offset + i * moments.stride[0];
  for (let i = 0; i <= d; i++) moments.data[at(i)] = 0;
  for (let k = 0; k < m; k++) {
    for (let i = 0; i < d; i++) {
      const value = e.data[e.offset + k * e.stride[0] + i * e.stride[1]];
      moments.data[at(i)] += value;
      moments.data[at(d)] += value * value;
    }
  }
}

/** Below this share of Σ‖e‖² the spread of residuals is what rounding leaves of equal ones. */
const LEAST_SPREAD = 1e-12;

/** scale = α / (Σ‖e‖² − m‖ē‖²), 0 where that is 0 or no unit is silent. */
export function auxiliaryScale(
  scale: View,
  moments: View,
  silence: View,
  limit: number,
  alpha: number,
  m: number,
): void {
  const d = moments.shape[0] - 1;
  const at = (i: number) => moments.data[moments.offset + i * moments.stride[0]];
  let spread = at(d);
  for (let i = 0; i < d; i++) spread -= at(i) ** 2 / m;
  const equal = spread <= LEAST_SPREAD * at(d); // a NaN is not: it shows
  scale.data[scale.offset] = equal || countSilent(silence, limit) === 0 ? 0 : alpha / spread;
}

/** scale = (α/m)·min(silent/most, 1). */
export function silentScale(scale: View, silence: View, limit: number, most: number, alpha: number, m: number): void {
  scale.data[scale.offset] = (alpha / m) * Math.min(countSilent(silence, limit) / most, 1);
}

function countSilent(silence: View, limit: number): number {
  let silent = 0;
  for (let j = 0; j < silence.shape[0]; j++) {
    if (silence.data[silence.offset + j * silence.stride[0]] >= limit) silent++;
  }
  return silent;
}

/** sums[slot] += s Σ (ê − e)²; dEHat = 2·s·m·(ê − e). */
export function scaledSquaredError(
  dEHat: View,
  sums: Float64Array,
  slot: number,
  eHat: View,
  e: View,
  scale: View,
  m: number,
): void {
  const s = scale.data[scale.offset];
  const [rows, d] = e.shape;
  let sum = 0;
  for (let k = 0; k < rows; k++) {
    let p = dEHat.offset + k * dEHat.stride[0];
    let q = eHat.offset + k * eHat.stride[0];
    let r = e.offset + k * e.stride[0];
    for (let i = 0; i < d; i++, p += dEHat.stride[1], q += eHat.stride[1], r += e.stride[1]) {
      const gap = eHat.data[q] - e.data[r];
      sum += gap * gap;
      dEHat.data[p] = 2 * s * m * gap;
    }
  }
  sums[slot] += s * sum;
}
