import type { Activation } from '../activations/activation.ts';
import type { View } from '../cpu-view.ts';

/** sums[slot] += (κ/m) Σₖ Σⱼ f′² r_j; dA_kj += 2κ·r_j·f″; pull_j = (2κ/m) Σₖ f′². */
export function contraction(
  dA: View,
  pull: View,
  sums: Float64Array,
  slot: number,
  a: View,
  norms: View,
  f: Activation,
  kappa: number,
  m: number,
): void {
  const [rows, units] = a.shape;
  for (let j = 0; j < units; j++) {
    const r = norms.data[norms.offset + j * norms.stride[0]];
    let squares = 0;
    let p = dA.offset + j * dA.stride[1];
    let q = a.offset + j * a.stride[1];
    for (let i = 0; i < rows; i++, p += dA.stride[0], q += a.stride[0]) {
      const slope = f.first(a.data[q]);
      squares += slope * slope;
      dA.data[p] += 2 * kappa * r * f.second(a.data[q]);
    }
    sums[slot] += (kappa / m) * squares * r;
    pull.data[pull.offset + j * pull.stride[0]] = ((2 * kappa) / m) * squares;
  }
}

/** out_k = Σⱼ f′(z_kj)² r_j; where `selected`, of a ≠ 0 alone. */
export function jacobianSquares(out: View, a: View, r: View, f: Activation, selected: boolean): void {
  const [m, units] = a.shape;
  const { data } = a;
  const step = a.stride[1];
  for (let i = 0; i < m; i++) {
    let sum = 0;
    let p = a.offset + i * a.stride[0];
    for (let j = 0; j < units; j++, p += step) {
      const value = data[p];
      if (selected && value === 0) continue;
      const slope = f.first(value);
      sum += slope * slope * r.data[r.offset + j * r.stride[0]];
    }
    out.data[out.offset + i * out.stride[0]] = sum;
  }
}
