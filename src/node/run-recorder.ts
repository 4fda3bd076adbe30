import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnyNumbers, rowRange, type View } from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { scheduleAt } from '../optimizers/schedule.ts';
import { Looks } from '../report/looks.ts';
import type { MetricsLine } from '../report/metrics-line.ts';
import { snapshotOf, type Watched } from '../report/snapshot-of.ts';
import type { HistoryEntry } from '../training/history.ts';
import type { FitPlan } from '../training/options.ts';
import type { Progress } from '../training/progress.ts';
import { SNAPSHOT_FILE } from './earlier-run.ts';
import { MetricsLog } from './metrics-log.ts';

/** What looks, and what snapshots may take of the time that a model trains, each; the first one of each aside. */
const SHARE = 0.004;
/** What the first one is taken to need: it is slow, as all code is at first. */
const FIRST_SNAPSHOT_MS = 20;
/** How many times as long as the next ones the first one takes, about. */
const COLD = 4;
/** Between two snapshots, at least. */
const SNAPSHOT_MS = 1000;
/** Lines of a run, where it has so many steps; of each epoch one, where they are no more than so many. */
const LINES = 500;
const MOST_LINES = 5000;
/** Examples of a look; fewer where a code is wide. */
const LOOKED = 64;
const MOST_PRODUCTS = 2 ** 26;

/** What a recorder needs to know. */
export interface Recorded {
  readonly folder: string;
  readonly model: Autoencoder;
  readonly plan: FitPlan;
  readonly watched: Watched;
  /** Where the run is taken up: after this step. */
  readonly step: number;
  /** Of training, before this process took it up. */
  readonly seconds: number;
  /** A line every so many steps; by default one an epoch, and more of long epochs. */
  readonly every?: number | undefined;
  /** Told once, where something cannot be written. */
  readonly failed: (what: string, error: Error) => void;
}

/** Writes metrics.jsonl and snapshot.json while a model trains. Nothing of it changes a bit of θ. */
export class RunRecorder {
  private readonly log: MetricsLog;
  private readonly recorded: Recorded;
  private readonly use: Looks;
  private readonly begin = performance.now();
  /** What looks and snapshots took, in milliseconds, all but the first one, and the last one. */
  private readonly spent = { look: 0, snapshot: 0 };
  private readonly last = { look: 0, snapshot: FIRST_SNAPSHOT_MS };
  private readonly count = { look: 0, snapshot: 0 };
  private total = 0;
  private snapshotAt = Number.NEGATIVE_INFINITY;
  private looks = 0;
  private hasFailed = false;
  /** Steps since the last line, and the sums of their cost and terms. */
  private steps = 0;
  private sums: Record<string, number> = {};
  private progress: Progress | null = null;
  private validation: number | undefined;

  private constructor(log: MetricsLog, recorded: Recorded) {
    this.log = log;
    this.recorded = recorded;
    this.use = new Looks(recorded.model);
  }

  /** @throws nothing: where the file cannot be made, `failed` is told, and there is no recorder. */
  static async open(recorded: Recorded): Promise<RunRecorder | null> {
    const failed = (error: Error) => recorded.failed('metrics.jsonl', error);
    try {
      return new RunRecorder(await MetricsLog.open(recorded.folder, recorded.step, failed), recorded);
    } catch (error) {
      failed(error as Error);
      return null;
    }
  }

  /** What looking at the model took so far, in milliseconds. */
  get milliseconds(): number {
    return this.total;
  }

  /** After a step. */
  see(progress: Progress): Promise<void> | undefined {
    this.progress = progress;
    this.validation = progress.validation ?? this.validation;
    this.steps++;
    const { sums } = this;
    const { cost, terms } = progress;
    // No list is made of them: there are steps of microseconds.
    for (const name in terms) sums[name] = (sums[name] ?? 0) + terms[name];
    sums[''] = (sums[''] ?? 0) + cost;
    const { step, steps, epochs } = progress;
    const { every } = this.recorded;
    if (every !== undefined) return step % every === 0 ? this.tell() : undefined;
    // The last step of an epoch has its line when the epoch has ended.
    const ends = step % Math.max(1, Math.round(steps / epochs)) === 0;
    return !ends && this.steps >= Math.max(1, Math.round(steps / LINES)) ? this.tell() : undefined;
  }

  /** After an epoch. */
  ended(entry: HistoryEntry): Promise<void> | undefined {
    this.validation = entry.validation ?? this.validation;
    if (this.progress === null || this.steps === 0 || this.recorded.every !== undefined) return undefined;
    const { step, steps, epochs } = this.progress;
    if (entry.epoch % Math.ceil(epochs / MOST_LINES) !== 0) return undefined;
    // Of a whole epoch its own mean, whose last batch may be a smaller one.
    if (this.steps === Math.round(steps / epochs) && entry.step === step) {
      this.sums = { ...entry.terms, '': entry.cost };
      this.steps = 1;
    }
    return this.tell();
  }

