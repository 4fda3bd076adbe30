import type { Run } from '../training/run.ts';
import type { MetricsLine } from './metrics-line.ts';
import type { Seen } from './read-snapshot.ts';
import type { Summary } from './run-summary.ts';
import type { RunState } from './run-view.ts';

/** All that a run folder says of its run, read. What is not there, or is damaged, is null. */
export interface RunAccount {
  readonly folder: string;
  readonly state: RunState;
  /** What the state means, in words. */
  readonly says: string;
  readonly run: Run | null;
  /** The words of the command that began it, without the program. */
  readonly command: readonly string[] | null;
  readonly summary: Summary | null;
  /** What is known of a run that is not over. */
  readonly about: {
    readonly examples: number;
    readonly read?: string | undefined;
    readonly steps: number;
    readonly epochs: number;
  } | null;
  readonly lines: readonly MetricsLine[];
  readonly snapshot: Seen | null;
}
