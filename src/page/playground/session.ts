import type { Autoencoder } from '../../model/autoencoder.ts';
import type { AutoencoderConfig } from '../../model/config.ts';
import { plantedBug, plantedBugs } from '../../proof/planted-bugs.ts';
import { fit } from '../../training/fit.ts';
import type { HistoryEntry } from '../../training/history.ts';
import { carryOver } from './carry-over.ts';
import { configOf } from './config-of.ts';
import type { DataSet } from './data-sets.ts';
import { GradientShares } from './gradient-shares.ts';
import { createModel, withKernels } from './kernels-here.ts';
import type { Answers, Look } from './look.ts';
import type { Proof } from './prove.ts';
import type { Settings } from './settings.ts';
import { snapshotOf } from './snapshot.ts';

/** A stretch of training between two changes. */
export interface Segment {
  readonly config: AutoencoderConfig;
  readonly learningRate: number;
  epochs: number;
}

export const BATCH = 100;
/** A run that nobody touches rests after so long, or so many epochs, until it is started again. */
const REST_MS = 120_000;
const REST_EPOCHS = 30_000;
const LOOK_MS = 80;
const FIRST_SHARES_MS = 1000; // the first look does not wait for them
const FOREVER = 1_000_000; // epochs: more than anybody waits for

/**
 * A model that trains while its settings change: `fit` on epochs of the same examples; a change takes effect after the
 * present epoch, in a model of the new config that takes over θ. Everything that is asked of it happens between two epochs.
 */
export class Session {
  readonly data: DataSet;
  readonly segments: Segment[] = [];
  /** Whether it began with a file. */
  readonly loaded: boolean;
  /** Whether segments say all that has happened. */
  exact = true;
  private settings: Settings;
  private model: Autoencoder;
  private shares: GradientShares;
  private readonly show: (look: Look) => void;
  private playing = true;
  private touched = { at: performance.now(), epoch: 0 };
  private ready = true; // the last look has been drawn
  private ended = false;
  private next: Segment | null = null;
  private readonly tasks: (() => Promise<void>)[] = [];
  private wake: () => void = () => {};
  private failed: (error: Error) => void = () => {};
  private history: HistoryEntry[] = [];
  private epoch = 0;
  private lastLook = 0;
  private began = 0; // the present epoch
  private training = 0; // ms, since the last look
  private rate = 0;

  private constructor(
    data: DataSet,
    settings: Settings,
    model: Autoencoder,
    show: (look: Look) => void,
    loaded: boolean,
  ) {
    this.data = data;
    this.settings = settings;
    this.model = model;
    this.show = show;
    this.loaded = loaded;
    this.shares = new GradientShares(model.config, FIRST_SHARES_MS);
    const config = loaded ? (model.config as unknown as AutoencoderConfig) : configOf(settings, data);
    this.segments.push({ config, learningRate: settings.values.rate, epochs: 0 });
  }

  /** A new model of the settings. @throws InputError where they do not go with the data. */
  static async create(data: DataSet, settings: Settings, show: (look: Look) => void): Promise<Session> {
    const model = await createModel(configOf(settings, data));
    return new Session(data, settings, model, show, false);
  }

  /** A model of a file, to be trained on. @throws InputError where it does not go with the data. */
  static async load(
    data: DataSet,
    settings: Settings,
    bytes: Uint8Array,
    show: (look: Look) => void,
  ): Promise<Session> {
    const { deserializeModel } = await import('../../training/model-file.ts');
    const { model } = await withKernels((options) => deserializeModel(bytes, options));
    try {
      model.input(data.x, 'the data');
    } catch (error) {
      model.dispose();
      throw error;
    }
    return new Session(data, settings, model, show, true);
  }

  /** Trains until the session is disposed; where training diverges, `failed` is told, and it rests until something changes. */
  async run(failed: (error: Error) => void): Promise<void> {
    this.failed = failed;
    while (!this.ended) {
      const segment = this.segments[this.segments.length - 1];
      const cancel = new AbortController();
      this.began = performance.now();
      try {
        await fit(this.model, this.data.x, {
          optimizer: { kind: 'adam', learningRate: segment.learningRate },
          batchSize: BATCH,
          epochs: FOREVER,
          signal: cancel.signal,
          onEpoch: (entry) => this.between(entry, segment, cancel),
        });
      } catch (error) {
        if (!cancel.signal.aborted) {
          this.rest(error as Error); // θ is the last good one, in the midst of an epoch
          await this.pause(new AbortController());
        }
      }
      if (!this.ended) await this.advance().catch((error: Error) => this.rest(error)); // with the model so far
    }
    this.model.dispose();
    this.shares.dispose();
  }

  /** Settings of the same data, model and seed, from the next epoch on. */
  change(settings: Settings): void {
    const { rate: learningRate } = settings.values;
    const last = this.segments[this.segments.length - 1];
    const others = (given: Settings) => JSON.stringify(configOf(given, this.data));
    const config =
      others(settings) === others(this.settings) ? (this.next ?? last).config : configOf(settings, this.data);
    const isSame = config === last.config && learningRate === last.learningRate;
    this.settings = settings;
    this.next = isSame ? null : { config, learningRate, epochs: 0 };
    this.touch();
    this.wake();
  }

