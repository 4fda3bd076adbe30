import { InputError, show } from '../../../errors.ts';
import type { FullOptions, Multiply } from './options.ts';
import { drawOnce } from './setup-draws.ts';

/** Of Adam, as PyTorch has them. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** V, (F, d): random unit rows, made more orthogonal. */
export async function drawDirections(options: FullOptions, multiply?: Multiply): Promise<Float32Array> {
  const { features, width, seed } = options;
  const v = Float32Array.from(drawOnce('directions', features * width, seed));
  scaleRows(v, width);
  await orthogonalize(v, options, multiply);
  return v;
}

/**
 * `orthogonalSteps` steps of Adam on Σᵢ≠ⱼ (vᵢ·vⱼ)² + F·Σᵢ (‖vᵢ‖² − 1)² from V, (F, d), whose rows are then scaled to length 1.
 * The gradient is 4(V·C − ‖vᵢ‖²vᵢ) + 4F(‖vᵢ‖² − 1)vᵢ with C = VᵀV, (d, d): no (F, F) products are needed.
 */
export async function orthogonalize(
  v: Float32Array,
  options: Pick<FullOptions, 'features' | 'width' | 'orthogonalSteps' | 'orthogonalRate'>,
  multiply: Multiply = plain,
): Promise<void> {
  const { features: n, width: d, orthogonalSteps, orthogonalRate } = options;
  const first = new Float32Array(n * d);
  const second = new Float32Array(n * d);
  for (let step = 1; step <= orthogonalSteps; step++) {
    const c = await product(multiply, v, v, { rows: d, depth: n, columns: d, transposed: true });
    const pulled = await product(multiply, v, c, { rows: n, depth: d, columns: d, transposed: false });
    const rate = orthogonalRate / (1 - BETA1 ** step);
    const correction = 1 - BETA2 ** step;
    for (let begin = 0; begin < n * d; begin += d) {
      const square = squaredLength(v, begin, d);
      const own = 4 * n * (square - 1) - 4 * square;
      for (let p = begin; p < begin + d; p++) {
        const gradient = 4 * pulled[p] + own * v[p];
        first[p] = BETA1 * first[p] + (1 - BETA1) * gradient;
        second[p] = BETA2 * second[p] + (1 - BETA2) * gradient * gradient;
        v[p] -= (rate * first[p]) / (Math.sqrt(second[p] / correction) + EPSILON);
      }
    }
  }
  scaleRows(v, d);
}

/** @throws InputError where the caller's function gives no such matrix. */
async function product(multiply: Multiply, ...operands: Parameters<Multiply>): Promise<Float32Array> {
  const [, , { rows, columns }] = operands;
  const out: unknown = await multiply(...operands);
  if (out instanceof Float32Array && out.length === rows * columns) return out;
  const given = out instanceof Float32Array ? `${out.length} numbers` : show(out);
  throw new InputError(`options.multiply gave ${given}: it must give a Float32Array of ${rows} × ${columns}`);
}

/** A random direction of that length, (d). */
export function drawBias({ width, bias, seed }: FullOptions): Float64Array {
  const direction = drawOnce('bias', width, seed);
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  return direction.map((value) => (bias * value) / length);
}

function squaredLength(v: Float32Array, begin: number, d: number): number {
  let sum = 0;
  for (let p = begin; p < begin + d; p++) sum += v[p] * v[p];
  return sum;
}

function scaleRows(v: Float32Array, d: number): void {
  for (let begin = 0; begin < v.length; begin += d) {
    const length = Math.sqrt(squaredLength(v, begin, d));
    for (let p = begin; p < begin + d; p++) v[p] /= length;
  }
}

/** Plain loops, with float64 sums. */
const plain: Multiply = (a, b, { rows, depth, columns, transposed }) => {
  const out = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  const [rowStride, depthStride] = transposed ? [1, rows] : [depth, 1];
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let k = 0; k < depth; k++) {
      const factor = a[i * rowStride + k * depthStride];
      for (let j = 0, q = k * columns; j < columns; j++) sums[j] += factor * b[q + j];
    }
    out.set(sums, i * columns);
  }
  return out;
};
