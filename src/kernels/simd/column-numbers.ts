import type { View } from '../cpu-view.ts';

/** What column j has. */
export type ByColumn = (j: number) => number;

/** The numbers of a vector. */
export function numbersOf({ data, offset, stride }: View): ByColumn {
  return (j) => data[offset + j * stride[0]];
}

/** ‖D_j‖ from their squares. */
export function normsOf({ data, offset, stride }: View): ByColumn {
  return (j) => Math.sqrt(data[offset + j * stride[0]]);
}

/** v_j = value(j). */
export function put({ data, offset, stride, shape }: View, value: ByColumn): void {
  for (let j = 0; j < shape[0]; j++) data[offset + j * stride[0]] = value(j);
}

/** v_j += value(j). */
export function add({ data, offset, stride, shape }: View, value: ByColumn): void {
  for (let j = 0; j < shape[0]; j++) data[offset + j * stride[0]] += value(j);
}

/** Σ value(j) over the columns of a matrix. */
export function total({ shape }: View, value: ByColumn): number {
  let sum = 0;
  for (let j = 0; j < shape[1]; j++) sum += value(j);
  return sum;
}
