import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import type { CreateOptions } from '../../model/kernel-options.ts';
import { MODEL_FILE, saveModel } from '../../node/model-files.ts';
import { openRunFolder } from '../../node/run-folder.ts';
import { fit } from '../../training/fit.ts';
import type { FitOptions } from '../../training/options.ts';
import { duration, ProgressBar, print } from '../output.ts';
import type { TrainingData } from './block-data.ts';
import { newModel } from './new-model.ts';
import type { Parallel } from './parallel.ts';
import { runMetadata } from './run-data.ts';
import type { RunSettings, TrainFlags } from './run-settings.ts';
import { Watch } from './watch.ts';

/** What came of the training, in the run's folder. */
const TRAINING_FILE = 'training.json';

/** What looks at a whole model, or keeps one, on the way. */
const WHOLE: Readonly<Partial<Record<keyof TrainFlags, string>>> = {
  resume: '--resume',
  checkpointEvery: '--checkpoint-every',
  onSaveError: '--on-save-error',
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
    `--shard is latents, and this process was started alone: start several, such as mpirun -n 2 npx rhohat ${command} --shard latents`,
  );
}

/** What is trained, and where it goes. */
export interface SharedRun {
  readonly settings: RunSettings;
  readonly data: TrainingData;
  readonly engine: CreateOptions;
  readonly flags: TrainFlags;
  /** A folder that the first process names. */
  readonly path: () => Promise<string>;
}

/**
 * Trains a model of which every process holds its share of the latents, and writes it as one file, with what came of the training.
 * No process ever holds the whole, so that nothing is measured or drawn.
 */
export async function trainShared(team: Parallel, { settings, data, engine, flags, path }: SharedRun): Promise<void> {
  const { group, leads } = team;
  if (group === null) return;
  const { run } = settings;
  const model = await newModel(run, data, { ...engine, latents: group });
  const folder = leads ? await openRunFolder(await path(), flags.force) : null;
  const watch = new Watch(new ProgressBar(leads && !flags.json));
  const options: FitOptions = {
    ...run.fit,
    target: data.target?.training,
    validation: data.validation,
    validationTarget: data.target?.validation,
    onProgress: watch.see,
    onEpoch: watch.ended,
  };
  try {
    const { steps, cost, terms, history, seconds } = await fit(model, data.training, options);
    await watch.end();
    const processes = team.told(steps);
    const { prepared } = data;
    const attachments = { preprocessing: prepared.steps, metadata: runMetadata(run, prepared) };
    await saveModel(folder === null ? MODEL_FILE : join(folder.path, MODEL_FILE), model, attachments);
    if (folder !== null) {
      const trained = { rhohat: settings.rhohat, run, processes, steps, cost, terms, seconds, history };
      await folder.commit(new Map([[TRAINING_FILE, `${JSON.stringify(trained, null, 1)}\n`]]));
      const { validation } = history[history.length - 1] ?? {};
      if (flags.json) print(JSON.stringify({ folder: folder.path, ...trained }, null, 1));
      else {
        const measured = validation === undefined ? '' : `, ${validation.toPrecision(5)} on held-out examples`;
        print(`${folder.path}: ${MODEL_FILE} of ${model.config.hidden[0]} latents, shared by ${group.size} processes`);
        print(`cost ${cost.toPrecision(5)}${measured} after ${steps} steps in ${duration(seconds)}`);
      }
    }
    await team.close();
  } finally {
    await watch.end();
    await folder?.discard();
  }
}
