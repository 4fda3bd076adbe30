import { median, quantile } from '../../src/array/quantile.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';
import { STEPS, TOLERANCE } from './rows.ts';

/** Of one subject in one row. */
export interface Measured {
  readonly processes: number;
  readonly threads: number;
  /** Given to MPI in a step, by each process. */
  readonly bytes: number;
  readonly library: string;
  /** Milliseconds a step, of all rounds. */
  readonly samples: readonly number[];
}

/** What one run measures, or several that are put together. */
export interface Pooled {
  readonly costs: Record<string, readonly number[]>;
  readonly rows: Record<string, Record<string, Measured>>;
}

function megabytes(bytes: number): string {
  return bytes === 0 ? '–' : `${digits(bytes / 1e6)} MB`;
}

/** A row a subject; the fastest pass of the first subject of its row, one process with two threads, over that of each. */
export function reportOf({ rows }: Pooled, names: readonly string[], order: readonly string[]): Report {
  const records = names.flatMap((row) => {
    const own = rows[row] ?? {};
    const first = own[order[0]];
    return order.flatMap((subject) => {
      const measured = own[subject];
      if (measured === undefined) return [];
      const { samples, ...more } = measured;
      const middle = median(samples);
      const least = Math.min(...samples);
      const over = first === undefined ? null : Math.min(...first.samples) / least;
      const [low, high] = [quantile(samples, 0.25), quantile(samples, 0.75)];
      return [{ row, subject, least, median: middle, low, high, samples: samples.length, over, ...more }];
    });
  });
  return {
    title: 'A step of several processes on one machine',
    checked: `the costs of the first ${STEPS} steps on one batch are those of every other subject of the row, PyTorch among them, to ${TOLERANCE.kl} (TopK: ${TOLERANCE['top-k']}), before timing`,
    columns: [
      'a step',
      'who',
      'fastest',
      'median',
      'quartiles',
      'one process of 2 threads over it',
      'given to the sums',
    ],
    rows: records.map(({ row, subject, least, median: middle, low, high, over, bytes }) => [
      ...[row, subject, duration(least), duration(middle), durations(low, high)],
      ...[over === null ? '–' : `${over.toFixed(2)}×`, megabytes(bytes)],
    ]),
    records,
    notes: [
      'fastest: the fastest pass over the data, by which subjects are compared, as other work took the processors at times; quartiles are those of the passes',
      'all on noise, the same of every subject, from the same start; subjects by turns, each launched anew in every round',
      'PyTorch: DistributedDataParallel, one process without it; TopK by embedding_bag over the survivors; Adam is torch.optim.Adam',
      'given to the sums: what each process hands to MPI in a step, of which about twice as much is sent and received by a ring; of gloo the gradient',
    ],
  };
}
