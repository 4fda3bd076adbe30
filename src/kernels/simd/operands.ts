import type { AnyNumbers, View } from '../../array/matrix.ts';

/** A flat operand is cut into rows of this many numbers, so that threads can share it. */
const FLAT_ROW = 4096;

/** How an elementwise kernel goes over its operands: row i has min(columns, total − i·columns) numbers. */
export interface Walk {
  readonly rows: number;
  readonly columns: number;
  readonly total: number;
  /** Rows a chunk: at least some ten microseconds of work. */
  readonly grain: number;
  /** Pointer, row stride and column stride of each operand, one after the other; strides count numbers. */
  readonly operands: readonly number[];
}

/** Where a view's first number lies in memory, in bytes. */
export function pointer(view: View<AnyNumbers>): number {
  return view.data.byteOffset + view.offset * view.data.BYTES_PER_ELEMENT;
}

function rowsOf({ shape }: View<AnyNumbers>): number {
  return shape.length === 1 ? 1 : shape[0];
}

export function rowStep({ stride }: View<AnyNumbers>): number {
  return stride.length === 1 ? 0 : stride[0];
}

export function columnStep({ stride }: View<AnyNumbers>): number {
  return stride[stride.length - 1];
}

/** Whether the numbers lie one after the other, in order. */
export function isFlat(view: View<AnyNumbers>): boolean {
  const columns = view.shape[view.shape.length - 1];
  return columnStep(view) === 1 && (rowsOf(view) <= 1 || rowStep(view) === columns);
}

/** The walk over views of one shape; where all lie flat, they are cut anew into rows of equal length. */
export function walk(...views: readonly View[]): Walk {
  const rows = rowsOf(views[0]);
  const columns = views[0].shape[views[0].shape.length - 1];
  const total = rows * columns;
  if (total === 0) return { rows: 0, columns, total, grain: 1, operands: [] };
  if (views.every(isFlat)) {
    const operands = views.flatMap((view) => [pointer(view), FLAT_ROW, 1]);
    return { rows: Math.ceil(total / FLAT_ROW), columns: FLAT_ROW, total, grain: 4, operands };
  }
  const operands = views.flatMap((view) => [pointer(view), rowStep(view), columnStep(view)]);
  return { rows, columns, total, grain: Math.ceil(16_384 / columns), operands };
}
