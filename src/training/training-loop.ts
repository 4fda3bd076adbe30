import { eachBatch } from '../data/stream/batches.ts';
import { orAborted } from './abortable.ts';
import type { Feed } from './batch.ts';
import type { Checkpointing } from './checkpoints/checkpointing.ts';
import type { HistoryEntry } from './history.ts';
import type { Keeper } from './keeper.ts';
import { endEpoch } from './position.ts';
import { type StepParts, Stepper } from './stepper.ts';
import type { TrainingRun } from './training-run.ts';

/** What a loop goes through its run with. */
export interface LoopParts extends StepParts {
  readonly run: TrainingRun;
  readonly feed: Feed;
  readonly checkpointing: Checkpointing | null;
  /** Of the best parameters, and of when to stop; null where neither is asked for. */
  readonly keeper: Keeper | null;
}

/** Takes a run from where its position stands to its end. */
export class TrainingLoop {
  private readonly stepper: Stepper;
  private readonly parts: LoopParts;
  private readonly examples: number;

  constructor(parts: LoopParts) {
    this.parts = parts;
    this.examples = parts.run.x.shape[0];
    this.stepper = new Stepper(parts);
  }

  /** Of training, in earlier processes too. */
  get seconds(): number {
    return this.stepper.pace.seconds;
  }

  /** @throws TrainingError where the run diverges; the reason of an abort, and what callbacks throw. */
  async run(): Promise<void> {
    const { run, position, keeper } = this.parts;
    const { history } = position;
    try {
      while (history.length < run.plan.epochs) {
        const measured = await this.epoch();
        await this.assertSame();
        const error = measured ?? (await this.validation());
        if (error === undefined && run.validate !== undefined) run.signal?.throwIfAborted();
        endEpoch(position, error);
        const ended = (await keeper?.after(history[history.length - 1])) ?? null; // before anybody is told, who may end the run
        position.converged ??= ended;
        const told = run.onEpoch?.(copyOf(history[history.length - 1]));
        if (told !== undefined) await orAborted(Promise.resolve(told), run.signal);
        if (run.signal?.aborted) await this.keep();
        if (position.converged !== null) break;
      }
    } catch (reason) {
      await this.stepper.endedWell(); // aborted, or a callback threw: the model stays usable
      await keeper?.restore();
      throw reason;
    }
    const well = await this.stepper.endedWell();
    await keeper?.restore();
    if (!well) throw await this.stepper.diverged(null);
  }

  /** The steps of an epoch that are left. @returns what was measured on the validation set after the last one. */
  private async epoch(): Promise<number | undefined> {
    const { run, network, feed, position, still } = this.parts;
    const { plan, signal } = run;
    const epoch = position.history.length;
    const batches = Math.ceil(this.examples / plan.batchSize);
    if (!still) network.atEpoch(epoch, plan.epochs);
    let measured: number | undefined;
    let before = position.batch; // batches of this epoch that an earlier process has done
    for (const rows of eachBatch(this.examples, plan.batchSize, { seed: plan.seed, epoch, block: feed.block })) {
      if (before-- > 0) continue;
      const taken = feed.take(rows, epoch);
      const batch = taken instanceof Promise ? await orAborted(taken, signal) : taken; // memory does not wait
      if (batch === null) {
        await this.keep();
        continue;
      }
      const result = await this.stepper.take(batch, rows, position.before + (still ? 0 : epoch));
      if (position.batch === batches) measured = await this.validation();
      const told = this.stepper.tell(result, measured);
      if (told !== undefined) await orAborted(Promise.resolve(told), signal);
      await this.stepper.pace.breathe();
      await this.keep();
    }
    return measured;
  }

  /** @throws TrainingError where processes that share batches no longer hold the same θ. */
  private async assertSame(): Promise<void> {
    const { engine, run, position } = this.parts;
    if (run.group === undefined || run.group.size === 1) return;
    const { assertSameParameters } = await import('./same-parameters.ts');
    await assertSameParameters(engine, run.group, position.step);
  }

  /**
   * On the validation set; undefined where there is none, and where the run is aborted meanwhile.
   * @throws TrainingError where it is not finite, θ then being that before the last update.
   */
  private async validation(): Promise<number | undefined> {
    const { validate, signal } = this.parts.run;
    if (validate === undefined) return undefined;
    const error = (await orAborted(validate(), signal)) ?? undefined;
    if (error === undefined || Number.isFinite(error)) return error;
    throw await this.stepper.unsound(error);
  }

  /** Keeps what is due, or the last step where the run is aborted; ends it then. */
  private async keep(): Promise<void> {
    const { checkpointing, position, run } = this.parts;
    await run.share?.();
    if (checkpointing !== null) {
      position.seconds = this.seconds;
      await checkpointing.afterStep(this.parts, run.signal?.aborted ?? false);
    }
    run.signal?.throwIfAborted();
  }
}

/** For callers, who may write into it. */
function copyOf(entry: HistoryEntry): HistoryEntry {
  return { ...entry, terms: { ...entry.terms } };
}
