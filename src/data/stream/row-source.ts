import type { AnyNumbers, View } from '../../array/matrix.ts';
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
  /** Where a row comes from, for messages: "row 3 of part-1.npy". */
  where?(row: number): string;
  /**
   * The parts, such as files, that hold rows begin … end−1: a checkpoint tells by them whether a run goes on with the same
   * examples. Without it all rows are read and hashed once more at the beginning of every run with checkpoints.
   */
  parts?(begin: number, end: number): Promise<readonly SourcePart[]>;
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
    where: (row) => whereIn(source, begin + row),
    ...partsOf(source, begin),
  };
}

/** The `parts` of a source whose rows are another's from row `begin` on, where that has any. */
export function partsOf(source: RowSource, begin = 0): Pick<RowSource, 'parts'> {
  if (source.parts === undefined) return {};
  return { parts: async (from, to) => source.parts?.(begin + from, begin + to) ?? [] };
}