  /** Before a checkpoint: a run that goes on from there has the lines until then. */
  flush(): void {
    this.log.flush();
  }

  /** After training, well or not: a line of what has none yet, and all goes to the disk. */
  async close(): Promise<void> {
    if (this.steps > 0) await this.tell();
    this.log.close();
  }

  /** Writes a line, and looks at the model where that is due; after the first and the last step in any case. */
  private async tell(): Promise<void> {
    const { progress, steps, sums } = this;
    if (progress === null) return;
    const ends = progress.step === progress.steps;
    const look = this.looks === 0 || ends || this.affords('look') ? await this.look() : null;
    const mean = (name: string) => finite(sums[name] / steps);
    const { step, epoch, gradientNorm, examplesPerSecond, terms } = progress;
    this.log.write({
      epoch,
      step,
      cost: mean(''),
      terms: Object.fromEntries(Object.keys(terms).map((name) => [name, mean(name)])),
      ...(this.validation === undefined ? {} : { validation: finite(this.validation) }),
      gradientNorm: finite(gradientNorm),
      learningRate: this.learningRate(progress),
      examplesPerSecond: finite(Math.round(examplesPerSecond)),
      seconds: Math.round(1000 * this.recorded.seconds + performance.now() - this.begin) / 1000,
      ...(look ?? { l0: null, dead: null }),
    });
    this.steps = 0;
    this.sums = {};
    this.validation = undefined;
    if (this.looks === 0 || performance.now() - this.snapshotAt < SNAPSHOT_MS) return;
    if (this.affords('snapshot')) await this.snapshot(progress);
  }

  private learningRate({ step, steps }: Progress): number | null {
    const { optimizer } = this.recorded.plan;
    return 'learningRate' in optimizer ? scheduleAt(optimizer.learningRate, step - 1, steps) : null;
  }

  /** Whether one more is within what they may take. */
  private affords(what: 'look' | 'snapshot'): boolean {
    return this.spent[what] + this.last[what] <= SHARE * (performance.now() - this.begin);
  }

  /** Encodes the next examples. */
  private look(): Promise<Pick<MetricsLine, 'l0' | 'dead' | 'looked'> | null> {
    return this.timed('look', async () => {
      const { model, watched } = this.recorded;
      const { hidden, inputs } = model.config;
      const [m] = watched.x.shape;
      const most = Math.max(4, Math.floor(MOST_PRODUCTS / (inputs * Math.max(...hidden))));
      const n = Math.min(LOOKED, most, m);
      const from = Math.min((this.looks++ * n) % m, m - n);
      const codes = await model.encode(rowsOf(watched.x, from, from + n));
      const l0 = this.use.add(codes.data);
      return { l0: Number(l0.toPrecision(6)), dead: this.use.dead().length, looked: this.use.examples };
    });
  }

  private async snapshot(at: Progress): Promise<void> {
    await this.timed('snapshot', async () => {
      const { folder, model, watched } = this.recorded;
      const text = JSON.stringify(await snapshotOf(model, this.use, watched, at));
      const partial = join(folder, `.${SNAPSHOT_FILE}`);
      await writeFile(partial, text); // not synced: the next one replaces it
      await rename(partial, join(folder, SNAPSHOT_FILE));
    });
    this.snapshotAt = performance.now();
  }

  /** Null where it fails: outputs may overflow, disks fill; the run goes on. */
  private async timed<T>(what: 'look' | 'snapshot', work: () => Promise<T>): Promise<T | null> {
    const begin = performance.now();
    try {
      // A θ that has just overflowed is taken back soon, and the run says so.
      if (!(await this.recorded.model.engine.hasFiniteParameters())) return null;
      return await work();
    } catch (error) {
      if (what === 'snapshot' && !this.hasFailed) this.recorded.failed(SNAPSHOT_FILE, error as Error);
      this.hasFailed = what === 'snapshot' || this.hasFailed;
      return null;
    } finally {
      const took = performance.now() - begin;
      // The first one is slow, as all code is at first, and tells little of the next.
      const isFirst = this.count[what]++ === 0;
      this.last[what] = isFirst ? took / COLD : took;
      this.total += took;
      if (!isFirst) this.spent[what] += took;
    }
  }
}

function rowsOf(x: View<AnyNumbers>, begin: number, end: number): View<AnyNumbers> {
  return Object.assign(rowRange(x, begin, end), x.unit === undefined ? {} : { unit: x.unit });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
