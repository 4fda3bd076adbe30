import type { AnyNumbers, View } from '../array/matrix.ts';
import { eachBatch } from '../data/batches.ts';
import type { RowSource } from '../data/row-source.ts';
import { survivorsAt } from '../layers/selection.ts';
import { type Engine, type Evaluation, evaluate, type Terms } from '../model/engine.ts';
import { Loader } from '../model/load.ts';
import type { Pass } from '../model/network.ts';
import { createOptimizer } from '../optimizers/create.ts';
import type { StepResult } from '../optimizers/optimizer.ts';
import { orAborted } from './abortable.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import { type BlockCheck, createFeed } from './feed.ts';
import type { FitPlan } from './options.ts';
import { addStep, endEpoch, newPosition } from './position.ts';
import { createMeanActivation, Pace, type Progress } from './progress.ts';

/** One entry an epoch, or an iteration of L-BFGS. */
export interface HistoryEntry {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done by its end. */
  readonly step: number;
  /** Mean over the epoch's examples. */
  readonly cost: number;
  /** The summands of `cost`, each already multiplied by its weight. */
  readonly terms: Terms;
  /** The data term on the validation set after the epoch: reconstruction error, or classification cost. */
  readonly validation?: number;
}

/** What a run of training came to. */
export interface FitResult {
  /** Steps done, those before a checkpoint included. */
  readonly steps: number;
  /** Epochs done; the iterations of L-BFGS. */
  readonly epochs: number;
  /** Of the last epoch: see HistoryEntry. */
  readonly cost: number;
  /** Its summands, each already multiplied by its weight. */
  readonly terms: Terms;
  /** An entry an epoch. */
  readonly history: readonly HistoryEntry[];
  /** Of training, in earlier processes too. */
  readonly seconds: number;
  /** Why training ended before its last epoch; null if it did not. */
  readonly converged: string | null;
  /** Where a checkpoint was taken up: after this step, which these kernels had done; other ones go on to other bits. */
  readonly resumed?: {
    /** The last one that was done before. */
    readonly step: number;
    /** Such as simd or reference. */
    readonly kernels: string;
  };
}

/** What a run trains on and with; everything has been checked. */
export interface TrainingRun {
  /** Kind and config of the model, plain JSON: what a checkpoint must agree with. */
  readonly identity: object;
  readonly x: View<AnyNumbers> | RowSource;
  /** Of each block of a source, as it arrives. */
  readonly check?: BlockCheck;
  /** Rows that are shuffled together: `blockRows` but in tests. */
  readonly block?: number;
  /** One-hot labels of a classifier. */
  readonly labels?: View<AnyNumbers>;
  /** Of an x that was computed: from what, by which parameters. A checkpoint must agree with those, not with x's rounding. */
  readonly origin?: { readonly x: View<AnyNumbers>; readonly frozen: View; readonly validation?: View<AnyNumbers> };
  readonly plan: FitPlan;
  /** The first layer that is trained; those below keep their parameters. */
  readonly lowest?: number;
  readonly validate?: () => Promise<number>;
  /** What `validate` measures on: a checkpoint must agree with it. */
  readonly validation?: { readonly x: View<AnyNumbers>; readonly labels?: View<AnyNumbers> };
  readonly onProgress?: (progress: Progress) => unknown;
  readonly signal?: AbortSignal;
  readonly checkpoint?: CheckpointOptions;
  readonly resume?: Uint8Array;
  /** Milliseconds that an aborted run waits for its last checkpoint to be saved: 30 s but in tests. */
  readonly patience?: number;
}

/** Minimises J over mini-batches in the order of (seed, epoch), or over the whole set with L-BFGS: see `fit`. */
export async function train(engine: Engine, run: TrainingRun): Promise<FitResult> {
  run.signal?.throwIfAborted();
  engine.assertIdle('fit was called');
  engine.training = true;
  try {
    return await trainIdle(engine, run);
  } finally {
    engine.training = false;
  }
}

