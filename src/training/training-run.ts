import type { AnyNumbers, Numbers, View } from '../array/matrix.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import type { Group } from '../model/group.ts';
import type { BlockCheck } from './batch.ts';
import type { CheckpointOptions } from './checkpoints/checkpoint-options.ts';
import type { FitParts } from './fit-parts.ts';
import type { HistoryEntry } from './history.ts';
import type { FitPlan } from './options.ts';
import type { Progress, Told } from './progress.ts';

/** What a run trains on and with; everything has been checked. */
export interface TrainingRun {
  /** Kind and config of the model, plain JSON: what a checkpoint must agree with. */
  readonly identity: object;
  readonly x: View<AnyNumbers> | RowSource;
  /** Of each block of a source, as it arrives. */
  readonly check?: BlockCheck | undefined;
  /** Rows that are shuffled together: `blockRows` but in tests. */
  readonly block?: number | undefined;
  /** One-hot labels of a classifier. */
  readonly labels?: View<AnyNumbers> | undefined;
  /** Of an x that was computed: from what, by which parameters. A checkpoint must agree with those, not with x's rounding. */
  readonly origin?: {
    readonly x: View<AnyNumbers>;
    readonly frozen: View<Numbers>;
    readonly validation?: View<AnyNumbers> | undefined;
  };
  readonly plan: FitPlan;
  /** Where a fresh model begins otherwise than it was created; nothing else is running on it. */
  readonly begin?: ((signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** The first layer that is trained; those below keep their parameters. */
  readonly lowest?: number | undefined;
  readonly validate?: (() => Promise<number>) | undefined;
  /** What `validate` measures on: a checkpoint must agree with it. */
  readonly validation?: { readonly x: View<AnyNumbers>; readonly labels?: View<AnyNumbers> | undefined } | undefined;
  readonly onProgress?: Told<Progress> | undefined;
  readonly onEpoch?: Told<HistoryEntry> | undefined;
  /** Milliseconds between two calls of the first, the ends of validated epochs aside. */
  readonly progressEvery?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly checkpoint?: CheckpointOptions | undefined;
  readonly resume?: Uint8Array | undefined;
  /** The processes that share every batch. Default this one alone. */
  readonly group?: Group | undefined;
  /** Of several processes: aborts `signal` where that of one of them is aborted, between two steps of all. */
  readonly share?: (() => Promise<void>) | undefined;
  readonly parts?: FitParts | undefined;
  /** Milliseconds that an aborted run waits for its last checkpoint to be saved: 30 s but in tests. */
  readonly patience?: number | undefined;
}
