import type { HistoryEntry } from '../../training/history.ts';
import type { Share } from './gradient-shares.ts';
import type { Snapshot } from './snapshot.ts';

/** What a session tells of. */
export interface Look extends Snapshot {
  readonly epoch: number;
  /** The epochs since the last look. */
  readonly history: readonly HistoryEntry[];
  readonly examplesPerSecond: number;
  readonly shares: readonly Share[];
  readonly playing: boolean;
}

/** An answer of a unit. */
export interface Answers {
  readonly unit: number;
  readonly examples: readonly { readonly row: number; readonly activation: number }[];
}
