import type { View } from '../cpu-view.ts';

// The pairs of an example: rows of `values` and `indices`, both (m, k), of which the first lengths_i count, or all.

/** How many pairs of row i count, of at most k. */
function countOf(lengths: View<Uint32Array> | null, i: number, k: number): number {
  return lengths === null ? k : lengths.data[lengths.offset + i * lengths.stride[0]];
}

/** The k largest of each row of a with their columns, rising; of equal values the lower column; the rest of a is 0. */
export function selectLargest(values: View, indices: View<Uint32Array>, a: View): void {
  const [m, k] = values.shape;
  const units = a.shape[1];
  const keep = indices.data;
  for (let i = 0; i < m; i++) {
    const row = a.offset + i * a.stride[0];
    const base = indices.offset + i * indices.stride[0];
    const at = (column: number) => a.data[row + column * a.stride[1]];
    /** Whether column c is the weaker of two: smaller, or as large and further right. A NaN is the strongest, so it shows. */
    const weaker = (c: number, d: number) => at(c) < at(d) || (at(c) === at(d) && c > d) || Number.isNaN(at(d));
    // A heap of the k strongest so far, the weakest on top.
    for (let c = 0; c < Math.min(k, units); c++) {
      let child = c;
      keep[base + child] = c;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (!weaker(keep[base + child], keep[base + parent])) break;
        swap(keep, base + child, base + parent);
        child = parent;
      }
    }
    for (let c = k; c < units; c++) {
      if (k === 0 || !weaker(keep[base], c)) continue;
      keep[base] = c;
      for (let parent = 0; ; ) {
        let child = 2 * parent + 1;
        if (child >= k) break;
        if (child + 1 < k && weaker(keep[base + child + 1], keep[base + child])) child++;
        if (!weaker(keep[base + child], keep[base + parent])) break;
        swap(keep, base + child, base + parent);
        parent = child;
      }
    }
    keep.subarray(base, base + k).sort();
    for (let c = 0, t = 0; c < units; c++) {
      if (t < k && keep[base + t] === c)
        values.data[values.offset + i * values.stride[0] + t++ * values.stride[1]] = at(c);
      else a.data[row + c * a.stride[1]] = 0;
    }
  }
}

function swap(x: Uint32Array, p: number, q: number): void {
  const held = x[p];
  x[p] = x[q];
  x[q] = held;
}

/** out_i += Σₜ values_it · rows[indices_it]. */
export function addSparseRows(
  out: View,
  values: View,
  indices: View<Uint32Array>,
  rows: View,
  lengths: View<Uint32Array> | null = null,
): void {
  const [m, k] = values.shape;
  const d = out.shape[1];
  const [outStep, rowStep] = [out.stride[1], rows.stride[1]];
  const target = out.data;
  const source = rows.data;
  for (let i = 0; i < m; i++) {
    for (let t = 0, n = countOf(lengths, i, k); t < n; t++) {
      const value = values.data[values.offset + i * values.stride[0] + t * values.stride[1]];
      const row = indices.data[indices.offset + i * indices.stride[0] + t];
      let p = out.offset + i * out.stride[0];
      let q = rows.offset + row * rows.stride[0];
      for (let j = 0; j < d; j++, p += outStep, q += rowStep) target[p] += value * source[q];
    }
  }
}

/** out_it = dense_i · rows[indices_it], accumulated in float64. */
export function sparseDots(
  out: View,
  dense: View,
  indices: View<Uint32Array>,
  rows: View,
  lengths: View<Uint32Array> | null = null,
): void {
  const [m, k] = out.shape;
  const d = dense.shape[1];
  const [denseStep, rowStep] = [dense.stride[1], rows.stride[1]];
  const left = dense.data;
  const right = rows.data;
  for (let i = 0; i < m; i++) {
    for (let t = 0, n = countOf(lengths, i, k); t < n; t++) {
      const row = indices.data[indices.offset + i * indices.stride[0] + t];
      let p = dense.offset + i * dense.stride[0];
      let q = rows.offset + row * rows.stride[0];
      let sum = 0;
      for (let j = 0; j < d; j++, p += denseStep, q += rowStep) sum += left[p] * right[q];
      out.data[out.offset + i * out.stride[0] + t * out.stride[1]] = sum;
    }
  }
}

/** out_it = dense[i, indices_it]. */
export function gatherColumns(
  out: View,
  dense: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array> | null = null,
): void {
  const [m, k] = out.shape;
  for (let i = 0; i < m; i++) {
    for (let t = 0, n = countOf(lengths, i, k); t < n; t++) {
      const column = indices.data[indices.offset + i * indices.stride[0] + t];
      out.data[out.offset + i * out.stride[0] + t * out.stride[1]] =
        dense.data[dense.offset + i * dense.stride[0] + column * dense.stride[1]];
    }
  }
}

/** out[indices_it] += α·values_it·dense_i. */
export function addSparseOuter(
  out: View,
  alpha: number,
  values: View,
  indices: View<Uint32Array>,
  dense: View,
  lengths: View<Uint32Array> | null = null,
): void {
  const [m, k] = values.shape;
  const d = dense.shape[1];
  const [outStep, denseStep] = [out.stride[1], dense.stride[1]];
  const target = out.data;
  const source = dense.data;
  for (let i = 0; i < m; i++) {
    for (let t = 0, n = countOf(lengths, i, k); t < n; t++) {
      const value = alpha * values.data[values.offset + i * values.stride[0] + t * values.stride[1]];
      const row = indices.data[indices.offset + i * indices.stride[0] + t];
      let p = out.offset + row * out.stride[0];
      let q = dense.offset + i * dense.stride[0];
      for (let j = 0; j < d; j++, p += outStep, q += denseStep) target[p] += value * source[q];
    }
  }
}

/** out[indices_it] += α·values_it. */
export function addSparseSums(
  out: View,
  alpha: number,
  values: View,
  indices: View<Uint32Array>,
  lengths: View<Uint32Array> | null = null,
): void {
  const [m, k] = values.shape;
  for (let i = 0; i < m; i++) {
    for (let t = 0, n = countOf(lengths, i, k); t < n; t++) {
      const value = alpha * values.data[values.offset + i * values.stride[0] + t * values.stride[1]];
      const row = indices.data[indices.offset + i * indices.stride[0] + t];
      out.data[out.offset + row * out.stride[0]] += value;
    }
  }
}
