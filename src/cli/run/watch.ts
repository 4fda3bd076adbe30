import type { RunRecorder } from '../../node/run-recorder.ts';
import type { HistoryEntry } from '../../training/history.ts';
import type { Progress } from '../../training/progress.ts';
import type { ProgressBar } from '../output.ts';

/** Follows training: the progress bar, a history of its own for runs that are interrupted, and what goes into the run's folder. */
export class Watch {
  readonly history: HistoryEntry[];
  private readonly bar: ProgressBar;
  private readonly recorder: RunRecorder | null;

  /** `earlier`: the epochs before this process took the run up. */
  constructor(bar: ProgressBar, earlier: readonly HistoryEntry[] = [], recorder: RunRecorder | null = null) {
    this.bar = bar;
    this.history = [...earlier];
    this.recorder = recorder;
  }

  readonly see = (progress: Progress): Promise<void> | undefined => {
    this.bar.update(progress);
    const { epoch, step, cost, terms } = progress;
    this.history[epoch - 1] = { epoch, step, cost, terms };
    return this.recorder?.see(progress);
  };

  /** The epoch's own entry, of all its steps and with its validation. */
  readonly ended = (entry: HistoryEntry): Promise<void> | undefined => {
    this.history[entry.epoch - 1] = entry;
    return this.recorder?.ended(entry);
  };

  stop(): void {
    this.bar.stop();
  }

  /** After training, well or not. */
  async end(): Promise<void> {
    this.bar.stop();
    await this.recorder?.close();
  }
}
