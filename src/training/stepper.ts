import type { AnyNumbers, View } from '../array/matrix.ts';
import { EngineError, InputError, TrainingError } from '../errors.ts';
import { type Engine, type Evaluation, evaluate } from '../model/engine.ts';
import { alone, firstOf, type Group, shareOf } from '../model/group.ts';
import type { Loader } from '../model/load.ts';
import type { Network, Pass } from '../model/network.ts';
import type { Optimizer, Problem, StepResult } from '../optimizers/optimizer.ts';
import { show } from '../validate.ts';
import { orAborted } from './abortable.ts';
import type { Batch } from './batch.ts';
import { addStep, type Position } from './position.ts';
import { createMeanActivation, Pace, type Progress } from './progress.ts';
import type { Step, StepPass } from './rules/rule.ts';
import type { Rules } from './rules/run-rules.ts';
import type { TrainingRun } from './training-run.ts';

/** What steps are taken with. */
export interface StepParts {
  readonly engine: Engine;
  readonly run: Omit<TrainingRun, 'identity' | 'x'>;
  readonly network: Network;
  readonly loader: Loader;
  readonly optimizer: Optimizer;
  readonly rules: Rules;
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

/** ‖∂J/∂θ‖ below which no optimizer can overflow float32 by the gradient's squares. */
const LEAST_OVERFLOW = 1e18;

/** Takes steps of the optimizer on batches, with the rules around them, and tells of them. */
export class Stepper {
  pace: Pace;
  private readonly parts: StepParts;
  private readonly meanActivation: ReturnType<typeof createMeanActivation>;
  private wholeSet: Pass | null = null;
  private examples: View<AnyNumbers> | null = null; // of the last step
  private told = Number.NEGATIVE_INFINITY; // when
  private validation: number | undefined; // that has not been told yet
  private readonly losses: number | undefined; // of devices, when the run began

  constructor(parts: StepParts) {
    this.parts = parts;
    this.meanActivation = createMeanActivation(parts.network);
    this.pace = new Pace(parts.position);
    this.losses = parts.network.kernels.losses;
  }

  /** Whether what steps depend on is still there: moments of the optimizer, and rows, go with a device that is lost. */
  get whole(): boolean {
    return this.parts.network.kernels.losses === this.losses;
  }

  /**
   * One step on a batch whose examples are `rows` of the whole set, their corruption drawn for the epoch: θ is sound after it.
   * @throws TrainingError where it is not, θ being what it was before; EngineError where a device was lost since the last.
   */
  async take(batch: Batch, rows: Uint32Array, epoch: number): Promise<StepResult<Evaluation>> {
    if (!this.whole)
      throw new EngineError('the GPU was lost between two steps: call again, or resume from a checkpoint');
    const result = await this.step(batch, rows, epoch);
    if (!isSound(result.evaluation)) {
      await this.undo();
      throw await this.diverged(result);
    }
    const overflow = await this.overflowIn(result);
    if (overflow !== null) {
      await this.undo();
      throw (await import('./divergence.ts')).overflowed({ ...result, overflow }, this.parts.position.step + 1);
    }
    const { position } = this.parts;
    addStep(position, result.evaluation, rows.length);
    position.converged = result.converged;
    this.pace.count(rows.length);
    return result;
  }

  /** Tells of a step that was taken: what `onProgress` gives, which may be a promise. */
  tell({ evaluation }: StepResult<Evaluation>, validation: number | undefined): unknown {
    const { run, position, steps } = this.parts;
    const { onProgress, progressEvery = 0, plan } = run;
    if (onProgress === undefined) return undefined;
    this.validation = validation ?? this.validation;
    const now = performance.now();
    const ends = position.step === steps || position.converged !== null;
    if (now - this.told < progressEvery && !ends) return undefined;
    this.told = now;
    const measured = this.validation;
    this.validation = undefined;
    const { cost, terms, gradientNorm, watched } = evaluation;
    const progress: Progress = {
      epoch: position.history.length + 1,
      epochs: plan.epochs,
      step: position.step,
      steps,
      cost,
      terms,
      gradientNorm,
      meanActivation: this.meanActivation.of(watched),
      ...(measured === undefined ? {} : { validation: measured }),
      ...this.pace.estimate(position.step, steps),
    };
    return onProgress(progress);
  }

  /** Whether the very last update, which no step has evaluated, left θ finite; if not, it is taken back. */
  async endedWell(): Promise<boolean> {
    if (await this.parts.engine.hasFiniteParameters()) return true;
    await this.undo();
    return false;
  }

  /** The error about a step, or about the update that followed the last one: loaded where it is needed. */
  async diverged(result: StepResult<Evaluation> | null): Promise<TrainingError> {
    const { position, run } = this.parts;
    const { optimizer } = run.plan;
    return (await import('./divergence.ts')).diverged({ result, position, x: this.examples, optimizer });
  }

  /** The error about a validation error that is not finite; the last update is taken back. */
  async unsound(validation: number): Promise<TrainingError> {
    await this.undo();
    const { position, run } = this.parts;
    const { optimizer } = run.plan;
    const { invalid } = await import('./divergence.ts');
    return invalid(validation, { result: null, position, x: this.examples, optimizer });
  }

  /** No async function: a step waits once. */
  private step(batch: Batch, rows: Uint32Array, epoch: number): Promise<StepResult<Evaluation>> {
    const { engine, network, optimizer, rules, position, steps, run, still } = this.parts;
    this.examples = batch.x;
    const { penaltyWarmup = 0 } = run.plan;
    network.moment.penalty = Math.min(1, (position.step + 1) / Math.max(1, penaltyWarmup));
    if (!still) network.atStep(position.step, steps);
    const pass = this.passOf(batch, rows, epoch);
    const seen = ({ cost, terms, gradientNorm }: Evaluation): Step => ({
      ...{ step: position.step + 1, steps, epoch: position.history.length + 1, examples: rows.length },
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
    if (this.wholeSet !== null) return this.wholeSet;
    const { loader, run, still } = this.parts;
    const { labels = batch.labels, group = alone } = run;
    const pass = loader.load(batch.x, shareOf(batch.rows, group), epoch, labels, shareOf(rows, group), rows.length);
    if (still) this.wholeSet = pass;
    return pass;
  }

  /** J on a pass over θ, for the optimizer; rules see each evaluation as `seen` has it. */
  private problemOf(pass: Pass, seen: (evaluation: Evaluation) => Step): Problem<Evaluation> {
    const { engine, network, rules, run } = this.parts;
    const { lowest = 0, group = alone } = run;
    // For those who are told alone; what several processes sum they all have.
    const summed = group.size > 1 || network.spec.shard !== undefined;
    const watch = run.onProgress !== undefined || summed ? this.meanActivation.watch : undefined;
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

  /** What has overflowed in the optimizer; of latents that processes share in any of them, so that all decide alike. */
  private async overflowIn({ overflow = null, evaluation }: StepResult<Evaluation>): Promise<string | null> {
    const { latents } = this.parts.network.spec.shard ?? {};
    // Squares of what is smaller overflow nowhere, and all have the same norm.
    if (latents === undefined || evaluation.gradientNorm < LEAST_OVERFLOW) return overflow;
    const found = Float64Array.of(overflow === null ? 0 : 1);
    await latents.total(found);
    return found[0] > 0 ? (overflow ?? 'the state of the optimizer in another process') : null;
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
