import type { AnyNumbers, View } from '../array/matrix.ts';

/** Where the examples of a batch lie: rows of x. Holds until the next batch is taken. */
export interface Batch {
  readonly x: View<AnyNumbers>;
  /** Of the whole batch; those of other processes mean nothing where x holds this one's alone. */
  readonly rows: Uint32Array;
  /** What its rows are compared with, where they come with it. */
  readonly labels?: View<AnyNumbers> | undefined;
}

/** Hands out the examples that `eachBatch` names, in its order, from memory or from a source. */
export interface Feed {
  /** Rows that are shuffled together, for `eachBatch`. */
  readonly block: number;
  /** @throws InputError where a block cannot be read, or holds a value that is not allowed. */
  take(examples: Uint32Array, epoch: number): Batch | Promise<Batch>;
  /** Resolves when nothing is being read any more. */
  close(): Promise<void>;
}

/** Checks rows of a source, `rowOf` their numbers there. @throws InputError */
export type BlockCheck = (x: View<AnyNumbers>, rowOf: (row: number) => number) => void;

/** Brings rows within reach of kernels, of which a copy is made: gives what lets go of them. */
export type HoldRows = (x: View<AnyNumbers>) => Promise<() => void>;

/** Where rows are within reach anyway. */
export const noHold: HoldRows = async () => () => {};
