import type { AnyNumbers, View } from '../array/matrix.ts';
import { MOST_CORRUPTED_EPOCHS } from '../corruption/corruption.ts';
import { EngineError, InputError, show, type TrainingError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { sumOf } from '../model/engine.ts';
import type { Network } from '../model/network.ts';
import { orAborted } from './abortable.ts';
import { planOf } from './fit.ts';
import { type FitPlan, planText } from './options.ts';
import { newPosition, type Position } from './position.ts';
import { Pace } from './progress.ts';
import { Stepper } from './stepper.ts';
import type { StreamOptions, StreamResult } from './stream-options.ts';
import { createUpdates } from './train.ts';
import type { TrainingRun } from './training-run.ts';

/** A batch whose numbers have been checked. */
export interface Given {
  readonly x: View<AnyNumbers>;
  readonly labels?: View<AnyNumbers> | undefined;
}

type Run = Omit<TrainingRun, 'identity' | 'x'>;

type Callable = (...at: number[]) => number;

/** Schedules that are at their end after the last step. */
const RUNS_OUT: readonly unknown[] = ['linear', 'cosine', 'trapezoid'];
/** Numbers of examples that one epoch of corruption has draws for. */
const MOST_ROWS = 2 ** 32;
/** What a stream begins with. */
const KEYS = ['optimizer', 'rules', 'penaltyWarmup', 'seed', 'steps', 'parts'] as const;
/** What may differ from call to call. */
const CALL_KEYS = ['onProgress', 'progressEvery', 'signal'];

/** Training on batches as they come: what goes on from one call of `partialFit` to the next. */
export class Stream {
  private readonly model: Autoencoder;
  /** The options that it began with, as they were given. */
  private begun: StreamOptions;
  private readonly network: Network;
  private readonly stepper: Stepper;
  private readonly position: Position;
  private readonly run: { -readonly [K in keyof Run]: Run[K] };
  /** Which draws of corruption are next: (epoch, row) counted over the model's life. */
  private epoch = 0;
  private row = 0;

  private constructor(model: Autoencoder, options: StreamOptions, first: Given) {
    const { engine } = model;
    const { steps = Number.POSITIVE_INFINITY, parts } = options;
    this.model = model;
    this.begun = options;
    const plan = this.planOf(options, first.x.shape[0]);
    this.position = newPosition();
    this.run = { plan, parts };
    this.network = engine.createNetwork();
    this.network.atEpoch(0, 1); // k is k: there are no epochs to anneal it over
    try {
      const updates = createUpdates(engine, { plan, parts, labels: first.labels }, this.network, steps);
      if (updates.still) {
        throw new InputError(
          `options.optimizer is ${plan.optimizer.kind}, which needs all examples at once: use adam or sgd`,
        );
      }
      const { run, network, position } = this;
      this.stepper = new Stepper({ engine, run, network, position, ...updates });
      this.newDraws();
    } catch (error) {
      this.network.dispose();
      throw error;
    }
  }

  /**
   * The model's own, before the first batch of a call, where the options that are given are those it began with; a new one
   * in its place otherwise. @throws InputError for options.
   */
  static of(model: Autoencoder, options: StreamOptions, first: Given): Stream {
    const { steps = Number.POSITIVE_INFINITY } = options;
    const stray = Object.keys(options).find((key) => ![...KEYS, ...CALL_KEYS].includes(key));
    if (stray !== undefined) {
      throw new InputError(
        `options.${stray} is given to partialFit, which takes a step on each batch: the keys here are ${[...KEYS, ...CALL_KEYS].join(', ')}`,
      );
    }
    if (typeof steps !== 'number' || !(steps >= 1))
      throw new InputError(`options.steps is ${show(steps)}: it must be a number, at least 1`);
    const before = model.engine.stream as Stream | null;
    if (before !== null && !before.stepper.whole) {
      model.engine.stream = null;
      before.network.dispose();
      throw new EngineError(
        'the GPU was lost, and what the optimizer of partialFit remembered with it: call again, which begins a new one',
      );
    }
    const goesOn = before !== null && KEYS.every((key) => options[key] === undefined || before.beganWith(key, options));
    const stream = goesOn ? before : new Stream(model, options, first);
    if (!goesOn) before?.network.dispose();
    model.engine.stream = stream;
    stream.begin(options);
    return stream;
  }

  private beganWith(key: (typeof KEYS)[number], options: StreamOptions): boolean {
    if (key === 'parts') return options.parts === this.begun.parts;
    return planText({ of: options[key] }) === planText({ of: this.begun[key] });
  }

  /** With functions that call the ones that were given last: callers make them anew for each call. */
  private planOf(options: StreamOptions, examples: number): FitPlan {
    const { steps, onProgress: _, progressEvery: __, signal: ___, ...rest } = options;
    const plan = planOf(this.model, rest, examples);
    const latest = (key: string) => (this.begun.optimizer as unknown as Record<string, Callable>)[key];
    const optimizer = Object.entries(plan.optimizer).map(([key, value]) => {
      if (steps === undefined && RUNS_OUT.includes(value?.kind)) {
        throw new InputError(
          `options.optimizer.${key} is ${value.kind}, which runs over all steps: add options.steps, how many there will be`,
        );
      }
      return [key, typeof value === 'function' ? (...at: number[]) => latest(key)(...at) : value];
    });
    return { ...plan, epochs: 1, optimizer: Object.fromEntries(optimizer) };
  }

  /** Before the first batch of a call. */
  private begin(options: StreamOptions): void {
    const { position } = this;
    const { onProgress, progressEvery, signal, optimizer } = options;
    Object.assign(this.run, { onProgress, progressEvery, signal });
    if (optimizer !== undefined) this.begun = { ...this.begun, optimizer };
    for (const term of Object.keys(position.sums)) delete position.sums[term];
    position.examples = 0;
    position.seconds = 0;
    this.stepper.pace = new Pace(position);
  }

  /** Corruption that nothing else has seen. @throws InputError where there is none left. */
  private newDraws(): void {
    const { engine } = this.model;
    if (engine.spec.corruption !== null && engine.epochs >= MOST_CORRUPTED_EPOCHS) {
      throw new InputError(
        `the model has seen ${engine.epochs} epochs with corruption, which is drawn anew for at most 2^21: train another one`,
      );
    }
    [this.epoch, this.row] = [engine.epochs++, 0];
  }

  /** @throws TrainingError where θ would not be sound after it. */
  async step(given: Given): Promise<void> {
    const n = given.x.shape[0];
    const own = Uint32Array.from({ length: n }, (_, i) => i);
    if (this.row + n > MOST_ROWS) this.newDraws();
    // Targets come with the batch; corruption is of the example's number in the whole stream.
    const rows = given.labels ? own : own.map((i) => this.row + i);
    this.row += n;
    const result = await this.stepper.take({ ...given, rows: own }, rows, this.epoch);
    const told = this.stepper.tell(result, undefined);
    if (told !== undefined) await orAborted(Promise.resolve(told), this.run.signal);
    await this.stepper.pace.breathe();
  }

  endedWell(): Promise<boolean> {
    return this.stepper.endedWell();
  }

  diverged(): Promise<TrainingError> {
    return this.stepper.diverged(null);
  }

  /** Of the call so far. */
  result(): StreamResult {
    const { step, examples, sums } = this.position;
    const terms = Object.fromEntries(Object.entries(sums).map(([term, sum]) => [term, sum / examples]));
    const cost = examples === 0 ? Number.NaN : sumOf(terms);
    return { steps: step, examples, cost, terms, seconds: this.stepper.pace.seconds };
  }
}
