import { type Command, InvalidArgumentError, Option } from 'commander';
import { CheckpointError, TrainingError } from '../../errors.ts';
import { MODEL_FILE } from '../../node/model-files.ts';
import { freeName } from '../../node/run-folder.ts';
import { beginRun, type UnfinishedRun } from '../../node/unfinished-run.ts';
import { intervalOf } from '../../training/checkpoints/checkpoint-options.ts';
import { fit } from '../../training/fit.ts';
import { historySoFar } from '../../training/position.ts';
import { addEngineOptions, assertDevice } from '../flags/engine-flags.ts';
import { count, portNumber, whole } from '../flags/flags.ts';
import {
  addDataOptions,
  addDictionaryOptions,
  addModelOptions,
  addOutputOptions,
  addStartOptions,
  addStoppingOptions,
  addTrainingOptions,
  DATA,
} from '../flags/options.ts';
import { ProgressBar, print, say } from '../output.ts';
import { attempt } from '../report/attempt.ts';
import { tellRuntime } from '../report/kernel-note.ts';
import { letGo } from '../report/let-go.ts';
import { assertComponents, compareWithPca } from '../report/pca-baseline.ts';
import { rangeNote } from '../report/range-note.ts';
import { addReport, modelBytes, runPictures } from '../report/run-output.ts';
import { summarize, summaryLines } from '../report/summary.ts';
import { SUMMARY_FILE, summaryText } from '../report/summary-file.ts';
import { trainingData } from '../run/block-data.ts';
import { ended, follow, goOn, resultOf } from '../run/follow.ts';
import { Interruption } from '../run/interruption.ts';
import { newModel } from '../run/new-model.ts';
import { parallel } from '../run/parallel.ts';
import { tellRead } from '../run/read-source.ts';
import { aboutRun, openLive, openRecorder } from '../run/recording.ts';
import { folderStem, readRun } from '../run/run-data.ts';
import { engineOf, ranOnSettings } from '../run/run-engine.ts';
import { runFromFlags } from '../run/run-from-flags.ts';
import { type RunSettings, resumedSettings, settingsOf, type TrainFlags } from '../run/run-settings.ts';
import { assertAsMany, assertShared, trainShared } from '../run/shared-latents.ts';
import { decided, isOpen, openParts, suitNote } from '../run/suit-data.ts';
import { resuming, tellResumed } from '../run/tell-resumed.ts';
import { trainingWork } from '../run/turbo.ts';
import { Watch } from '../run/watch.ts';

