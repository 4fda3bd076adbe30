import { fingerprint, sourceFingerprint } from '../../data/stream/fingerprint.ts';
import { isRowSource } from '../../data/stream/row-source.ts';
import { PartHashes } from '../../data/stream/source-parts.ts';
import { CheckpointError, InputError } from '../../errors.ts';
import type { Latents } from '../../layers/latents.ts';
import { ofFirst, together } from '../../model/agreement.ts';
import type { Engine } from '../../model/engine.ts';
import { drawnAnew } from '../../model/spec.ts';
import type { State } from '../../model/state.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { VERSION } from '../../version.ts';
import { annealedEpochs, bestOf, type Kept } from '../keeper.ts';
import type { Position } from '../position.ts';
import type { TrainingRun } from '../training-run.ts';
import { type Checkpoint, type DataPrints, deserializeCheckpoint, serializeCheckpoint } from './checkpoint.ts';
import { assertPart, assertPosition, assertResumable, partOf } from './checkpoint-match.ts';
import { assertCheckpointOptions, type CheckpointOptions, intervalOf } from './checkpoint-options.ts';

/** A run between two steps. */
export interface Standing {
  readonly optimizer: Optimizer;
  readonly rules: { readonly state: State };
  readonly position: Position;
  /** Of the best parameters so far. */
  readonly keeper: { readonly kept: Kept | null } | null;
}

/** What `train` asks of the run that a checkpoint continues, and of the checkpoints it leaves. */
export interface Checkpointing {
  /** Of the run that goes on; null for a new one. */
  readonly resumed: Checkpoint | null;
  /** Puts θ, the state beside it, optimizer and rules where they were. @throws InputError where theirs are not there. */
  restore(optimizer: Optimizer, rules: State): Promise<void>;
  /** Saves a checkpoint where one is due, or `last` asks for it. @throws CheckpointError where that fails. */
  afterStep(run: Standing, last: boolean): Promise<void>;
  /** Resolves when nothing is being read any more. */
  close(): Promise<void>;
}

/**
 * Reads the checkpoint that is resumed, and compares it with what is asked for. Apart from `train`, which loads this
 * module for runs with checkpoints alone. Processes that share the latents of a model have a checkpoint each, of the same step.
 * @throws InputError naming the first difference.
 */
export async function createCheckpointing(engine: Engine, run: TrainingRun): Promise<Checkpointing> {
  const { latents } = engine.spec.shard ?? {};
  const checkpointing = await together(latents, () => begin(engine, run, latents));
  await assertSameStep(checkpointing, latents);
  return checkpointing;
}

async function begin(engine: Engine, run: TrainingRun, latents: Latents | undefined): Promise<Checkpointing> {
  const { identity, plan, x, origin, checkpoint: options, resume } = run;
  assertCheckpointOptions({ checkpoint: options, resume });
  let data: Promise<DataPrints> | null = null;
  let model: Promise<object> | null = null;
  /** What stays the same throughout a run. The data are read once: those in memory when that is first needed. */
  const constants = async () => {
    data ??= fingerprints(run);
    model ??= identityOf({ ...identity, ...partOf(latents) }, origin);
    return { rhohat: VERSION, kernels: engine.kernels.name, model: await model, plan, data: await data };
  };
  const resumed = resume === undefined ? null : await deserializeCheckpoint(resume);
  // Sources are read before the feed reads them: yours may give one array at every call.
  if (isRowSource(x)) await constants();
  const parts = isRowSource(x) ? ((await x.parts?.(0, x.shape[0])) ?? []) : [];
  if (resumed !== null) {
    assertPart(resumed, latents);
    const theta = await engine.kernels.copyOut(engine.theta);
    await assertResumable(resumed, { ...(await constants()), theta }, parts);
    const drawn = drawnAnew(engine.spec) !== null;
    assertPosition(resumed, x.shape[0], { validated: run.validate !== undefined, drawn });
    assertKept(engine, resumed, annealedEpochs(engine.spec, run.plan, run.parts));
  }
  const hashes = new PartHashes(parts, resumed?.data.examples.parts);

  let lastStep = resumed?.position.step ?? 0;
  let lastTime = performance.now();
  const interval = intervalOf(options?.every);
  const isDue = async (step: number) => {
    if (interval === null) return false;
    if ('steps' in interval) return step % interval.steps === 0;
    const late = performance.now() - lastTime >= interval.milliseconds;
    return (await ofFirst(latents, late ? 1 : 0)) > 0; // of several processes, by the clock of the first
  };

  return {
    resumed,
    restore: (optimizer, rules) =>
      engine.exclusive(() =>
        together(latents, () => {
          if (resumed === null) return;
          restoreOptimizer(optimizer, resumed);
          restoreState([engine.state, rules], resumed);
          engine.kernels.write(engine.theta, resumed.theta);
        }),
      ),
    async afterStep({ optimizer, rules, position, keeper }, last) {
      const { step } = position;
      if (options !== undefined) hashes.start();
      if (options === undefined || step === lastStep || !(last || (await isDue(step)))) return;
      // A θ that has just overflowed is taken back soon: no state to go on from.
      if (!(await engine.hasFiniteParameters())) return;
      const state = await engine.exclusive(async () => ({
        theta: await engine.kernels.copyOut(engine.theta),
        optimizer: await optimizer.state(),
        state: { ...(await engine.state.read()), ...(await rules.state.read()) },
      }));
      const keep = async () => {
        const whole = await constants();
        const examples = { ...whole.data.examples, ...(parts.length > 0 ? { parts: hashes.prints } : {}) };
        const kept = keeper?.kept ?? null;
        const data = { ...whole.data, examples };
        const bytes = await serializeCheckpoint({ ...whole, data, position, ...state, kept });
        await save(options, bytes, step);
      };
      await together(latents, () => patiently(keep(), run, step));
      lastStep = step;
      lastTime = performance.now();
    },
    close: () => hashes.close(),
  };
}

