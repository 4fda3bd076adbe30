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

/** Numbers of a piece, as programs over elements take them. */
export const PIECE = {
  piece_row: 'u32',
  piece_rows: 'u32',
  piece_column: 'u32',
  piece_columns: 'u32',
  piece_turned: 'u32',
} as const;

/** A part of a call over elements: its numbers, and what of the views it binds. */
export interface PieceOfCall {
  readonly elements: number;
  readonly piece: Piece;
  readonly numbers: { readonly [name in keyof typeof PIECE]: number };
  readonly touched: Readonly<Record<string, readonly [number, number]>> | undefined;
}

/** A call over the elements of `shape` in pieces that a device can bind; views of that extent are bound in part, others whole. */
export function piecesOfCall(
  shape: View,
  views: Readonly<Record<string, View | null>>,
  largest: number,
): readonly PieceOfCall[] {
  const [rows, columns] = extent(shape);
  const turned = shape.stride.length === 2 && Math.abs(shape.stride[0]) < Math.abs(shape.stride[1]) ? 1 : 0;
  const cut = Object.values(views).filter((view) => view !== null && isOf(view, rows, columns)) as View[];
  const pieces = piecesOf(rows, columns, cut, largest);
  return pieces.map((piece) => ({
    elements: piece.rows * piece.columns,
    piece,
    numbers: {
      piece_row: piece.row,
      piece_rows: piece.rows,
      piece_column: piece.column,
      piece_columns: piece.columns,
      piece_turned: turned,
    },
    touched: pieces.length === 1 ? undefined : touchedOf(views, rows, columns, piece),
  }));
}

/** Statements that call `visit` for element e of a piece, so that neighbours in memory are visited by neighbours. */
export function visiting(visit: (i: string, j: string) => string): string {
  return `if (p.piece_turned == 1u) { ${visit('p.piece_row + e % p.piece_rows', 'p.piece_column + e / p.piece_rows')} }
    else if (p.piece_rows == 1u) { ${visit('p.piece_row', 'p.piece_column + e')} }
    else { ${visit('p.piece_row + e / p.piece_columns', 'p.piece_column + e % p.piece_columns')} }`;
}
