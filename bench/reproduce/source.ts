import type { RowSource } from '../../src/data/stream/row-source.ts';

/** Examples that are made or read a block at a time, under a name that tells them from all others. */
export interface Source {
  readonly name: string;
  readonly x: RowSource;
}
