import { softplusOf } from '../activations/softplus.ts';
import type { View } from '../cpu-view.ts';

/** The weight of coordinate j of example i. */
function emphasisAt(emphasis: View, i: number, j: number): number {
  return emphasis.data[emphasis.offset + i * emphasis.stride[0] + j * emphasis.stride[1]];
}

/** sums[slot] += (1/m) Σ e·½(x̂ − x)²; dXHat = e·(x̂ − x). */
export function squaredError(
  dXHat: View,
  sums: Float64Array,
  slot: number,
  xHat: View,
  x: View,
  emphasis: View | null,
  m: number,
): void {
  const [rows, columns] = x.shape;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = dXHat.offset + i * dXHat.stride[0];
    let q = xHat.offset + i * xHat.stride[0];
    let r = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += dXHat.stride[1], q += xHat.stride[1], r += x.stride[1]) {
      const error = xHat.data[q] - x.data[r];
      const e = emphasis === null ? 1 : emphasisAt(emphasis, i, j);
      sum += e * error * error;
      dXHat.data[p] = e * error;
    }
  }
  sums[slot] += sum / (2 * m);
}

/** sums[slot] += (1/m) Σ e·(log(1 + exp z) − x·z); delta = e·(σ(z) − x). */
export function crossEntropy(
  delta: View,
  sums: Float64Array,
  slot: number,
  z: View,
  x: View,
  emphasis: View | null,
  m: number,
): void {
  const [rows, columns] = x.shape;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = delta.offset + i * delta.stride[0];
    let q = z.offset + i * z.stride[0];
    let r = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += delta.stride[1], q += z.stride[1], r += x.stride[1]) {
      const logit = z.data[q];
      const target = x.data[r];
      const e = emphasis === null ? 1 : emphasisAt(emphasis, i, j);
      sum += e * (softplusOf(logit) - target * logit);
      delta.data[p] = e * (1 / (1 + Math.exp(-logit)) - target);
    }
  }
  sums[slot] += sum / m;
}

/** sums[slot] += (1/m) Σₖ log Σⱼ exp z_kj − y_k·z_k; delta = softmax(z) − y. The largest logit is taken off first. */
export function softmaxCrossEntropy(delta: View, sums: Float64Array, slot: number, z: View, y: View, m: number): void {
  const [rows, classes] = z.shape;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const zRow = z.offset + i * z.stride[0];
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) top = Math.max(top, z.data[zRow + j * z.stride[1]]);
    let total = 0;
    for (let j = 0; j < classes; j++) total += Math.exp(z.data[zRow + j * z.stride[1]] - top);
    const logTotal = Math.log(total);
    for (let j = 0; j < classes; j++) {
      const logit = z.data[zRow + j * z.stride[1]] - top;
      const target = y.data[y.offset + i * y.stride[0] + j * y.stride[1]];
      sum += target * (logTotal - logit);
      delta.data[delta.offset + i * delta.stride[0] + j * delta.stride[1]] = Math.exp(logit) / total - target;
    }
  }
  sums[slot] += sum / m;
}

/** out_k = softmax(z_k). */
export function softmax(out: View, z: View): void {
  const [m, classes] = z.shape;
  for (let i = 0; i < m; i++) {
    const p = out.offset + i * out.stride[0];
    const q = z.offset + i * z.stride[0];
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) top = Math.max(top, z.data[q + j * z.stride[1]]);
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      const e = Math.exp(z.data[q + j * z.stride[1]] - top);
      out.data[p + j * out.stride[1]] = e;
      sum += e;
    }
    for (let j = 0; j < classes; j++) out.data[p + j * out.stride[1]] /= sum;
  }
}
