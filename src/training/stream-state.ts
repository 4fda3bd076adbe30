import type { AnyNumbers, View } from '../array/matrix.ts';
import { InputError, type TrainingError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { sumOf } from '../model/engine.ts';
import type { Network } from '../model/network.ts';
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

/** Numbers of examples that one epoch of corruption has draws for. */
const MOST_ROWS = 2 ** 32;

/** Training on batches as they come: what goes on from one call of `partialFit` to the next. */
export class Stream {
  private readonly model: Autoencoder;
  private readonly asked: string;
  private readonly network: Network;
  private readonly stepper: Stepper;
  private readonly position: Position;
  private readonly run: { -readonly [K in keyof Run]: Run[K] };
  /** Which draws of corruption are next: (epoch, row) counted over the model's life. */
  private epoch: number;
  private row = 0;

  private constructor(model: Autoencoder, plan: FitPlan, steps: number, asked: string, given: Run) {
    const { engine } = model;
    this.model = model;
    this.asked = asked;
    this.network = engine.createNetwork();
    this.network.atEpoch(plan.epochs - 1, plan.epochs); // k is k: there are no epochs to anneal it over
    this.position = newPosition();
    this.run = { ...given, labels: undefined }; // each batch brings its own
    let updates: ReturnType<typeof createUpdates>;
    try {
      updates = createUpdates(engine, given, this.network, steps);
      if (updates.still) {
        throw new InputError(
          `options.optimizer is ${plan.optimizer.kind}, which needs all examples at once: use adam or sgd`,
        );
      }
    } catch (error) {
      this.network.dispose();
      throw error;
    }
    this.stepper = new Stepper({ engine, run: this.run, network: this.network, position: this.position, ...updates });
    this.epoch = engine.epochs++;
  }

  /** The model's, where the options are those it began with; a new one in its place otherwise. @throws InputError for options. */
  static of(model: Autoencoder, options: StreamOptions, first: Given): Stream {
    const { steps = Number.POSITIVE_INFINITY, ...rest } = options;
    const { onProgress: _, progressEvery: __, signal: ___, parts, ...others } = rest;
    const known = ['optimizer', 'rules', 'penaltyWarmup', 'seed'];
    const stray = Object.keys(others).find((key) => !known.includes(key));
    if (stray !== undefined) {
      throw new InputError(
        `options.${stray} is given to partialFit, which takes a step on each batch: the keys here are ${known.join(', ')}, steps, parts, onProgress, progressEvery, signal`,
      );
    }
    if (!(steps >= 1)) throw new InputError(`options.steps is ${steps}: it must be a number, at least 1`);
    const plan = planOf(model, rest, first.x.shape[0]);
    const asked = planText({ ...plan, batchSize: 0, steps });
    const before = model.engine.stream as Stream | null;
    if (before?.asked === asked && parts === before.run.parts) return before;
    const stream = new Stream(model, plan, steps, asked, { plan, parts, labels: first.labels });
    before?.network.dispose();
    model.engine.stream = stream;
    return stream;
  }

  /** Before the first batch of a call. */
  begin({ onProgress, progressEvery, signal }: StreamOptions): void {
    const { position } = this;
    Object.assign(this.run, { onProgress, progressEvery, signal });
    for (const term of Object.keys(position.sums)) delete position.sums[term];
    position.examples = 0;
    position.seconds = 0;
    this.stepper.pace = new Pace(position);
  }

  /** @throws TrainingError where θ would not be sound after it. */
  async step(given: Given): Promise<void> {
    const n = given.x.shape[0];
    const own = Uint32Array.from({ length: n }, (_, i) => i);
    if (this.row + n > MOST_ROWS) [this.epoch, this.row] = [this.model.engine.epochs++, 0];
    // Targets come with the batch; corruption is of the example's number in the whole stream.
    const rows = given.labels ? own : own.map((i) => this.row + i);
    this.row += n;
    const result = await this.stepper.take({ ...given, rows: own }, rows, this.epoch);
    const told = this.stepper.tell(result, undefined);
    if (told !== undefined) await told;
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
