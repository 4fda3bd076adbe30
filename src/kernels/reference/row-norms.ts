import type { View } from '../cpu-view.ts';

function normOf(squares: View, j: number): number {
  return Math.sqrt(squares.data[squares.offset + j * squares.stride[0]]);
}

/** out_ij = a_ij·‖D_j‖, or a_ij/‖D_j‖. */
export function scaleColumns(out: View, a: View, squares: View, inverse: boolean): void {
  const [m, units] = a.shape;
  for (let j = 0; j < units; j++) {
    const norm = normOf(squares, j);
    const factor = norm === 0 ? 1 : inverse ? 1 / norm : norm;
    for (let i = 0; i < m; i++) {
      out.data[out.offset + i * out.stride[0] + j * out.stride[1]] =
        factor * a.data[a.offset + i * a.stride[0] + j * a.stride[1]];
    }
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
  for (let j = 0; j < units; j++) {
    const norm = normOf(squares, j);
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const value = a.data[a.offset + i * a.stride[0] + j * a.stride[1]];
      sum += Math.abs(value);
      dA.data[dA.offset + i * dA.stride[0] + j * dA.stride[1]] += gamma * norm * Math.sign(value);
    }
    sums[slot] += (gamma / m) * norm * sum;
    pull.data[pull.offset + j * pull.stride[0]] = norm > 0 ? ((gamma / m) * sum) / norm : 0;
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
  for (let j = 0; j < units; j++) {
    const norm = normOf(squares, j);
    let sum = 0;
    let slopes = 0;
    for (let i = 0; i < rows; i++) {
      const value = a.data[a.offset + i * a.stride[0] + j * a.stride[1]];
      const t = Math.tanh(scale * value * norm);
      const slope = 1 - t * t; // sech²
      sum += t;
      slopes += scale * value * slope;
      dA.data[dA.offset + i * dA.stride[0] + j * dA.stride[1]] += weight * scale * norm * slope;
    }
    sums[slot] += (weight / m) * sum;
    pull.data[pull.offset + j * pull.stride[0]] = norm > 0 ? ((weight / m) * slopes) / norm : 0;
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
