import type { View } from '../cpu-view.ts';
import type { KlSparsity } from '../kernels.ts';
import { columnStride, extent, rowStride } from './vectors.ts';

/** ρ̂ is held in [ε, 1 − ε], so that a dead or saturated unit has a finite cost and a finite push. */
const RATE_MARGIN = 1e-8;

/** sums[slot] += (λ/2) Σ w²; dW = λ·w. */
export function weightDecay(dW: View, sums: Float64Array, slot: number, w: View, lambda: number): void {
  const { rows, columns } = extent(w);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = dW.offset + i * rowStride(dW);
    let q = w.offset + i * rowStride(w);
    for (let j = 0; j < columns; j++, p += columnStride(dW), q += columnStride(w)) {
      sum += w.data[q] * w.data[q];
      dW.data[p] = lambda * w.data[q];
    }
  }
  sums[slot] += (lambda / 2) * sum;
}

/** sums[slot] += γ Σ |w|; dW += γ·sign(w). */
export function weightL1(dW: View, sums: Float64Array, slot: number, w: View, gamma: number): void {
  const { rows, columns } = extent(w);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = dW.offset + i * rowStride(dW);
    let q = w.offset + i * rowStride(w);
    for (let j = 0; j < columns; j++, p += columnStride(dW), q += columnStride(w)) {
      sum += Math.abs(w.data[q]);
      dW.data[p] += gamma * Math.sign(w.data[q]);
    }
  }
  sums[slot] += gamma * sum;
}

/** sums[slot] += β Σⱼ KL(ρ‖r_j), r = scale·ρ̂ + shift; push_j = scale·β(−ρ/r_j + (1−ρ)/(1−r_j)). */
export function klSparsity(push: View, sums: Float64Array, slot: number, rhoHat: View, kl: KlSparsity): void {
  const { target: rho, weight: beta, scale, shift } = kl;
  const units = rhoHat.shape[0];
  let sum = 0;
  for (let j = 0; j < units; j++) {
    const rate = scale * rhoHat.data[rhoHat.offset + j * rhoHat.stride[0]] + shift;
    // Written so that a NaN stays a NaN: Math.min and Math.max pass it on. The clamp keeps cost and push finite; it does not
    // revive a unit whose a has rounded to 1 on every example (float32: z > 16.6), for f′ = a(1 − a) is 0 there.
    const r = Math.min(Math.max(rate, RATE_MARGIN), 1 - RATE_MARGIN);
    sum += rho * Math.log(rho / r) + (1 - rho) * Math.log((1 - rho) / (1 - r));
    push.data[push.offset + j * push.stride[0]] = scale * beta * (-rho / r + (1 - rho) / (1 - r));
  }
  sums[slot] += beta * sum;
}

/** sums[slot] += (γ/m) Σ |a|; dA += γ·sign(a). */
export function l1Sparsity(dA: View, sums: Float64Array, slot: number, a: View, gamma: number, m: number): void {
  const [rows, units] = a.shape;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = dA.offset + i * dA.stride[0];
    let q = a.offset + i * a.stride[0];
    for (let j = 0; j < units; j++, p += dA.stride[1], q += a.stride[1]) {
      sum += Math.abs(a.data[q]);
      dA.data[p] += gamma * Math.sign(a.data[q]);
    }
  }
  sums[slot] += (gamma / m) * sum;
}
