import { InputError } from '../errors.ts';
import type { Engine } from '../model/engine.ts';
import { Loader } from '../model/load.ts';
import type { Network } from '../model/network.ts';
import { made } from '../part.ts';
import { show } from '../validate.ts';
import { orAborted } from './abortable.ts';
import { type HoldRows, noHold } from './batch.ts';
import { createFeed } from './feed.ts';
import { fitTables } from './fit-parts.ts';
import { type FitResult, withResult } from './history.ts';
import { epochsSeen, historySoFar, newPosition } from './position.ts';
import { createRules } from './rules/run-rules.ts';
import { type LoopParts, TrainingLoop } from './training-loop.ts';
import type { TrainingRun } from './training-run.ts';

/** Minimises J over mini-batches in the order of (seed, epoch), or over the whole set with L-BFGS: see `fit`. */
export async function train(engine: Engine, run: TrainingRun): Promise<FitResult> {
  const { signal } = run;
  // Those that share batches, or the latents of the model.
  const group = run.group ?? engine.spec.shard?.latents;
  const shared = group !== undefined && group.size > 1 ? await import('./same-start.ts') : null;
  // Of several processes none may end alone: the others would wait for it.
  if (shared === null && signal?.aborted) throw withResult(signal.reason, nothing); // not that of a run that ended by it before
  engine.assertIdle('fit was called');
  engine.training = true;
  try {
    if (shared === null || group === undefined) return await trainIdle(engine, run);
    await shared.assertAgreement(engine, run, group);
    const all = shared.shareSignal(signal, group);
    await all.share();
    if (all.signal.aborted) throw withResult(all.signal.reason, nothing);
    return await trainIdle(engine, { ...run, signal: all.signal, share: all.share });
  } finally {
    engine.training = false;
  }
}

/** What a run that never began has come to. */
const nothing: FitResult = {
  ...{ steps: 0, epochs: 0, cost: Number.NaN, terms: {} },
  ...{ history: [], seconds: 0, converged: null },
};

async function trainIdle(engine: Engine, run: TrainingRun): Promise<FitResult> {
  const { x, plan, signal } = run;
  const { stop, keep } = plan;
  const checked = run.checkpoint !== undefined || run.resume !== undefined;
  const created = checked ? (await import('./checkpoints/checkpointing.ts')).createCheckpointing(engine, run) : null;
  const checkpointing = created && (await orAborted(created, signal));
  signal?.throwIfAborted();
  const resumed = checkpointing?.resumed;
  const position = resumed?.position ?? newPosition(engine.epochs);
  const from = resumed && { resumed: { step: position.step, kernels: resumed.kernels } };
  const network = engine.createNetwork();
  const hold = holdIn(network);
  if (run.labels !== undefined) await hold(run.labels);
  const feed = await createFeed(x, plan, run.check, run.block, run.group, hold);
  const keeping = stop !== undefined || keep !== undefined ? await import('./keeper.ts') : null;
  const keeper =
    keeping &&
    new keeping.Keeper(
      engine,
      plan,
      resumed?.kept ?? null,
      position.history,
      keeping.annealedEpochs(engine.spec, plan, run.parts),
    );
  let loop: TrainingLoop | null = null;
  /** What the run has come to. */
  const result = (): FitResult => {
    const history = historySoFar(position);
    const { cost, terms } = history[history.length - 1] ?? { cost: Number.NaN, terms: {} };
    const { step, converged, history: epochs } = position;
    const kept = keep === 'best' && keeper ? { kept: keeper.epoch } : {};
    const seconds = loop?.seconds ?? position.seconds;
    return { steps: step, epochs: epochs.length, cost, terms, history, seconds, converged, ...kept, ...from };
  };
  const batches = Math.ceil(x.shape[0] / plan.batchSize);
  try {
    const updates = createUpdates(engine, run, network, plan.epochs * batches);
    await checkpointing?.restore(updates.optimizer, updates.rules.state);
    loop = new TrainingLoop({ engine, run, network, feed, checkpointing, keeper, position, ...updates });
    if (updates.still) assertStill(engine, plan.optimizer.kind);
    if (engine.fresh && run.resume === undefined) await run.begin?.(signal);
    engine.fresh = false;
    try {
      await loop.run();
    } finally {
      engine.epochs = epochsSeen(position, updates.still);
    }
    return result();
  } catch (error) {
    throw withResult(error, result());
  } finally {
    await feed.close();
    await checkpointing?.close();
    network.dispose();
  }
}

/** Brings rows within reach of the network's kernels, until they are let go or the network is disposed. */
function holdIn({ kernels, storage }: Network): HoldRows {
  if (kernels.hold === undefined) return noHold;
  return async (x) => {
    const room = storage.fork();
    await kernels.hold?.(room, x);
    return () => room.dispose();
  };
}

/** What loads batches of a run of so many steps and changes θ by them. */
export function createUpdates(
  engine: Engine,
  { labels, plan, parts, signal, group }: Omit<TrainingRun, 'identity' | 'x'>,
  network: Network,
  steps: number,
): Pick<LoopParts, 'loader' | 'optimizer' | 'rules' | 'steps' | 'still'> {
  const loader = new Loader(network);
  const { optimizers, rules: ruleKinds } = fitTables(parts);
  const kind = optimizers[plan.optimizer.kind];
  const { kernels: k, storage } = network;
  const optimizer = made(
    `optimizer ${show(plan.optimizer.kind)}`,
    kind.create(plan.optimizer, { k, storage, size: engine.layout.length, steps }),
    { needs: ['step', 'undo', 'state', 'restore'], atOnce: ['undo', 'restore'] },
  );
  const { moments } = optimizer;
  const { batchSize, seed } = plan;
  const told = { kind: plan.optimizer.kind, moments };
  const ruled = {
    network,
    theta: engine.theta,
    optimizer: told,
    batchSize,
    seed,
    transcoder: labels !== undefined,
    group,
    signal,
  };
  const rules = createRules(plan.rules ?? [], ruleKinds, ruled);
  return { loader, optimizer, rules, steps, still: kind.data === 'whole' };
}

/** @throws InputError where a part of the model moves the cost from step to step, and the optimizer does not allow it. */
function assertStill({ spec }: Engine, optimizer: string): void {
  const [moving] = spec.state.filter(({ role }) => role === 'model-state');
  const estimated = spec.layers.find(({ choice }) => choice.kind.exact === false);
  const inexact =
    estimated && `${show(estimated.choice.spec.kind)} learns by estimators, which are no derivatives of the cost`;
  const said = spec.layers.flatMap(({ terms }) => terms.map(({ kind, spec: own }) => kind.refusesWhole?.(own) ?? null));
  // A kind that does not say keeps what moves: then the cost does too.
  const why =
    inexact ?? said.find((reason) => reason !== null) ?? (moving && `${show(moving.name)} moves from step to step`);
  if (why === undefined) return;
  throw new InputError(
    `${why}, and optimizer ${optimizer} asks for the same cost at every step: leave it out, or take mini-batches, as with adam`,
  );
}
