import type { Command } from 'commander';
import { Autoencoder } from '../model/autoencoder.ts';
import { MODEL_FILE } from '../node/model-files.ts';
import { freeName, openRunFolder } from '../node/run-folder.ts';
import { fit } from '../training/fit.ts';
import { trainingData } from './block-data.ts';
import { addEngineOptions, kernelOptions } from './engine-flags.ts';
import { whole } from './flags.ts';
import { Interruption } from './interruption.ts';
import {
  addDataOptions,
  addModelOptions,
  addOutputOptions,
  addStartOptions,
  addTrainingOptions,
  DATA,
} from './options.ts';
import { ProgressBar, print } from './output.ts';
import { assertComponents, compareWithPca } from './pca-baseline.ts';
import { folderStem, readRun } from './run-data.ts';
import { type CommonFlags, runFromFlags } from './run-from-flags.ts';
import { runOutput } from './run-output.ts';
import { SUMMARY_FILE, summaryLines } from './summary.ts';
import { Watch } from './watch.ts';

interface Flags extends CommonFlags {
  pca?: number;
}

/** Declares `rhohat train`. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train an autoencoder and write a run folder')
    .description(
      `Trains a sparse autoencoder and writes a run folder: ${MODEL_FILE}, features.png, training.svg, activations.svg, activity.svg, reconstructions.png and summary.json. Without arguments: oriented edges from generated images.`,
    )
    .argument('[data]', DATA);
  addStartOptions(command);
  addDataOptions(command);
  addModelOptions(command);
  addTrainingOptions(command);
  addEngineOptions(command);
  addOutputOptions(command, 'runs/<data>')
    .option('--pca <components>', 'compare with principal component analysis', whole)
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train                                     edges from generated images, under a minute
  $ rhohat train natural-images --preset cs294a      the exercise of CS294A (needs RHOHAT_DATA)
  $ rhohat train mnist --preset ufldl-mnist --iterations 100
  $ rhohat train mnist --model denoising --corruption masking:0.5
  $ rhohat train mnist --model k-sparse --k 40 --epochs 5
  $ rhohat train mnist --model k-sparse --turbo      faster still on Node 24 and newer
  $ rhohat train photos/ --gray --patch-size 12 --hidden 100
  $ rhohat train shards/                             a folder of .npy files, of any size
  $ rhohat train table.csv --preprocess standardize --output linear --hidden 8 --held-out 100

Data sets are looked up in the folder that RHOHAT_DATA names; mnist is otherwise downloaded once.`,
    )
    .action(train);
}

async function train(source: string | undefined, flags: Flags): Promise<void> {
  const run = runFromFlags(source, flags, flags.config === undefined ? undefined : await readRun(flags.config));
  if (flags.printConfig) {
    print(JSON.stringify(run, null, 2));
    return;
  }
  const engine = kernelOptions(flags);
  const { prepared, training, sample, validation } = await trainingData(run, flags.labels);
  if (flags.pca !== undefined) assertComponents(flags.pca, sample);
  const model = await Autoencoder.create({ ...run.model, inputs: prepared.x.shape[1] }, engine);
  const path = flags.out ?? (await freeName(`runs/${folderStem(run.source)}`));
  const folder = await openRunFolder(path, flags.force);
  const interruption = new Interruption();
  const watch = new Watch(new ProgressBar(!flags.json));
  try {
    const result = await interruption.orNull(
      fit(model, training, { ...run.fit, validation, signal: interruption.signal, onProgress: watch.see }),
    );
    watch.stop();
    const history = result?.history ?? watch.history;
    const baseline = flags.pca === undefined ? undefined : await compareWithPca(model, sample, flags.pca);
    const outcome = { run, model, x: sample, examples: training.shape[0], result, history, baseline };
    const { summary, files } = await runOutput(outcome, prepared);
    files.set(SUMMARY_FILE, `${JSON.stringify(summary, null, 1)}\n`);
    await folder.commit(files);
    print(flags.json ? JSON.stringify({ folder: path, ...summary }, null, 1) : summaryLines(summary, path).join('\n'));
    interruption.exit();
  } finally {
    watch.stop();
    interruption.release();
    await folder.discard();
  }
}
