import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CheckpointError, InputError, TrainingError } from '../../errors.ts';
import type { Latents } from '../../layers/latents.ts';
import { together } from '../../model/agreement.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import type { CreateOptions } from '../../model/kernel-options.ts';
import { forget } from '../../node/earlier-run.ts';
import { MODEL_FILE, saveModel } from '../../node/model-files.ts';
import { SharedCheckpoints } from '../../node/shared-checkpoints.ts';
import { RUN_FILE, type UnfinishedRun } from '../../node/unfinished-run.ts';
import { fit } from '../../training/fit.ts';
import type { FitResult } from '../../training/history.ts';
import type { FitOptions } from '../../training/options.ts';
import { historySoFar } from '../../training/position.ts';
import { duration, ProgressBar, print, say } from '../output.ts';
import type { TrainingData } from './block-data.ts';
import { ended, goOn, resultOf } from './follow.ts';
import { Interruption } from './interruption.ts';
import { newModel } from './new-model.ts';
import type { Parallel } from './parallel.ts';
import { runMetadata } from './run-data.ts';
import type { RunSettings, TrainFlags } from './run-settings.ts';
import { resuming, tellResumed } from './tell-resumed.ts';
import { Watch } from './watch.ts';

/** What came of the training, in the run's folder. */
const TRAINING_FILE = 'training.json';

/** What looks at a whole model on the way. */
const WHOLE: Readonly<Partial<Record<keyof TrainFlags, string>>> = {
  live: '--live',
  metricsEvery: '--metrics-every',
  pca: '--pca',
};

/** @throws InputError where `--shard latents` does not go with how the command was started, or with another flag. */
export function assertShared(flags: TrainFlags, team: Parallel): void {
  assertStarted('train', team);
  for (const [key, flag] of Object.entries(WHOLE)) {
    if (flags[key as keyof TrainFlags] === undefined) continue;
    throw new InputError(`${flag} is given with --shard latents, where no process holds the whole model: leave it out`);
  }
}

/** @throws InputError where a command that is to share latents was started alone. */
export function assertStarted(command: string, { group }: Parallel): void {
  if (group !== null) return;
  throw new InputError(
    `--shard is latents, and this process was started alone: start several, such as mpirun -n 2 rhohat ${command} --shard latents`,
  );
}

/** @throws InputError where a run on shared latents is resumed by another number of processes. */
export function assertAsMany(path: string, { processes }: RunSettings, { group }: Parallel): void {
  const now = group?.size ?? 1;
  if (processes === now) return;
  throw new InputError(
    `${path} is of ${processes} processes, each with the checkpoints of its own latents, and this is ${now}: go on with as many, ${resuming(path, processes ?? 1)}`,
  );
}

/** What is trained, and where it goes. */
export interface SharedRun {
  readonly settings: RunSettings;
  readonly data: TrainingData;
  readonly engine: CreateOptions;
  readonly flags: TrainFlags;
  /** The run's folder, which the first process makes or has. */
  readonly begin: () => Promise<UnfinishedRun>;
}

/**
 * Trains a model of which every process holds its share of the latents, and writes it as one file, with what came of the training.
 * No process ever holds the whole, so that nothing is measured or drawn; each keeps checkpoints of its share.
 */
