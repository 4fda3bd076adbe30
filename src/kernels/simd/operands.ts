import type { AnyNumbers } from '../../array/matrix.ts';
import type { View } from '../cpu-view.ts';
import type { Runner } from './runner.ts';

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

function columnsOf({ shape }: View<AnyNumbers>): number {
  return shape[shape.length - 1];
}

export function rowStep({ stride }: View<AnyNumbers>): number {
  return stride.length === 1 ? 0 : stride[0];
}

export function columnStep({ stride }: View<AnyNumbers>): number {
  return stride[stride.length - 1];
}

/**
 * The walk over views of one shape, in any order: along columns where those are what lies in a row of storage; where all
 * lie flat, they are cut anew into rows of equal length. Plain loops, since small models call this for a hundred numbers.
 */
export function walk(...views: readonly View[]): Walk {
  let lying = true;
  let standing = true;
  for (const view of views) {
    lying &&= columnStep(view) === 1;
    standing &&= view.shape.length === 2 && view.stride[0] === 1;
  }
  const turned = standing && !lying;
  const rows = turned ? columnsOf(views[0]) : rowsOf(views[0]);
  const columns = turned ? rowsOf(views[0]) : columnsOf(views[0]);
  let flat = lying || standing;
  for (const view of views) flat &&= rows <= 1 || (turned ? columnStep(view) : rowStep(view)) === columns;
  const total = rows * columns;
  if (!flat || total === 0) return rowsOfAll(views, rows, columns, turned);
  const operands: number[] = [];
  for (const view of views) operands.push(pointer(view), FLAT_ROW, 1);
  return { rows: Math.ceil(total / FLAT_ROW), columns: FLAT_ROW, total, grain: 4, operands };
}

/** The walk that keeps the rows as they are: for kernels that need to know where one ends. */
export function rowWalk(...views: readonly View[]): Walk {
  return rowsOfAll(views, rowsOf(views[0]), columnsOf(views[0]), false);
}

function rowsOfAll(views: readonly View[], rows: number, columns: number, turned: boolean): Walk {
  const operands: number[] = [];
  for (const view of views) {
    if (turned) operands.push(pointer(view), columnStep(view), rowStep(view));
    else operands.push(pointer(view), rowStep(view), columnStep(view));
  }
  const total = rows * columns;
  const grain = Math.ceil(16_384 / Math.max(1, columns));
  return { rows: total === 0 ? 0 : rows, columns, total, grain, operands };
}

/** Runs a kernel over a walk; `rest` are the arguments that follow the operands. */
export function runWalk(machine: Runner, threads: number, kernel: string, over: Walk, ...rest: number[]): void {
  const { rows, columns, total, grain, operands } = over;
  machine.run(kernel, threads, rows, grain, columns, total, ...operands, ...rest);
}
