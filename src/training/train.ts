import type { AnyNumbers, View } from '../array/matrix.ts';
import { eachBatch } from '../data/stream/batches.ts';
import { InputError } from '../errors.ts';
import { type Engine, type Evaluation, evaluate } from '../model/engine.ts';
import { alone, shareOf } from '../model/group.ts';
import { Loader } from '../model/load.ts';
import type { Pass } from '../model/network.ts';
import type { StepResult } from '../optimizers/optimizer.ts';
import { orAborted } from './abortable.ts';
import type { Batch } from './batch.ts';
import { createFeed } from './feed.ts';
import { fitTables } from './fit-parts.ts';
import type { FitResult } from './history.ts';
import { addStep, endEpoch, newPosition } from './position.ts';
import { createMeanActivation, Pace } from './progress.ts';
import type { Step } from './rules/rule.ts';
import { createRules } from './rules/run-rules.ts';
import type { TrainingRun } from './training-run.ts';

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
  const { x, labels, plan, lowest = 0, validate, onProgress, signal, group = alone } = run;
  const m = x.shape[0];
  const steps = plan.epochs * Math.ceil(m / plan.batchSize);
  const kept = run.checkpoint !== undefined || run.resume !== undefined;
  const created = kept ? (await import('./checkpoints/checkpointing.ts')).createCheckpointing(engine, run) : null;
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
    const { optimizers, rules: ruleKinds } = fitTables(run.parts);
    const optimizerKind = optimizers[plan.optimizer.kind];
    const { kernels: k, storage } = network;
    const optimizer = optimizerKind.create(plan.optimizer, { k, storage, size: engine.layout.length, steps });
    const rules = createRules(plan.rules ?? [], ruleKinds, network, engine.theta);
    if (!resumed) engine.state.reset(['run-state']);
    await checkpointing?.restore(optimizer, rules.state);
    const meanActivation = createMeanActivation(network);
    const load = (batch: Batch, rows: Uint32Array, epoch: number) =>
      loader.load(batch.x, shareOf(batch.rows, group), epoch, labels, shareOf(rows, group), rows.length);
    const pace = new Pace(position);
    // On the whole set the cost is the same at every iteration: one batch, loaded once, one corruption, k survivors from the
    // start.
    const still = optimizerKind.data === 'whole';
    if (still) assertStill(engine, plan.optimizer.kind);
    let whole: Pass | null = null;
    let examples = x as View<AnyNumbers>; // of the last step
    /** Of a step, or of the update that followed the last one: loaded where it is needed. */
    const diverged = async (result: StepResult<Evaluation> | null) =>
      (await import('./divergence.ts')).diverged({ result, position, x: examples, optimizer: plan.optimizer });

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
        await checkpointing.afterStep(optimizer, rules.state, position, signal?.aborted ?? false);
      }
      signal?.throwIfAborted();
    };

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
            await keep();
            continue;
          }
          examples = batch.x;
          const pass: Pass = whole ?? load(batch, rows, still ? 0 : epoch);
          if (still) whole = pass;
          const { theta } = engine;
          const seen = ({ cost, terms, gradientNorm }: Evaluation): Step => ({
            ...{ step: position.step + 1, steps, epoch: epoch + 1, examples: rows.length },
            ...{ cost, terms, gradientNorm },
          });
          const problem = {
            theta,
            gradient: network.gradient,
            async evaluate() {
              const evaluation = await evaluate(network, pass, { lowest, watch: meanActivation.watch, group });
              if (isSound(evaluation)) await rules.before(seen(evaluation));
              return evaluation;
            },
          };
          const result = await engine.exclusive(async () => {
            const done = await optimizer.step(problem);
            if (!isSound(done.evaluation)) return done;
            await rules.after(seen(done.evaluation));
            network.advance();
            return done;
          });
          if (!isSound(result.evaluation)) {
            await undo();
            throw await diverged(result);
          }
          if (result.overflow) {
            await undo();
            throw (await import('./divergence.ts')).overflowed(result, position.step + 1);
          }
          addStep(position, result.evaluation, rows.length);
          position.converged = result.converged;
          const { cost, terms, gradientNorm, watched } = result.evaluation;
          pace.count(rows.length);
          const told = onProgress?.({
            epoch: epoch + 1,
            epochs: plan.epochs,
            step: position.step,
            steps,
            cost,
            terms,
            gradientNorm,
            meanActivation: meanActivation.of(watched),
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

function isSound({ cost, gradientNorm }: Evaluation): boolean {
  return Number.isFinite(cost) && Number.isFinite(gradientNorm);
}

/** @throws InputError where a part of the model moves the cost from step to step, and the optimizer does not allow it. */
function assertStill({ spec }: Engine, optimizer: string): void {
  for (const { kind, spec: own } of spec.layers.flatMap(({ terms }) => terms)) {
    const why = kind.refusesWhole?.(own) ?? null;
    if (why !== null) {
      throw new InputError(`options.optimizer is ${optimizer}, which asks for the same cost at every step, and ${why}`);
    }
  }
}
