import type { View } from '../../array/matrix.ts';
import { softplus } from './activations.ts';

/** sums[slot] += (1/m) Σ ½(x̂ − x)²; dXHat = x̂ − x. */
export function squaredError(dXHat: View, sums: Float64Array, slot: number, xHat: View, x: View): void {
  const [m, columns] = x.shape;
  let sum = 0;
  for (let i = 0; i < m; i++) {
    let p = dXHat.offset + i * dXHat.stride[0];
    let q = xHat.offset + i * xHat.stride[0];
    let r = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += dXHat.stride[1], q += xHat.stride[1], r += x.stride[1]) {
      const error = xHat.data[q] - x.data[r];
      sum += error * error;
      dXHat.data[p] = error;
    }
  }
  sums[slot] += sum / (2 * m);
}

/** sums[slot] += (1/m) Σ log(1 + eᶻ) − x·z; delta = σ(z) − x. */
export function crossEntropy(delta: View, sums: Float64Array, slot: number, z: View, x: View): void {
  const [m, columns] = x.shape;
  let sum = 0;
  for (let i = 0; i < m; i++) {
    let p = delta.offset + i * delta.stride[0];
    let q = z.offset + i * z.stride[0];
    let r = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += delta.stride[1], q += z.stride[1], r += x.stride[1]) {
      const logit = z.data[q];
      const target = x.data[r];
      sum += softplus(logit) - target * logit;
      delta.data[p] = 1 / (1 + Math.exp(-logit)) - target;
    }
  }
  sums[slot] += sum / m;
}
