import type { View } from '../../array/matrix.ts';
import { type AnyNumbers, numberAt } from '../../array/numbers.ts';

/** Row i of x, its unit divided out, into `out`. */
export function takeRow(x: View<AnyNumbers>, i: number, out: Float64Array): void {
  const { data, stride, offset, unit = 1 } = x;
  for (let j = 0, p = offset + i * stride[0]; j < out.length; j++, p += stride[1]) out[j] = numberAt(data, p) / unit;
}

/** Takes a row's mean off it, and returns it. A row of one value becomes exactly 0, whatever its mean rounds to. */
export function centre(row: Float64Array): number {
  const [first] = row;
  let sum = 0;
  let isConstant = true;
  for (let j = 0; j < row.length; j++) {
    sum += row[j];
    if (row[j] !== first) isConstant = false;
  }
  const mean = isConstant ? first : sum / row.length;
  for (let j = 0; j < row.length; j++) row[j] -= mean;
  return mean;
}

/** Between these no square, nor a sum of many, overflows or is lost. */
const [TINY, HUGE] = [1e-280, 1e280];

/** ‖row‖, also where its squares would overflow or vanish. */
export function lengthOf(row: Float64Array): number {
  let squares = 0;
  for (let j = 0; j < row.length; j++) squares += row[j] * row[j];
  if (squares > TINY && squares < HUGE) return Math.sqrt(squares);
  let largest = 0;
  for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
  if (largest === 0) return 0;
  squares = 0;
  for (let j = 0; j < row.length; j++) squares += (row[j] / largest) ** 2;
  return largest * Math.sqrt(squares);
}
