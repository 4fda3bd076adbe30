import { EngineError } from '../../errors.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import type { AutoencoderConfig } from '../../model/config.ts';
import { plantedBug, plantedBugs } from '../../proof/planted-bugs.ts';
import { fit } from '../../training/fit.ts';
import type { HistoryEntry } from '../../training/history.ts';
import { configOf } from './config-of.ts';
import type { DataSet } from './data-sets.ts';
import type { Runs } from './engines.ts';
import { BATCH, createModel, type Made, withKernels } from './kernels-here.ts';
import type { Answers, Look } from './look.ts';
import type { Proof } from './prove.ts';
import { Rests } from './rests.ts';
import type { Settings } from './settings.ts';
import { snapshotOf } from './snapshot.ts';
import { Trainee } from './trainee.ts';

/** A stretch of training between two changes. */
export interface Segment {
  readonly config: AutoencoderConfig;
  readonly learningRate: number;
  epochs: number;
}

const LOOK_MS = 80;
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
  private readonly trainee: Trainee;
  private readonly show: (look: Look) => void;
  private readonly rest = new Rests();
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
    made: Made<Autoencoder>,
    show: (look: Look) => void,
    loaded: boolean,
  ) {
    this.data = data;
    this.settings = settings;
    this.trainee = new Trainee(made, settings.engine);
    this.show = show;
    this.loaded = loaded;
    const config = loaded ? (made.made.config as unknown as AutoencoderConfig) : configOf(settings, data);
    this.segments.push({ config, learningRate: settings.values.rate, epochs: 0 });
  }

  /** A new model of the settings. @throws InputError where they do not go with the data. */
  static async create(data: DataSet, settings: Settings, show: (look: Look) => void): Promise<Session> {
    const model = await createModel(configOf(settings, data), settings.engine);
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
    const model = await withKernels(settings.engine, async (options) => (await deserializeModel(bytes, options)).model);
    try {
      model.made.input(data.x, 'the data');
    } catch (error) {
      model.made.dispose();
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
        await fit(this.present, this.data.x, {
          optimizer: { kind: 'adam', learningRate: segment.learningRate },
          batchSize: BATCH,
          epochs: FOREVER,
          signal: cancel.signal,
          onEpoch: (entry) => this.between(entry, segment, cancel),
        });
      } catch (error) {
        if (!cancel.signal.aborted) {
          this.exact = false;
          if (this.trainee.outlived(this.epoch)) this.tellLoss(error as Error);
          else {
            this.stop(error as Error); // θ is the last good one, in the midst of an epoch
            await this.pause(new AbortController());
          }
        }
      }
      if (!this.ended) await this.advance().catch((error: Error) => this.stop(error)); // with the model so far
    }
    this.trainee.dispose();
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
    this.rest.touch(this.epoch);
    this.wake();
  }

  /** What runs the model as it stands. */
  get runs(): Runs {
    return this.trainee.runs;
  }

  /** The model as it stands. */
  get present(): Autoencoder {
    return this.trainee.model;
  }

  /** Goes on, or rests after the present epoch; either way the next look comes at once. */
  play(playing: boolean): void {
    this.rest.playing = playing;
    if (playing) this.rest.touch(this.epoch);
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
      const [found = []] = await topExamples(this.present, this.data.x, [unit], count);
      return { unit, examples: found.map(({ example, activation }) => ({ row: example, activation })) };
    });
  }

  /** The gradient check on the model as it stands, with a bug or without; null where `told` ended it. */
  prove(bug: string | null, told: (done: number) => boolean | Promise<boolean>, most?: number): Promise<Proof | null> {
    return this.task(async () => {
      const { prove } = await import('./prove.ts');
      return prove(this.present, this.data.x, bug === null ? null : plantedBug(bug), told, most);
    });
  }

  /** The bugs that can be planted in the model. */
  bugs(): readonly string[] {
    return plantedBugs.filter((bug) => bug.fits(this.present.engine.spec)).map(({ name }) => name);
  }

  /** The model's file, with what the page was set to. */
  save(address: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.task(async () => {
      const { serializeModel } = await import('../../training/model-file.ts');
      return serializeModel(this.present, { preprocessing: this.data.steps, metadata: { playground: address } });
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

  private get rests(): boolean {
    return this.rest.at(this.epoch);
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
      if (this.rest.playing) {
        this.rest.playing = false;
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

  /** A graphics card was lost, and another engine took over. */
  private tellLoss({ message }: Error): void {
    this.failed(new EngineError(`training goes on with what was kept of the model: ${message}`));
  }

  private stop(error: Error): void {
    this.exact = false;
    this.rest.playing = false;
    this.failed(error);
  }

  /** Shows the model; where its values overflow there is nothing to see. */
  private async look(): Promise<void> {
    try {
      await this.draw();
    } catch (error) {
      this.lastLook = performance.now();
      if (this.trainee.hasLost) {
        this.tellLoss(error as Error); // and the next step begins anew
        return;
      }
      this.rest.playing = false;
      this.failed(error as Error);
    }
  }

  private async draw(): Promise<void> {
    const { x } = this.data;
    const shares = await this.trainee.shares.latest(this.present, x);
    const { history, training } = this;
    [this.history, this.training] = [[], 0];
    const snapshot = await snapshotOf(this.present, this.data);
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
    if (next.config !== before.config) await this.trainee.become(next.config);
    if (before.epochs === 0) this.segments.pop(); // nothing came of it
    this.segments.push(next);
  }
}