/** @throws InputError, in all processes that share the latents of a model, unless they go on from the same step. */
async function assertSameStep({ resumed }: Checkpointing, latents: Latents | undefined): Promise<void> {
  if (latents === undefined || resumed === null) return;
  const steps = new Float64Array(latents.size);
  await latents.gather(Float64Array.of(resumed.position.step), steps);
  if (steps.every((step) => step === steps[0])) return;
  throw new InputError(
    `options.resume is of steps ${steps.join(', ')} in the processes that share the latents: give each its checkpoint of the same step`,
  );
}

/** Of what the caller gave, not of what frozen layers made of it. */
async function fingerprints({ x, labels, validation, origin }: TrainingRun): Promise<DataPrints> {
  const given = origin?.x ?? x;
  return {
    examples: await (isRowSource(given) ? sourceFingerprint(given) : fingerprint(given)),
    ...(labels ? { labels: await fingerprint(labels) } : {}),
    ...(validation ? { heldOut: await fingerprint(origin?.validation ?? validation.x) } : {}),
    ...(validation?.labels ? { heldOutLabels: await fingerprint(validation.labels) } : {}),
  };
}

/** With the hash of the layers below that are not trained, where x was computed by them. */
async function identityOf(identity: object, origin: TrainingRun['origin']): Promise<object> {
  return origin === undefined ? identity : { ...identity, frozenLayers: (await fingerprint(origin.frozen)).hash };
}

/** What is kept beside θ goes to who keeps it. @throws InputError unless it is all there, and nothing else. */
function restoreState(keepers: readonly State[], { state }: Checkpoint): void {
  const names = keepers.flatMap(({ views }) => Object.keys(views));
  const [stray] = Object.keys(state).filter((name) => !names.includes(name));
  const [missing] = names.filter((name) => !Object.hasOwn(state, name));
  if (stray !== undefined || missing !== undefined) {
    const what = stray === undefined ? `it lacks the state ${missing}` : `its state ${stray} is not the run's`;
    throw new InputError(`checkpoint: ${what}: it is no file that rhohat saved`);
  }
  for (const keeper of keepers) {
    keeper.write(Object.fromEntries(Object.keys(keeper.views).map((name) => [name, state[name]])));
  }
}

/** @throws InputError unless the best parameters so far are there where they must be, and are the model's. */
function assertKept({ state }: Engine, { kept, theta, plan, position }: Checkpoint, annealed: number): void {
  const needed = plan.keep === 'best' && bestOf(position.history, annealed) > 0;
  const own = state.namesOf(['model-state']);
  const names = Object.keys(kept?.state ?? {});
  const fits =
    kept !== null &&
    kept.theta.length === theta.length &&
    kept.theta.BYTES_PER_ELEMENT === theta.BYTES_PER_ELEMENT &&
    own.length === names.length &&
    own.every((name) => names.includes(name));
  if (needed ? !fits : kept !== null) {
    throw new InputError(
      'checkpoint: the best parameters it keeps are not those of its run: it is no file that rhohat saved',
    );
  }
  if (kept !== null) state.check(kept.state);
}

function restoreOptimizer(optimizer: Optimizer, { optimizer: state }: Checkpoint): void {
  try {
    optimizer.restore(state);
  } catch (error) {
    const why = error instanceof Error && error.message !== '' ? ` (${error.message})` : '';
    throw new InputError(
      `checkpoint: its arrays ${Object.keys(state).join(', ')} are not those of the optimizer${why}: go on with the optimizer that saved them`,
    );
  }
}

async function save(
  { save, onSaveError }: CheckpointOptions,
  bytes: Uint8Array<ArrayBuffer>,
  step: number,
): Promise<void> {
  try {
    await save(bytes);
  } catch (error) {
    if (onSaveError === undefined) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CheckpointError(
        `the checkpoint after step ${step} could not be saved: ${reason}; training stopped there, the model keeps its parameters`,
        step,
        error,
      );
    }
    await onSaveError(error);
  }
}

/** Waits for a save; once the run is aborted, no longer than its patience. @throws CheckpointError then. */
async function patiently(saving: Promise<void>, { signal, patience = 30_000 }: TrainingRun, step: number) {
  if (signal === undefined) return saving;
  let timer: unknown;
  let begin = () => {};
  const tired = new Promise<never>((_, reject) => {
    const end = () => {
      const late = new CheckpointError(
        `the checkpoint after step ${step} was not saved within ${patience / 1000} s of the abort: save has not resolved; the one before it stays`,
        step,
        signal.reason,
      );
      reject(late);
    };
    begin = () => {
      timer = setTimeout(end, patience);
    };
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin);
  });
  try {
    await Promise.race([saving, tired]);
  } finally {
    clearTimeout(timer as number);
    signal.removeEventListener('abort', begin);
  }
}
