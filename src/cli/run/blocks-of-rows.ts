/** Numbers of a block, in examples or in what a model makes of them. */
const NUMBERS = 2 ** 24;
/** Layers that select over a batch do so over so many examples: results are those of one process where blocks are multiples of it. */
const BATCH = 1024;
const MOST = 16;

/** Examples in blocks that go through a model one at a time, and which of them a process takes. */
export interface BlocksOfRows {
  readonly count: number;
  /** The rows of a block: begin … end−1. */
  range(block: number): readonly [begin: number, end: number];
  /** The blocks of a process that takes neighbours: begin … end−1, as many as the others take, to within one. */
  of(rank: number): readonly [begin: number, end: number];
}

/**
 * Blocks of `examples` rows that take memory for some 2²⁴ numbers where rows have `width`, or for 1,024 rows, and of which there are
 * enough for `processes`.
 */
export function blocksOfRows(examples: number, width: number, processes: number): BlocksOfRows {
  const batches = Math.ceil(examples / BATCH);
  const room = Math.max(1, Math.min(MOST, Math.floor(NUMBERS / width / BATCH)));
  const rows = BATCH * Math.max(1, Math.min(room, Math.floor(batches / processes)));
  const count = Math.ceil(examples / rows);
  const first = (rank: number) => Math.floor((rank * count) / processes);
  return {
    count,
    range: (block) => [block * rows, Math.min(examples, (block + 1) * rows)],
    of: (rank) => [first(rank), first(rank + 1)],
  };
}