/** Declares `rhohat train`. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train an autoencoder and write a run folder')
    .description(
      `Trains a sparse autoencoder and writes a run folder: ${MODEL_FILE}, features.png (of data that are no images, features.svg), training.svg, activations.svg, activity.svg, summary.json and, where inputs are pixels, reconstructions.png. Without arguments: oriented edges from generated images.`,
    )
    .argument('[data]', DATA);
  addStartOptions(command);
  addDataOptions(command);
  addModelOptions(command);
  addDictionaryOptions(command);
  addStoppingOptions(addTrainingOptions(command));
  command
    .optionsGroup('Checkpoints:')
    .option('--checkpoint-every <when>', 'save a checkpoint every 30s, 5min, …, or every n steps (default 60s)', every)
    .option('--resume <run>', 'go on with an unfinished run, with its own config and to the same bits')
    .addOption(
      new Option('--on-save-error <what>', 'where a checkpoint cannot be saved (default stop)').choices([
        'stop',
        'continue',
      ]),
    );
  command
    .optionsGroup('Watching:')
    .option('--live', 'show the run in a page of this machine while it trains; its address is told on stderr')
    .option('--port <n>', 'of --live (default: a free one)', portNumber)
    .option(
      '--metrics-every <n>',
      'a line of metrics.jsonl every n steps (default: one an epoch, and more of long epochs)',
      count,
    );
  addEngineOptions(command);
  command.addOption(
    new Option(
      '--shard <what>',
      'under mpirun: each process holds its share of the latents, and sees all rows',
    ).choices(['latents']),
  );
  addOutputOptions(command, 'runs/<data>')
    .option('--pca <components>', 'compare with principal component analysis', whole)
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train                                 # generated images
  $ rhohat train natural-images --preset cs294a  # needs RHOHAT_DATA
  $ rhohat train mnist --preset ufldl-mnist
  $ rhohat train mnist --model denoising --corruption masking:0.5
  $ rhohat train mnist --model k-sparse --k 40
  $ rhohat train shards/ --preset topk --hidden 64 --k 4
  $ rhohat train --resume runs/long              # after Ctrl-C or a crash
  $ rhohat train mnist --live                    # curves and features in a page
  $ rhohat train photos/ --gray --patch-size 12 --hidden 100
  $ rhohat train shards/                         # .npy files, of any size
  $ rhohat train table.csv --preprocess standardize --model linear --hidden 2
  $ rhohat train pumps.csv --columns 2-4 --decimal ,  # P7;1,5;2,5;3
  $ rhohat train table.csv --held-out 20 --patience 5 --keep best

Data sets are looked up in the folder that RHOHAT_DATA names; mnist is otherwise
downloaded once. A run ends in runs/, in a folder of its own that is printed.`,
    )
    .action(train);
}

function every(given: string): number | string {
  const value = /^\d+$/.test(given) ? Number(given) : given;
  if (intervalOf(value) === null)
    throw new InvalidArgumentError('It must be a time such as 30s, or a number of steps.');
  return value;
}

async function train(source: string | undefined, flags: TrainFlags): Promise<void> {
  const team = await parallel();
  if (flags.shard !== undefined) assertShared(flags, team);
  const together = team.group !== null;
  assertDevice(flags, { together });
  // Of several processes the first has the run's folder, and tells the others what is to be done.
  const begun = flags.resume === undefined || !team.leads ? null : await resumedSettings(flags.resume, source, flags);
  const asked = await team.fromFirst(async () => begun?.settings ?? (await newSettings(source, flags)));
  if (asked.shard !== undefined) {
    if (flags.resume !== undefined) assertAsMany(flags.resume, asked, team);
    assertShared(flags, team);
  }
  const open = flags.resume === undefined ? openParts(asked.run, flags) : decided;
  // A config that is printed trains the same: what the data decide is in it.
  const data = flags.printConfig && !isOpen(open) ? null : await trainingData(asked.run, asked.labels, open);
  const said = data && suitNote(data.suited);
  if (said) say(`rhohat: ${said}`);
  const run = data?.suited.run ?? asked.run;
  if (data === null || flags.printConfig) {
    print(JSON.stringify(run, null, 2));
    return;
  }
  const settings = { ...asked, run, ...team.size };
  const { pca } = settings;
  const { prepared, values, training, sample, sampleTarget, validation, target } = data;
  const { engine, engineFlags } = engineOf(
    settings,
    { ...flags, threads: team.threads(flags) },
    {
      examples: training.shape[0],
      together,
    },
  );
  if (pca !== undefined) assertComponents(pca, sample, target !== undefined);
  const about = aboutRun(settings, data);
  await team.decideTurbo(engineFlags, trainingWork(run.model, training.shape, about.epochs));
  if (settings.shard !== undefined) {
    const begin = async () =>
      begun?.run ?? beginRun(await pathOf(settings, flags), { ...settings, about }, flags.force);
    return trainShared(team, { settings, data, engine, flags, begin });
  }
  const model = await newModel(run, data, engine);
  const compared = { target: target?.training, validation, validationTarget: target?.validation };
  if (!team.leads) return follow(team, { model, training, sample, target: sampleTarget }, { ...run.fit, ...compared });
  tellRuntime(model.config.precision, model.runtime);
  const note = begun === null ? rangeNote(model.config, sample) : null;
  if (note !== null) say(`rhohat: ${note}`);
  const found = (await begun?.run.checkpoints.read()) ?? null;
  const description = { ...settings, ...ranOnSettings(model.runtime), about };
  const folder = begun?.run ?? (await beginRun(await pathOf(settings, flags), description, flags.force));
  const { path } = folder;
  const [before, now] = [asked.processes ?? 1, team.group?.size ?? 1];
  if (found !== null) tellResumed(found, model.runtime, { processes: [before, now], adapter: asked.adapter });
  const interruption = new Interruption();
  const earlier = found === null ? [] : historySoFar(found.checkpoint.position);
  const recorder = await openRecorder(path, model, settings, data, found);
  const live = await openLive(path, flags);
  if (begun === null) tellRead(run.source, prepared.read, values);
  const watch = new Watch(new ProgressBar(!flags.json), earlier, recorder);
  const checkpoint = {
    every: settings.checkpointEvery,
    save: (bytes: Uint8Array) => {
      recorder?.flush();
      return folder.saveCheckpoint(bytes);
    },
    ...(flags.onSaveError === 'continue' ? { onSaveError: goOn } : {}),
  };
  const { signal } = interruption;
  const options = {
    ...run.fit,
    ...compared,
    signal,
    onProgress: watch.see,
    onEpoch: watch.ended,
    checkpoint,
    resume: team.bytesOfFirst(found?.bytes),
    ...team.share,
  };
  let trained = false;
  try {
    const { result, failure } = await ended(interruption.orNull(fit(model, training, options)));
    await watch.end();
    if (failure !== null) say(`rhohat: the parameters of epoch ${resultOf(failure)?.kept} are kept in ${path}`);
    else if (result === null) say(`interrupted: go on with ${resuming(path, team.group?.size)}`);
    // What was learnt goes to the disk first: what it is measured and drawn with may fail.
    await folder.save(new Map([[MODEL_FILE, await modelBytes({ run, model }, prepared)]]));
    trained = true;
    const baseline =
      pca === undefined ? undefined : await attempt('--pca is', () => compareWithPca(model, sample, pca));
    const { image, read } = prepared;
    const history = result?.history ?? watch.history;
    // Of a run that was interrupted, the reason tells.
    const kept = result?.kept ?? resultOf(failure ?? signal.reason)?.kept;
    const outcome = {
      run,
      command: settings.command,
      model,
      x: sample,
      target: sampleTarget,
      examples: training.shape[0],
      image,
      read,
      values,
      result,
      kept,
      history,
      baseline,
      processes: team.told(result?.steps),
      processesBefore: found !== null && before !== now ? before : undefined,
    };
    const summary = await summarize(outcome, team.share);
    interruption.exit(); // the status of all, for one that was not told
    await team.close(); // what is left is the work of one
    const text = await attempt(`${SUMMARY_FILE} is`, () => summaryText(summary));
    const drawn = { ...outcome, x: letGo(sample) };
    const files = await runPictures(drawn, prepared, summary);
    await addReport(files, path, { outcome: drawn, prepared, summary }, result === null);
    if (text !== undefined) files.set(SUMMARY_FILE, text); // written before the pictures, where room is short
    await (result === null ? folder.save(files) : folder.finish(files));
    print(flags.json ? JSON.stringify({ folder: path, ...summary }, null, 1) : summaryLines(summary, path));
    await live?.end();
    interruption.exit();
    if (failure !== null) throw failure;
  } catch (error) {
    if (error instanceof CheckpointError || error instanceof TrainingError) await addWhatIsKept(error, folder);
    if (!signal.aborted && !trained) await folder.discard();
    throw error;
  } finally {
    await watch.end();
    interruption.release();
    await folder.release();
  }
}

async function newSettings(source: string | undefined, flags: TrainFlags): Promise<RunSettings> {
  const config = flags.config === undefined ? undefined : await readRun(flags.config);
  const run = runFromFlags(source, flags, config);
  assertDevice(flags, { precision: run.model.precision });
  return settingsOf(run, flags);
}

async function pathOf({ run }: RunSettings, { out }: TrainFlags): Promise<string> {
  return out ?? (await freeName(`runs/${folderStem(run.source)}`));
}

/** Adds to an error that ended training which checkpoint there is. */
async function addWhatIsKept(error: Error, { path, checkpoints }: UnfinishedRun): Promise<void> {
  const found = await checkpoints.read().catch(() => null);
  if (found === null) return;
  const kept = `the checkpoint of step ${found.checkpoint.position.step} is kept`;
  error.message += `; ${kept}${error instanceof CheckpointError ? `: rhohat train --resume ${path} goes on from there` : ` in ${path}`}`;
}
