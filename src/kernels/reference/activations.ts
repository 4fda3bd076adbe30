import type { Numbers, View } from '../../array/matrix.ts';
import type { ActivationName } from '../kernels.ts';
import { columnStride, extent, rowStride } from './vectors.ts';

/** out[p + j·outStep] = f(z[q + j·step]) for j < n. */
type RowForward = (out: Numbers, p: number, outStep: number, z: Numbers, q: number, step: number, n: number) => void;

const forward: Record<ActivationName, RowForward> = {
  /** σ(z) = 1/(1 + e⁻ᶻ), in (0, 1). */
  sigmoid(out, p, outStep, z, q, step, n) {
    for (let j = 0; j < n; j++, p += outStep, q += step) out[p] = 1 / (1 + Math.exp(-z[q]));
  },
  /** tanh(z), in (−1, 1). */
  tanh(out, p, outStep, z, q, step, n) {
    for (let j = 0; j < n; j++, p += outStep, q += step) out[p] = Math.tanh(z[q]);
  },
  /** max(z, 0). A NaN stays a NaN. */
  relu(out, p, outStep, z, q, step, n) {
    for (let j = 0; j < n; j++, p += outStep, q += step) out[p] = Math.max(z[q], 0);
  },
  /** log(1 + eᶻ), without overflow. */
  softplus(out, p, outStep, z, q, step, n) {
    for (let j = 0; j < n; j++, p += outStep, q += step) out[p] = softplus(z[q]);
  },
  linear(out, p, outStep, z, q, step, n) {
    for (let j = 0; j < n; j++, p += outStep, q += step) out[p] = z[q];
  },
};

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|). */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** out_ij = f(z_ij). */
export function activate(out: View, z: View, f: ActivationName): void {
  const { rows, columns } = extent(out);
  for (let i = 0; i < rows; i++) {
    const p = out.offset + i * rowStride(out);
    const q = z.offset + i * rowStride(z);
    forward[f](out.data, p, columnStride(out), z.data, q, columnStride(z), columns);
  }
}

/** out[p] *= f′, from the outputs a[r] = f(z), for n elements. */
type RowBackward = (out: Numbers, p: number, outStep: number, a: Numbers, r: number, step: number, n: number) => void;

const multiplyByDerivative: Record<ActivationName, RowBackward> = {
  /** f′ = a(1 − a). */
  sigmoid(out, p, outStep, a, r, step, n) {
    for (let j = 0; j < n; j++, p += outStep, r += step) out[p] *= a[r] * (1 - a[r]);
  },
  /** f′ = 1 − a². */
  tanh(out, p, outStep, a, r, step, n) {
    for (let j = 0; j < n; j++, p += outStep, r += step) out[p] *= 1 - a[r] * a[r];
  },
  /** f′ = 1 where a > 0, else 0 (0 at the kink z = 0). */
  relu(out, p, outStep, a, r, step, n) {
    for (let j = 0; j < n; j++, p += outStep, r += step) if (a[r] <= 0) out[p] = 0;
  },
  /** f′ = σ(z) = 1 − e⁻ᵃ. */
  softplus(out, p, outStep, a, r, step, n) {
    for (let j = 0; j < n; j++, p += outStep, r += step) out[p] *= -Math.expm1(-a[r]);
  },
  linear() {},
};

/** out_ij = (upstream_ij + push_j)·f′(z_ij); `push` null counts as 0. */
export function delta(out: View, upstream: View, push: View | null, a: View, f: ActivationName): void {
  const { rows, columns } = extent(out);
  const outStep = columnStride(out);
  const upStep = columnStride(upstream);
  for (let i = 0; i < rows; i++) {
    const first = out.offset + i * rowStride(out);
    let p = first;
    let q = upstream.offset + i * rowStride(upstream);
    if (push !== null) {
      const pushStep = columnStride(push);
      let s = push.offset;
      for (let j = 0; j < columns; j++, p += outStep, q += upStep, s += pushStep) {
        out.data[p] = upstream.data[q] + push.data[s];
      }
    } else if (out !== upstream) {
      for (let j = 0; j < columns; j++, p += outStep, q += upStep) out.data[p] = upstream.data[q];
    }
    multiplyByDerivative[f](out.data, first, outStep, a.data, a.offset + i * rowStride(a), columnStride(a), columns);
  }
}