export async function trainShared(team: Parallel, { settings, data, engine, flags, begin }: SharedRun): Promise<void> {
  const { group, leads } = team;
  if (group === null) return;
  const { run } = settings;
  const model = await newModel(run, data, { ...engine, latents: group });
  const { latents } = model.engine.spec.shard ?? {};
  if (latents === undefined) return;
  const folder = leads ? await begin() : null;
  const { shown, path } = await seenByAll(team, latents, folder);
  const checkpoints = new SharedCheckpoints(path, latents, folder?.assertHeld);
  const found = flags.resume === undefined ? null : await checkpoints.read();
  if (found !== null && (leads || found.note !== null)) {
    tellResumed(found, model.runtime, { processes: [group.size, group.size] });
  }
  const earlier = found === null ? [] : historySoFar(found.checkpoint.position);
  const watch = new Watch(new ProgressBar(leads && !flags.json), earlier);
  const interruption = new Interruption();
  const { signal } = interruption;
  const options: FitOptions = {
    ...run.fit,
    target: data.target?.training,
    validation: data.validation,
    validationTarget: data.target?.validation,
    onProgress: watch.see,
    onEpoch: watch.ended,
    signal,
    checkpoint: {
      every: settings.checkpointEvery,
      async save(bytes) {
        await checkpoints.save(bytes);
        if (leads) await forget(path);
      },
      ...(flags.onSaveError === 'continue' ? { onSaveError: leads ? goOn : () => undefined } : {}),
    },
    resume: found?.bytes,
  };
  let trained = false;
  try {
    const { result, failure } = await ended(interruption.orNull(fit(model, data.training, options)));
    await watch.end();
    if (failure !== null && leads)
      say(`rhohat: the parameters of epoch ${resultOf(failure)?.kept} are kept in ${shown}`);
    const { prepared } = data;
    const attachments = { preprocessing: prepared.steps, metadata: runMetadata(run, prepared) };
    await saveModel(join(path, MODEL_FILE), model, attachments);
    trained = true;
    if (result === null) {
      if (failure === null && leads) say(`interrupted: go on with ${resuming(shown, group.size)}`);
    } else {
      await folder?.finish(
        new Map([[TRAINING_FILE, `${JSON.stringify(trainedOf(team, settings, result), null, 1)}\n`]]),
      );
      group.barrier(); // run.json goes first: what it names is whole until then
      await checkpoints.remove();
      if (leads) tellTrained(team, { settings, path: shown, model, result, json: flags.json });
    }
    await team.close();
    if (leads) interruption.exit();
    if (failure !== null && leads) throw failure;
  } catch (error) {
    const stopped = error instanceof CheckpointError || error instanceof TrainingError;
    if (stopped && checkpoints.any) {
      error.message += `; the last checkpoint is kept: ${resuming(shown, group.size)} goes on from there`;
    }
    if (!signal.aborted && !trained) await folder?.discard();
    throw error;
  } finally {
    await watch.end();
    interruption.release();
    await folder?.release();
  }
}

/**
 * The run's folder as it is told, and where it is, in all processes.
 * @throws InputError, in all, unless all see the one that the first has.
 */
async function seenByAll(team: Parallel, latents: Latents, folder: UnfinishedRun | null) {
  const at = await team.fromFirst(async () => {
    const shown = folder?.path ?? '';
    const path = resolve(shown);
    return { shown, path, text: await readFile(join(path, RUN_FILE), 'utf8') };
  });
  await together(latents, async () => {
    const text = await readFile(join(at.path, RUN_FILE), 'utf8').catch(() => null);
    if (text === at.text) return;
    throw new InputError(
      `${at.path}: process ${latents.rank} does not see the run's folder that the first process has: name one on a disk that all share (--out)`,
    );
  });
  return at;
}

/** What training.json says. */
function trainedOf(team: Parallel, { rhohat, run }: RunSettings, result: FitResult) {
  const { steps, cost, terms, history, seconds } = result;
  return { rhohat, run, processes: team.told(steps), steps, cost, terms, seconds, history };
}

interface Told {
  readonly settings: RunSettings;
  readonly path: string;
  readonly model: Autoencoder;
  readonly result: FitResult;
  readonly json: boolean | undefined;
}

function tellTrained(team: Parallel, { settings, path, model, result, json }: Told): void {
  const { steps, cost, history, seconds } = result;
  const { validation } = history[history.length - 1] ?? {};
  if (json) {
    print(JSON.stringify({ folder: path, ...trainedOf(team, settings, result) }, null, 1));
    return;
  }
  const measured = validation === undefined ? '' : `, ${validation.toPrecision(5)} on held-out examples`;
  print(`${path}: ${MODEL_FILE} of ${model.config.hidden[0]} latents, shared by ${team.group?.size} processes`);
  print(`cost ${cost.toPrecision(5)}${measured} after ${steps} steps in ${duration(seconds)}`);
}