async function trainIdle(engine: Engine, run: TrainingRun): Promise<FitResult> {
  const { x, labels, plan, lowest = 0, validate, onProgress, signal } = run;
  const m = x.shape[0];
  const steps = plan.epochs * Math.ceil(m / plan.batchSize);
  const kept = run.checkpoint !== undefined || run.resume !== undefined;
  const created = kept ? (await import('./checkpointing.ts')).createCheckpointing(engine, run) : null;
  const checkpointing = created && (await orAborted(created, signal));
  signal?.throwIfAborted();
  const resumed = checkpointing?.resumed;
  const position = resumed?.position ?? newPosition();
  const { history } = position;
  const from = resumed && { resumed: { step: position.step, kernels: resumed.kernels } };
  const network = engine.createNetwork();
  const feed = await createFeed(x, plan, run.check, run.block);
  try {
    const loader = new Loader(network);
    const optimizer = createOptimizer(engine.kernels, engine.layout.length, plan.optimizer, steps, network.storage);
    await checkpointing?.restore(optimizer);
    const meanActivation = createMeanActivation(network);
    const pace = new Pace(position);
    // L-BFGS needs the same cost at every iteration: one batch, loaded once, one corruption, k survivors from the start.
    const still = plan.optimizer.kind === 'lbfgs';
    let whole: Pass | null = null;
    let seen = x as View<AnyNumbers>; // examples of the last step
    /** Of a step, or of the update that followed the last one: loaded where it is needed. */
    const diverged = async (result: StepResult<Evaluation> | null) =>
      (await import('./divergence.ts')).diverged({ result, position, x: seen, optimizer: plan.optimizer.kind });

    const undo = () => engine.exclusive(async () => optimizer.undo(engine.theta));
    /** Whether the very last update, which no step has evaluated, left θ finite; if not, it is taken back. */
    const endedWell = async () => {
      if (await engine.hasFiniteParameters()) return true;
      await undo();
      return false;
    };

    /** Keeps what is due, or the last step where the run is aborted; ends it then. */
    const keep = async () => {
      if (checkpointing !== null) {
        position.seconds = pace.seconds;
        await checkpointing.afterStep(optimizer, position, signal?.aborted ?? false);
      }
      signal?.throwIfAborted();
    };

    try {
      while (history.length < plan.epochs) {
        const epoch = history.length;
        if (!still) network.setSurvivors((spec, units) => survivorsAt(spec, units, epoch, plan.epochs));
        let before = position.batch; // batches of this epoch that an earlier process has done
        for (const rows of eachBatch(m, plan.batchSize, { seed: plan.seed, epoch, block: feed.block })) {
          if (before-- > 0) continue;
          const taken = feed.take(rows, epoch);
          const batch = taken instanceof Promise ? await orAborted(taken, signal) : taken; // memory does not wait
          if (batch === null) {
            await keep();
            continue;
          }
          seen = batch.x;
          const pass: Pass = whole ?? loader.load(batch.x, batch.rows, still ? 0 : epoch, labels, rows);
          if (still) whole = pass;
          const { theta } = engine;
          const problem = { theta, gradient: network.gradient, evaluate: () => evaluate(network, pass, lowest) };
          const result = await engine.exclusive(() => optimizer.step(problem));
          if (!isFiniteStep(result)) {
            await undo();
            throw await diverged(result);
          }
          if (result.overflow) {
            await undo();
            throw (await import('./divergence.ts')).overflowed(result, position.step + 1);
          }
          addStep(position, result.evaluation, rows.length);
          position.converged = result.converged;
          pace.count(rows.length);
          const told = onProgress?.({
            epoch: epoch + 1,
            epochs: plan.epochs,
            step: position.step,
            steps,
            ...result.evaluation,
            gradientNorm: result.gradientNorm,
            meanActivation: await meanActivation(pass),
            ...pace.estimate(position.step, steps),
          });
          if (told !== undefined) await orAborted(Promise.resolve(told), signal);
          await pace.breathe();
          await keep();
        }
        endEpoch(position, validate && (await validate()));
        if (position.converged !== null) break;
      }
    } catch (reason) {
      await endedWell(); // aborted, or a callback threw: the model stays usable
      throw reason;
    }
    const { step, converged } = position;
    if (!(await endedWell())) throw await diverged(null);
    const { cost, terms } = history[history.length - 1];
    return { steps: step, epochs: history.length, cost, terms, history, seconds: pace.seconds, converged, ...from };
  } finally {
    await feed.close();
    await checkpointing?.close();
    network.dispose();
  }
}

function isFiniteStep({ evaluation, gradientNorm }: StepResult<Evaluation>): boolean {
  return Number.isFinite(evaluation.cost) && Number.isFinite(gradientNorm);
}
