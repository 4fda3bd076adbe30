import type { AnyNumbers, View } from '../array/matrix.ts';
import { eachBatch } from '../data/stream/batches.ts';
import { InputError, TrainingError } from '../errors.ts';
import { type Engine, type Evaluation, evaluate } from '../model/engine.ts';
import { alone, firstOf, type Group, shareOf } from '../model/group.ts';
import type { Loader } from '../model/load.ts';
import type { Network, Pass } from '../model/network.ts';
import type { Optimizer, Problem, StepResult } from '../optimizers/optimizer.ts';
import { show } from '../validate.ts';
import { orAborted } from './abortable.ts';
import type { Batch, Feed } from './batch.ts';
import type { Checkpointing } from './checkpoints/checkpointing.ts';
import { addStep, endEpoch, type Position } from './position.ts';
import { createMeanActivation, Pace } from './progress.ts';
import type { Step, StepPass } from './rules/rule.ts';
import type { Rules } from './rules/run-rules.ts';
import type { TrainingRun } from './training-run.ts';

/** What a loop goes through its run with. */
export interface LoopParts {
  readonly engine: Engine;
  readonly run: TrainingRun;
  readonly network: Network;
  readonly feed: Feed;
  readonly loader: Loader;
  readonly optimizer: Optimizer;
  readonly rules: Rules;
  readonly checkpointing: Checkpointing | null;
  /** Moves with the run. */
  readonly position: Position;
  /** Of the whole run. */
  readonly steps: number;
  /**
   * On the whole set the cost is the same at every iteration: one batch, loaded once, one corruption, k survivors from the
   * start.
   */
  readonly still: boolean;
}

/** How long after an abort a step may still take. */
const GIVEN_UP_MS = 5000;

/** Takes a run from where its position stands to its end. */
export class TrainingLoop {
  readonly pace: Pace;
  private readonly parts: LoopParts;
  private readonly meanActivation: ReturnType<typeof createMeanActivation>;
  private whole: Pass | null = null;
  private examples: View<AnyNumbers>; // of the last step

  constructor(parts: LoopParts) {
    this.parts = parts;
    this.meanActivation = createMeanActivation(parts.network);
    this.pace = new Pace(parts.position);
    this.examples = parts.run.x as View<AnyNumbers>;
  }

  /** @throws TrainingError where the run diverges; the reason of an abort, and what callbacks throw. */
  async run(): Promise<void> {
    const { run, network, feed, position, still } = this.parts;
    const { x, plan, validate, signal } = run;
    const { history } = position;
    const m = x.shape[0];
    try {
      while (history.length < plan.epochs) {
        const epoch = history.length;
        if (!still) network.atEpoch(epoch, plan.epochs);
        let before = position.batch; // batches of this epoch that an earlier process has done
        for (const rows of eachBatch(m, plan.batchSize, { seed: plan.seed, epoch, block: feed.block })) {
          if (before-- > 0) continue;
          const taken = feed.take(rows, epoch);
          const batch = taken instanceof Promise ? await orAborted(taken, signal) : taken; // memory does not wait
          if (batch === null) {
            await this.keep();
            continue;
          }
          const result = await this.step(batch, rows, epoch);
          if (!isSound(result.evaluation)) {
            await this.undo();
            throw await this.diverged(result);
          }
          if (result.overflow) {
            await this.undo();
            throw (await import('./divergence.ts')).overflowed(result, position.step + 1);
          }
          const told = this.count(result, rows.length);
          if (told !== undefined) await orAborted(Promise.resolve(told), signal);
          await this.pace.breathe();
          await this.keep();
        }
        endEpoch(position, validate && (await validate()));
        if (position.converged !== null) break;
      }
    } catch (reason) {
      await this.endedWell(); // aborted, or a callback threw: the model stays usable
      throw reason;
    }
    if (!(await this.endedWell())) throw await this.diverged(null);
  }

  /** One step of the optimizer on a batch, with the rules around it. No async function: a step waits once. */
  private step(batch: Batch, rows: Uint32Array, epoch: number): Promise<StepResult<Evaluation>> {
    const { engine, network, optimizer, rules, position, steps, run } = this.parts;
    this.examples = batch.x;
    const { penaltyWarmup = 0 } = run.plan;
    network.moment.penalty = Math.min(1, (position.step + 1) / Math.max(1, penaltyWarmup));
    const pass = this.passOf(batch, rows, epoch);
    const seen = ({ cost, terms, gradientNorm }: Evaluation): Step => ({
      ...{ step: position.step + 1, steps, epoch: epoch + 1, examples: rows.length },
      ...{ cost, terms, gradientNorm },
      pass: seenOf(pass, rows, run.group),
    });
    const problem = this.problemOf(pass, seen);
    return engine.exclusive(async () => {
      const done = await this.ended(optimizer.step(problem));
      assertStep(done, run.plan.optimizer.kind);
      if (!isSound(done.evaluation)) return done;
      if (rules.any) await rules.after(seen(done.evaluation));
      network.advance();
      return done;
    });
  }

