import type { View } from '../cpu-view.ts';

function normOf(squares: View, j: number): number {
  return Math.sqrt(squares.data[squares.offset + j * squares.stride[0]]);
}

function normsOf(squares: View): Float64Array {
  return Float64Array.from({ length: squares.shape[0] }, (_, j) => normOf(squares, j));
}

/** out_ij = a_ij·‖D_j‖, or a_ij/‖D_j‖. */
export function scaleColumns(out: View, a: View, squares: View, inverse: boolean): void {
  const [m, units] = a.shape;
  const factors = Float64Array.from({ length: units }, (_, j) => {
    const norm = normOf(squares, j);
    return norm === 0 ? 1 : inverse ? 1 / norm : norm;
  });
  for (let i = 0; i < m; i++) {
    let p = out.offset + i * out.stride[0];
    let q = a.offset + i * a.stride[0];
    for (let j = 0; j < units; j++, p += out.stride[1], q += a.stride[1]) out.data[p] = factors[j] * a.data[q];
  }
}

/** (γ/m) Σ |a|‖D_j‖; dA += γ‖D_j‖ sign(a); pull_j = (γ/m) Σₖ |a|/‖D_j‖. */
export function normWeightedL1(
  dA: View,
  pull: View,
  sums: Float64Array,
  slot: number,
  a: View,
  squares: View,
  gamma: number,
  m: number,
): void {
  const [rows, units] = a.shape;
  const norms = normsOf(squares);
  const totals = new Float64Array(units);
  for (let i = 0; i < rows; i++) {
    let p = dA.offset + i * dA.stride[0];
    let q = a.offset + i * a.stride[0];
    for (let j = 0; j < units; j++, p += dA.stride[1], q += a.stride[1]) {
      totals[j] += Math.abs(a.data[q]);
      dA.data[p] += gamma * norms[j] * Math.sign(a.data[q]);
    }
  }
  for (let j = 0; j < units; j++) {
    sums[slot] += (gamma / m) * norms[j] * totals[j];
    pull.data[pull.offset + j * pull.stride[0]] = norms[j] > 0 ? ((gamma / m) * totals[j]) / norms[j] : 0;
  }
}

/** (λ/m) Σ tanh(s·a‖D_j‖); dA += λ s‖D_j‖ sech²; pull_j = (λ/m) Σₖ s·a·sech²/‖D_j‖. */
export function tanhPenalty(
  dA: View,
  pull: View,
  sums: Float64Array,
  slot: number,
  a: View,
  squares: View,
  { weight, scale, m }: { readonly weight: number; readonly scale: number; readonly m: number },
): void {
  const [rows, units] = a.shape;
  const norms = normsOf(squares);
  const slopes = new Float64Array(units);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = dA.offset + i * dA.stride[0];
    let q = a.offset + i * a.stride[0];
    for (let j = 0; j < units; j++, p += dA.stride[1], q += a.stride[1]) {
      const t = Math.tanh(scale * a.data[q] * norms[j]);
      const slope = 1 - t * t; // sech²
      sum += t;
      slopes[j] += scale * a.data[q] * slope;
      dA.data[p] += weight * scale * norms[j] * slope;
    }
  }
  sums[slot] += (weight / m) * sum;
  for (let j = 0; j < units; j++) {
    pull.data[pull.offset + j * pull.stride[0]] = norms[j] > 0 ? ((weight / m) * slopes[j]) / norms[j] : 0;
  }
}

/** G_j −= (G_j·D_j)/‖D_j‖² D_j. */
export function projectRows(gradient: View, rows: View): void {
  const [n, d] = rows.shape;
  for (let j = 0; j < n; j++) {
    const g = gradient.offset + j * gradient.stride[0];
    const r = rows.offset + j * rows.stride[0];
    let along = 0;
    let square = 0;
    for (let i = 0; i < d; i++) {
      const value = rows.data[r + i * rows.stride[1]];
      along += gradient.data[g + i * gradient.stride[1]] * value;
      square += value * value;
    }
    if (square === 0) continue;
    const share = along / square;
    for (let i = 0; i < d; i++) gradient.data[g + i * gradient.stride[1]] -= share * rows.data[r + i * rows.stride[1]];
  }
}

/** D_j /= ‖D_j‖. */
export function normalizeRows(rows: View): void {
  const [n, d] = rows.shape;
  for (let j = 0; j < n; j++) {
    const r = rows.offset + j * rows.stride[0];
    let square = 0;
    for (let i = 0; i < d; i++) square += rows.data[r + i * rows.stride[1]] ** 2;
    if (square === 0) continue;
    const norm = Math.sqrt(square);
    for (let i = 0; i < d; i++) rows.data[r + i * rows.stride[1]] /= norm;
  }
}
