import type { View } from '../../array/matrix.ts';
import { type GpuBlock, WIDTH } from './block.ts';
import { ALIGNMENT } from './program.ts';

/** Some of the rows and columns of a call. */
export interface Piece {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** Rows and columns of a view; one of rank 1 is a row, of rank 0 a number. */
export function extent({ shape }: View): readonly [number, number] {
  return shape.length === 2 ? [shape[0], shape[1]] : [1, shape.length === 0 ? 1 : shape[0]];
}

/** From row to row, and from column to column. */
export function steps({ stride }: View): readonly [number, number] {
  return [stride.length === 2 ? stride[0] : 0, stride.length === 0 ? 0 : stride[stride.length - 1]];
}

/** Bytes that a binding of a part of a view may take. */
export function bytesOf(view: View, rows: number, columns: number): number {
  const [down, across] = steps(view);
  const reach = Math.max(0, rows - 1) * Math.abs(down) + Math.max(0, columns - 1) * Math.abs(across);
  return (reach + 1) * WIDTH[(view.data as GpuBlock).kind] + ALIGNMENT;
}

/** The longest binding that is asked for: what a device allows, in whole units of where they begin. */
export function longest(largestBinding: number): number {
  return largestBinding - (largestBinding % ALIGNMENT);
}

/**
 * Rows and columns in pieces small enough that none of the views, of that extent all, is bound with more than `largest` bytes: one
 * where they fit. Halved along the axis on which the longest of them reaches farther. They depend on sizes alone.
 */
export function piecesOf(rows: number, columns: number, views: readonly View[], largest: number): readonly Piece[] {
  const most = longest(largest);
  const cut = (piece: Piece): readonly Piece[] => {
    const view = views.find((each) => bytesOf(each, piece.rows, piece.columns) > most);
    if (view === undefined || piece.rows * piece.columns <= 1) return [piece];
    const [down, across] = steps(view);
    const byRows = piece.columns < 2 || (piece.rows > 1 && Math.abs(down) >= Math.abs(across));
    return byRows
      ? halves(piece.rows).flatMap(([first, count]) => cut({ ...piece, row: piece.row + first, rows: count }))
      : halves(piece.columns).flatMap(([first, count]) =>
          cut({ ...piece, column: piece.column + first, columns: count }),
        );
  };
  return cut({ row: 0, rows, column: 0, columns });
}

/** First element and length of the halves of a length: the first has a multiple of 64, where that leaves something to both. */
function halves(length: number): readonly (readonly [number, number])[] {
  const half = length > 64 ? Math.ceil(length / 128) * 64 : Math.ceil(length / 2);
  return [
    [0, half],
    [half, length - half],
  ];
}

/** First and last element of a piece of a view. */
export function spanOf(view: View, { row, rows, column, columns }: Piece): readonly [number, number] {
  const [down, across] = steps(view);
  const first = view.offset + row * down + column * across;
  const [i, j] = [Math.max(0, rows - 1) * down, Math.max(0, columns - 1) * across];
  return [first + Math.min(0, i) + Math.min(0, j), first + Math.max(0, i) + Math.max(0, j)];
}

/** What a call on a piece binds of those views that have the extent of the whole. */
export function touchedOf(
  views: Readonly<Record<string, View | null>>,
  rows: number,
  columns: number,
  piece: Piece,
): Readonly<Record<string, readonly [number, number]>> {
  return Object.fromEntries(
    Object.entries(views).flatMap(([name, view]) =>
      view !== null && isOf(view, rows, columns) ? [[name, spanOf(view, piece)] as const] : [],
    ),
  );
}

/** Whether a view has so many rows and columns. */
export function isOf(view: View, rows: number, columns: number): boolean {
  const [r, c] = extent(view);
  return r === rows && c === columns;
}
