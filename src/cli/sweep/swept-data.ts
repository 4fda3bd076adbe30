import type { AnyNumbers, View } from '../../array/matrix.ts';
import type { Run } from '../../training/run.ts';
import { say } from '../output.ts';
import { trainingData } from '../run/block-data.ts';
import { decided, type Open, type Suited, suitModel, suitNote } from '../run/suit-data.ts';

/** Data that were read, as far as what is chosen by them goes. */
interface Seen {
  readonly data: Run['data'];
  /** The training examples, or a sample of them. */
  readonly x: View<AnyNumbers>;
  readonly rows: number;
  readonly chosen: readonly string[];
  readonly measured: string | null;
}

/** The data of a sweep's runs, each read once, to choose by them what its user leaves open. */
export class SweptData {
  private readonly seen = new Map<string, Seen>();
  private readonly counts = new Map<string, number>();
  private readonly said = new Set<string>();
  private readonly labels: string | undefined;
  /** Training examples of a run, and numbers of each, at most. */
  private rows = 0;
  private inputs = 0;

  constructor(labels: string | undefined) {
    this.labels = labels;
  }

  get size(): [number, number] {
    return [this.rows, this.inputs];
  }

  /** How many examples a run has, none of them held out. */
  async count(run: Run): Promise<number> {
    const { heldOut: _, ...whole } = run;
    const key = JSON.stringify([whole.source, whole.data, whole.model.precision]);
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const { training } = await trainingData(whole, this.labels, decided);
    this.counts.set(key, training.shape[0]);
    return training.shape[0];
  }

  /** The run with what is chosen by its data, which is said once. @throws InputError where they do not fit. */
  async suited(run: Run, open: Open): Promise<Run> {
    const { source, target, data, heldOut, model } = run;
    const key = JSON.stringify([source, target, data, heldOut, model.precision, open.preprocessing]);
    const seen = this.seen.get(key);
    const suited = seen === undefined ? await this.read(key, run, open) : again(seen, run, open);
    const note = suitNote(suited);
    if (note !== null && !this.said.has(note)) say(`rhohat: ${note}`);
    this.said.add(note ?? '');
    return suited.run;
  }

  private async read(key: string, run: Run, open: Open): Promise<Suited> {
    const { suited, sample, training } = await trainingData(run, this.labels, open);
    const chosen = suited.chosen.filter((flag) => flag.startsWith('--preprocess'));
    const measured = chosen.length === 0 ? null : suited.measured;
    const [rows, inputs] = training.shape;
    this.seen.set(key, { data: suited.run.data, x: sample, rows, chosen, measured });
    this.rows = Math.max(this.rows, rows);
    this.inputs = Math.max(this.inputs, inputs);
    return suited;
  }
}

function again({ data, x, rows, chosen, measured }: Seen, run: Run, open: Open): Suited {
  return suitModel({ run: { ...run, data }, chosen, measured }, open, x, rows);
}
