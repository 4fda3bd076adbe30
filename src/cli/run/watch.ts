import type { HistoryEntry } from '../../training/history.ts';
import type { Progress } from '../../training/progress.ts';
import type { ProgressBar } from '../output.ts';

/** Follows training: the progress bar, and a history of its own for runs that are interrupted. */
export class Watch {
  readonly history: HistoryEntry[];
  private readonly bar: ProgressBar;

  /** `earlier`: the epochs before this process took the run up. */
  constructor(bar: ProgressBar, earlier: readonly HistoryEntry[] = []) {
    this.bar = bar;
    this.history = [...earlier];
  }

  readonly see = (progress: Progress): void => {
    this.bar.update(progress);
    const { epoch, step, cost, terms } = progress;
    this.history[epoch - 1] = { epoch, step, cost, terms };
  };

  /** The epoch's own entry, of all its steps and with its validation. */
  readonly ended = (entry: HistoryEntry): void => {
    this.history[entry.epoch - 1] = entry;
  };

  stop(): void {
    this.bar.stop();
  }
}