  /** The model as it stands. */
  get present(): Autoencoder {
    return this.model;
  }

  /** Goes on, or rests after the present epoch; either way the next look comes at once. */
  play(playing: boolean): void {
    this.playing = playing;
    if (playing) this.touch();
    this.lastLook = 0;
    this.ready = true;
    this.wake();
  }

  /** The last look has been drawn: the next one may come. */
  drawn(): void {
    this.ready = true;
  }

  /** Ends training after the present epoch, and gives the model's memory back. */
  dispose(): void {
    this.ended = true;
    this.wake();
  }

  /** The examples that a unit of the code answers most. */
  top(unit: number, count = 9): Promise<Answers> {
    return this.task(async () => {
      const { topExamples } = await import('../../measures/top-examples.ts');
      const [found = []] = await topExamples(this.model, this.data.x, [unit], count);
      return { unit, examples: found.map(({ example, activation }) => ({ row: example, activation })) };
    });
  }

  /** The gradient check on the model as it stands, with a bug or without; null where `told` ended it. */
  prove(bug: string | null, told: (done: number) => boolean | Promise<boolean>, most?: number): Promise<Proof | null> {
    return this.task(async () => {
      const { prove } = await import('./prove.ts');
      return prove(this.model, this.data.x, bug === null ? null : plantedBug(bug), told, most);
    });
  }

  /** The bugs that can be planted in the model. */
  bugs(): readonly string[] {
    return plantedBugs.filter((bug) => bug.fits(this.model.engine.spec)).map(({ name }) => name);
  }

  /** The model's file, with what the page was set to. */
  save(address: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.task(async () => {
      const { serializeModel } = await import('../../training/model-file.ts');
      return serializeModel(this.model, { preprocessing: this.data.steps, metadata: { playground: address } });
    });
  }

  /** Runs a task between two epochs. */
  private task<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.tasks.push(() => run().then(resolve, reject));
      this.wake();
    });
  }

  /** After every epoch: looks, does what was asked for, rests. */
  private between(entry: HistoryEntry, segment: Segment, cancel: AbortController): Promise<void> | undefined {
    const now = performance.now();
    this.training += now - this.began;
    segment.epochs++;
    this.epoch++;
    this.history.push({ ...entry, epoch: this.epoch });
    const idle = this.tasks.length === 0 && this.next === null && !this.ended && !this.rests;
    if (idle && !(this.ready && now - this.lastLook > LOOK_MS)) {
      this.began = now;
      return undefined;
    }
    return this.pause(cancel);
  }

  private touch(): void {
    this.touched = { at: performance.now(), epoch: this.epoch };
  }

  private get rests(): boolean {
    const { at, epoch } = this.touched;
    return !this.playing || this.epoch >= epoch + REST_EPOCHS || performance.now() - at > REST_MS;
  }

  /** Until training is to go on; aborts it where it is to go on otherwise, or not at all. */
  private async pause(cancel: AbortController): Promise<void> {
    while (!this.ended && this.next === null) {
      if (this.ready && performance.now() - this.lastLook > LOOK_MS) await this.look();
      for (const task of this.tasks.splice(0)) await task();
      if (this.ended || this.next !== null) break;
      if (!this.rests) {
        this.began = performance.now();
        return;
      }
      if (this.playing) {
        this.playing = false;
        await this.look();
      }
      if (this.tasks.length === 0 && this.next === null && !this.ended && this.rests) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
    cancel.abort();
  }

  private rest(error: Error): void {
    this.exact = false;
    this.playing = false;
    this.failed(error);
  }

  /** Shows the model; where its values overflow there is nothing to see. */
  private async look(): Promise<void> {
    try {
      await this.draw();
    } catch (error) {
      this.lastLook = performance.now();
      this.playing = false;
      this.failed(error as Error);
    }
  }

  private async draw(): Promise<void> {
    const { x } = this.data;
    const shares = await this.shares.latest(this.model, x);
    const { history, training } = this;
    [this.history, this.training] = [[], 0];
    const snapshot = await snapshotOf(this.model, this.data);
    if (this.ended) return; // the page shows another by now
    this.ready = false;
    this.lastLook = performance.now();
    if (training > 0) this.rate = (1000 * history.length * x.shape[0]) / training;
    const { epoch, rate: examplesPerSecond } = this;
    this.show({ ...snapshot, epoch, history, shares, examplesPerSecond, playing: !this.rests });
  }

  /** Goes on to the next segment: of the same model, or of one of another config that takes over θ. */
  private async advance(): Promise<void> {
    const before = this.segments[this.segments.length - 1];
    const next = this.next ?? { ...before, epochs: 0 }; // after training has diverged
    this.next = null;
    if (next.config !== before.config) {
      const model = await createModel(next.config);
      await carryOver(this.model, model);
      this.model.dispose();
      this.model = model;
      this.shares.dispose();
      this.shares = new GradientShares(model.config);
    }
    if (before.epochs === 0) this.segments.pop(); // nothing came of it
    this.segments.push(next);
  }
}
