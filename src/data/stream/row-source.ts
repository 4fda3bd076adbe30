import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../../array/matrix.ts';
import { putInto, storageLike } from '../../array/numbers.ts';
import type { SourcePart } from './source-parts.ts';

/** Examples (m, d) that need not be in memory: they are read a block of rows at a time. */
export interface RowSource {
  /** m examples of d coordinates. */
  readonly shape: readonly [m: number, d: number];
  /**
   * Rows begin … end−1 as an (end − begin, d) view; every view has the same type and unit, which is checked. `old` is a
   * view that nobody needs any more, for its storage to be used again. A source that writes every view into storage of its
   * own is found out by its second view, and what it gives is copied. @throws InputError naming the file.
   */
  read(begin: number, end: number, old?: View<AnyNumbers>): Promise<View<AnyNumbers>>;
  /**
   * Those rows alone, which rise, as a (rows.length, d) view of the same type and unit, for a process that needs a part of every
   * block; `old` as in `read`. Without it blocks are read a piece at a time, and the rows copied out.
   */
  readRows?(rows: Uint32Array, old?: View<AnyNumbers>): Promise<View<AnyNumbers>>;
  /** Where a row comes from, for messages: "row 3 of part-1.npy". */
  where?(row: number): string;
  /**
   * The parts, such as files, that hold rows begin … end−1: a checkpoint tells by them whether a run goes on with the same
   * examples. Without it all rows are read and hashed once more at the beginning of every run with checkpoints.
   */
  parts?(begin: number, end: number): Promise<readonly SourcePart[]>;
}

/** Numbers of a piece that is read for some of its rows. */
const PIECE = 2 ** 21;

/** Rows of a source, at least one, which rise: by its `readRows`, or out of all that lie between them, a piece at a time. */
export async function readRowsOf(
  source: RowSource,
  rows: Uint32Array,
  old?: View<AnyNumbers>,
): Promise<View<AnyNumbers>> {
  if (source.readRows !== undefined) return source.readRows(rows, old);
  const d = source.shape[1];
  const most = Math.max(1, Math.floor(PIECE / d));
  let piece: View<AnyNumbers> | undefined;
  let out: View<AnyNumbers> | undefined;
  for (let done = 0; done < rows.length; ) {
    const begin = rows[done];
    let next = done;
    while (next < rows.length && rows[next] < begin + most) next++;
    piece = await source.read(begin, rows[next - 1] + 1, piece);
    if (out === undefined) {
      const made = matrix(storageLike(piece.data, rows.length * d), rows.length, d);
      out = Object.assign(made, piece.unit === undefined ? {} : { unit: piece.unit });
    }
    for (; done < next; done++) {
      const at = rows[done] - begin;
      putInto(out.data, toFlat(rowRange(piece, at, at + 1)), done * d);
    }
  }
  return out as View<AnyNumbers>;
}

/** Whether examples are read in blocks. */
export function isRowSource(x: unknown): x is RowSource {
  const { read, shape, data } = (x ?? {}) as Partial<Record<string, unknown>>;
  return typeof read === 'function' && Array.isArray(shape) && data === undefined;
}

/** Where a row comes from, in words. */
export function whereIn(source: RowSource, row: number): string {
  return source.where?.(row) ?? `row ${row}`;
}

/** Rows begin … end−1 of a source, as a source. */
export function sourceRange(source: RowSource, begin: number, end: number): RowSource {
  return {
    shape: [end - begin, source.shape[1]],
    read: (from, to, old) => source.read(begin + from, begin + to, old),
    ...(source.readRows && {
      readRows: async (rows, old) =>
        readRowsOf(
          source,
          rows.map((row) => begin + row),
          old,
        ),
    }),
    where: (row) => whereIn(source, begin + row),
    ...partsOf(source, begin),
  };
}

/** The `parts` of a source whose rows are another's from row `begin` on, where that has any. */
export function partsOf(source: RowSource, begin = 0): Pick<RowSource, 'parts'> {
  if (source.parts === undefined) return {};
  return { parts: async (from, to) => source.parts?.(begin + from, begin + to) ?? [] };
}