  /** What a step gives. One of a caller's own may never end: it is given up some time after an abort. */
  private async ended<T>(step: Promise<T>): Promise<T> {
    const { plan, parts, signal } = this.parts.run;
    if (signal === undefined || !Object.hasOwn(parts?.optimizers ?? {}, plan.optimizer.kind)) return step;
    const done = await orAborted(step, signal, GIVEN_UP_MS);
    if (done === null) throw signal.reason;
    return done;
  }

  /** The batch as the network takes it: loaded once where it is the whole set. */
  private passOf(batch: Batch, rows: Uint32Array, epoch: number): Pass {
    if (this.whole !== null) return this.whole;
    const { loader, run, still } = this.parts;
    const { labels, group = alone } = run;
    const own = shareOf(batch.rows, group);
    const pass = loader.load(batch.x, own, still ? 0 : epoch, labels, shareOf(rows, group), rows.length);
    if (still) this.whole = pass;
    return pass;
  }

  /** J on a pass over θ, for the optimizer; rules see each evaluation as `seen` has it. */
  private problemOf(pass: Pass, seen: (evaluation: Evaluation) => Step): Problem<Evaluation> {
    const { engine, network, rules, run } = this.parts;
    const { lowest = 0, group = alone } = run;
    const watch = run.onProgress && this.meanActivation.watch; // for those who are told alone
    return {
      theta: engine.theta,
      gradient: network.gradient,
      async evaluate() {
        const evaluation = await evaluate(network, pass, { lowest, watch, group });
        if (rules.any && isSound(evaluation)) await rules.before(seen(evaluation));
        return evaluation;
      },
    };
  }

  /** Counts a step on a batch of `examples`, and tells of it: what `onProgress` gives. */
  private count({ evaluation, converged }: StepResult<Evaluation>, examples: number): unknown {
    const { run, position, steps } = this.parts;
    addStep(position, evaluation, examples);
    position.converged = converged;
    const { cost, terms, gradientNorm, watched } = evaluation;
    this.pace.count(examples);
    return run.onProgress?.({
      epoch: position.history.length + 1,
      epochs: run.plan.epochs,
      step: position.step,
      steps,
      cost,
      terms,
      gradientNorm,
      meanActivation: this.meanActivation.of(watched),
      ...this.pace.estimate(position.step, steps),
    });
  }

  /** Keeps what is due, or the last step where the run is aborted; ends it then. */
  private async keep(): Promise<void> {
    const { checkpointing, optimizer, rules, position, run } = this.parts;
    if (checkpointing !== null) {
      position.seconds = this.pace.seconds;
      await checkpointing.afterStep(optimizer, rules.state, position, run.signal?.aborted ?? false);
    }
    run.signal?.throwIfAborted();
  }

  /** Takes the last update back. @throws TrainingError where the optimizer, a caller's own, did not. */
  private async undo(): Promise<void> {
    const { engine, optimizer, run } = this.parts;
    await engine.exclusive(async () => optimizer.undo(engine.theta));
    if (await engine.hasFiniteParameters()) return;
    throw new TrainingError(
      `parameters are not finite, and undo of optimizer ${show(run.plan.optimizer.kind)} left them so: undo must put θ back to where it was before the last step`,
      this.parts.position.step + 1,
      'parameters',
    );
  }

  /** Whether the very last update, which no step has evaluated, left θ finite; if not, it is taken back. */
  private async endedWell(): Promise<boolean> {
    if (await this.parts.engine.hasFiniteParameters()) return true;
    await this.undo();
    return false;
  }

  /** Of a step, or of the update that followed the last one: loaded where it is needed. */
  private async diverged(result: StepResult<Evaluation> | null): Promise<TrainingError> {
    const { position, run } = this.parts;
    const { optimizer } = run.plan;
    return (await import('./divergence.ts')).diverged({ result, position, x: this.examples, optimizer });
  }
}

/** @throws InputError where an optimizer of a caller's own gives something else than the result of a step. */
function assertStep(done: StepResult<Evaluation> | undefined, kind: string): void {
  if (typeof done?.evaluation?.terms === 'object') return;
  throw new InputError(
    `optimizer ${show(kind)}: its step gives ${show(done)}: it must give { evaluation, converged }, the evaluation being what await evaluate() gave`,
  );
}

function isSound({ cost, gradientNorm }: Evaluation): boolean {
  return Number.isFinite(cost) && Number.isFinite(gradientNorm);
}

/** What rules see of a pass. */
function seenOf({ layers, target }: Pass, rows: Uint32Array, group: Group = alone): StepPass {
  const codes = layers.map(({ code }) => code);
  const { a: reconstruction } = codes[codes.length - 1];
  return { first: firstOf(rows, group), target, reconstruction, codes: codes.slice(0, -1) };
}
