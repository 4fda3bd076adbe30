import type { View } from '../../array/matrix.ts';
import type { ActivationName } from '../kernels.ts';

/** f′(z) and f″(z) as functions of the output a = f(z). Where f has a kink (ReLU at 0), the limit from the left. */
const derivatives: Record<ActivationName, { first: (a: number) => number; second: (a: number) => number }> = {
  sigmoid: { first: (a) => a * (1 - a), second: (a) => a * (1 - a) * (1 - 2 * a) },
  tanh: { first: (a) => 1 - a * a, second: (a) => -2 * a * (1 - a * a) },
  softplus: { first: (a) => -Math.expm1(-a), second: (a) => -Math.expm1(-a) * Math.exp(-a) },
  relu: { first: (a) => (a > 0 ? 1 : 0), second: () => 0 },
  linear: { first: () => 1, second: () => 0 },
};

/** sums[slot] += (κ/m) Σₖ Σⱼ f′² r_j; dA_kj += 2κ·r_j·f″; pull_j = (2κ/m) Σₖ f′². */
export function contraction(
  dA: View,
  pull: View,
  sums: Float64Array,
  slot: number,
  a: View,
  norms: View,
  f: ActivationName,
  kappa: number,
): void {
  const { first, second } = derivatives[f];
  const [m, units] = a.shape;
  for (let j = 0; j < units; j++) {
    const r = norms.data[norms.offset + j * norms.stride[0]];
    let squares = 0;
    let p = dA.offset + j * dA.stride[1];
    let q = a.offset + j * a.stride[1];
    for (let i = 0; i < m; i++, p += dA.stride[0], q += a.stride[0]) {
      const slope = first(a.data[q]);
      squares += slope * slope;
      dA.data[p] += 2 * kappa * r * second(a.data[q]);
    }
    sums[slot] += (kappa / m) * squares * r;
    pull.data[pull.offset + j * pull.stride[0]] = ((2 * kappa) / m) * squares;
  }
}
