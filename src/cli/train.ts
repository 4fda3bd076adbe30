import { type Command, Option } from 'commander';
import { rowRange } from '../array/matrix.ts';
import type { ImageShape } from '../data/examples.ts';
import { type Prepared, prepare } from '../data/prepare.ts';
import { InputError } from '../errors.ts';
import { activationNames } from '../layers/activation.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { MODEL_FILE } from '../node/model-files.ts';
import { freeName, openRunFolder } from '../node/run-folder.ts';
import { dataSetNames, loadExamples } from '../node/sources.ts';
import { lossNames } from '../penalties/reconstruction.ts';
import { type FitResult, fit, type HistoryEntry } from '../training/fit.ts';
import { measure } from '../training/metrics.ts';
import { serializeModel } from '../training/model-file.ts';
import { presets, type Run } from '../training/run.ts';
import { VERSION } from '../version.ts';
import { number, sizes, whole, words } from './flags.ts';
import { Interruption } from './interruption.ts';
import { ProgressBar, print } from './output.ts';
import { pictures } from './run-files.ts';
import { runFromFlags, type TrainFlags } from './run-from-flags.ts';
import { SUMMARY_FILE, type Summary, summaryLines, summaryMetrics } from './summary.ts';

interface Flags extends TrainFlags {
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** Declares `rhohat train`. */
export function addTrain(program: Command): void {
  program
    .command('train')
    .summary('train an autoencoder and write a run folder')
    .description(
      `Trains a sparse autoencoder and writes a run folder: ${MODEL_FILE}, features.png, training.svg, activations.svg and summary.json. Without arguments: oriented edges from generated images.`,
    )
    .argument(
      '[data]',
      `a data set (${dataSetNames.join(', ')}), a file (.npy .csv .f32 .png .jpg, IDX) or a folder of images`,
    )
    .addOption(new Option('--preset <name>', 'a published set-up').choices(Object.keys(presets)))
    .optionsGroup('Data:')
    .option('--limit <n>', 'use the first n examples only', whole)
    .option('--gray', 'turn colour images grey')
    .option('--patch-size <s>', 'cut s by s patches out of the images', whole)
    .option('--patches <n>', 'how many patches to cut (default 10000)', whole)
    .option(
      '--preprocess <steps>',
      'cs294a, standardize, zca[:epsilon], pca[:epsilon[:components]], joined by commas',
      words,
    )
    .option('--held-out <n>', 'keep the last n examples for validation', whole)
    .optionsGroup('Model:')
    .option('--hidden <sizes>', 'hidden units, or several layers such as 500,100,30', sizes)
    .addOption(new Option('--activation <f>', 'of the hidden units').choices(activationNames))
    .addOption(new Option('--output <g>', 'of the output units').choices(activationNames))
    .addOption(new Option('--loss <name>', 'reconstruction error').choices(lossNames))
    .option('--tied', "the decoder uses the encoder's weights")
    .option('--weight-decay <lambda>', 'λ, on weights, never on biases', number)
    .addOption(new Option('--sparsity <kind>', 'penalty on activations').choices(['kl', 'l1', 'none']))
    .option('--target <rho>', 'ρ, the mean activation that kl aims at', number)
    .option('--sparsity-weight <beta>', 'β of kl, or γ of l1', number)
    .addOption(new Option('--precision <p>', 'of the arithmetic (default float32)').choices(['float32', 'float64']))
    .optionsGroup('Training:')
    .addOption(new Option('--optimizer <name>', 'how to descend').choices(['lbfgs', 'sgd', 'adam']))
    .option('--iterations <n>', 'of lbfgs', whole)
    .option('--epochs <n>', 'of sgd and adam', whole)
    .option('--batch-size <n>', 'of sgd and adam', whole)
    .option('--learning-rate <eta>', 'of sgd and adam', number)
    .option('--momentum <mu>', 'of sgd', number)
    .option('--nesterov', 'Nesterov momentum for sgd')
    .option('--seed <n>', 'of weights, patches and order (default 1): the same seed gives the same bits', whole)
    .optionsGroup('Output:')
    .option('--out <folder>', 'where the run goes (default runs/<data>, numbered)')
    .option('--force', 'replace the files of an existing run folder')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train                                     edges from generated images, under a minute
  $ rhohat train natural-images --preset cs294a      the exercise of CS294A (needs RHOHAT_DATA)
  $ rhohat train mnist --preset ufldl-mnist --iterations 100
  $ rhohat train photos/ --gray --patch-size 12 --hidden 100
  $ rhohat train table.csv --preprocess standardize --output linear --hidden 8 --held-out 100

Data sets are looked up in the folder that RHOHAT_DATA names; mnist is otherwise downloaded once.`,
    )
    .action(train);
}

async function train(source: string | undefined, flags: Flags): Promise<void> {
  const run = runFromFlags(source, flags);
  const stacks = await loadExamples(run.source);
  const prepared = prepare(stacks, run.data, run.model.precision ?? 'float32');
  const { training, validation } = holdOut(prepared, run.heldOut ?? 0);
  const model = await Autoencoder.create({ ...run.model, inputs: prepared.x.shape[1] });
  const path = flags.out ?? (await freeName(`runs/${folderStem(run.source)}`));
  const folder = await openRunFolder(path, flags.force);
  const interruption = new Interruption();
  const bar = new ProgressBar(!flags.json);
  const history: HistoryEntry[] = [];
  try {
    const result = await fit(model, training, {
      ...run.fit,
      ...(validation === undefined ? {} : { validation }),
      signal: interruption.signal,
      onProgress: (progress) => {
        bar.update(progress);
        const { epoch, step, cost, terms } = progress;
        history[epoch - 1] = { epoch, step, cost, terms };
      },
    }).catch((reason: unknown) => {
      if (!interruption.signal.aborted) throw reason;
      return null; // interrupted: what was learnt so far is saved below
    });
    bar.stop();
    const record = result?.history ?? history;
    const summary = await summarize(run, model, training, prepared.image, result, record);
    const files = pictures({
      model,
      steps: prepared.steps,
      history: record,
      meanActivations: summary.metrics.meanActivations,
      ...(prepared.image ? { image: prepared.image } : {}),
    });
    files.set(
      MODEL_FILE,
      serializeModel(model, { preprocessing: prepared.steps, metadata: { run: runText(run, prepared) } }),
    );
    files.set(SUMMARY_FILE, `${JSON.stringify(summary, null, 1)}\n`);
    await folder.commit(files);
    print(flags.json ? JSON.stringify({ folder: path, ...summary }, null, 1) : summaryLines(summary, path).join('\n'));
    interruption.exit();
  } finally {
    bar.stop();
    interruption.release();
    await folder.discard();
  }
}

/** The last n examples are held out. */
function holdOut({ x }: Prepared, n: number) {
  const m = x.shape[0];
  if (n >= m) throw new InputError(`--held-out is ${n}: there are ${m} examples, so it must be at most ${m - 1}`);
  return n === 0
    ? { training: x, validation: undefined }
    : { training: rowRange(x, 0, m - n), validation: rowRange(x, m - n, m) };
}

/** The last part of a path without what a folder name should not hold. */
function folderStem(source: string): string {
  const name =
    source
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .pop() ?? '';
  return name.replace(/\.[^.]*$/, '').replace(/[^\w-]+/g, '-') || 'run';
}

/** What `encode` and `inspect` need to know of the data. */
function runText(run: Run, { image }: Prepared): string {
  return JSON.stringify({ source: run.source, data: run.data, ...(image ? { image } : {}) });
}

async function summarize(
  run: Run,
  model: Autoencoder,
  x: Prepared['x'],
  image: ImageShape | undefined,
  result: FitResult | null,
  history: readonly HistoryEntry[],
): Promise<Summary> {
  const last = history[history.length - 1];
  return {
    rhohat: VERSION,
    node: process.versions.node,
    kernels: model.engine.kernels.name,
    run,
    model: model.config,
    parameters: model.engine.layout.length,
    examples: x.shape[0],
    ...(image ? { image } : {}),
    interrupted: result === null,
    ...(result === null ? {} : { seconds: result.seconds, converged: result.converged }),
    ...(last === undefined ? {} : { last }),
    metrics: summaryMetrics(await measure(model, x)),
    history,
  };
}
