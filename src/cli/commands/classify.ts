import { type Command, Option } from 'commander';
import { prepare } from '../../data/preprocessing/prepare.ts';
import { InputError, TrainingError } from '../../errors.ts';
import { Classifier } from '../../model/classifier.ts';
import { CLASSIFIER_FILE } from '../../node/model-files.ts';
import { freeName, openRunFolder } from '../../node/run-folder.ts';
import type { OptimizerConfig } from '../../optimizers/table.ts';
import { fitClassifier, type Stage } from '../../training/fit-classifier.ts';
import { serializeClassifier } from '../../training/model-file.ts';
import { parseDataPlan } from '../../training/run.ts';
import { stackClassifier } from '../../training/stack.ts';
import { VERSION } from '../../version.ts';
import { addEngineOptions, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import { count, number, numbers, whole } from '../flags/flags.ts';
import { addOutputOptions, addReadOptions, DATA } from '../flags/options.ts';
import { arrayFlags, type ReadFlags } from '../flags/read-flags.ts';
import { ProgressBar, print } from '../output.ts';
import { attempt } from '../report/attempt.ts';
import { classifierLines, type StageSummary } from '../report/classifier-summary.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { addFiles } from '../report/run-output.ts';
import { SUMMARY_FILE, summaryText } from '../report/summary-file.ts';
import { type Labelled, loadStack, type SplitFlags, split } from '../run/classify-data.ts';
import { Interruption } from '../run/interruption.ts';
import { asRead, kept, readSource } from '../run/read-source.ts';
import { folderStem, ownLabels, readLabels } from '../run/run-data.ts';
import { Watch } from '../run/watch.ts';

interface Flags extends EngineFlags, ReadFlags, Omit<SplitFlags, 'labelColumn'> {
  columns?: (string | number)[];
  on?: string;
  labels?: string;
  classes?: number[];
  limit?: number;
  finetune: 'none' | 'all' | 'staged';
  iterations: number;
  finetuneIterations: number;
  weightDecay: number;
  hiddenWeightDecay: number;
  precision?: 'float32' | 'float64';
  seed?: number;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** Every class has weights and a place in every one-hot label. */
const MOST_CLASSES = 2 ** 16;

/** Declares `rhohat classify`. */
export function addClassify(program: Command): void {
  const base = program
    .command('classify')
    .summary('train a softmax classifier on raw data, on codes, or on a stack, and fine-tune it')
    .description(
      `Trains a softmax on the codes of a run (rhohat train or stack), or on the data themselves, then fine-tunes everything if asked to, and says how many of the test examples it gets right. Writes ${CLASSIFIER_FILE} and ${SUMMARY_FILE}.`,
    )
    .argument('<data>', DATA)
    .option('--on <run>', 'a run folder of rhohat train or rhohat stack; without it, the data themselves')
    .optionsGroup('Data:');
  const command = addReadOptions(base)
    .option(
      '--labels <source>',
      'labels of the data: a file, a column of a table (t.csv:label, t.csv:1), mnist or mnist-test (default: the data’s own)',
    )
    .option('--classes <list>', 'keep the examples with these labels, such as 0,1,2,3,4', numbers)
    .option('--limit <n>', 'use the first n examples only', whole)
    .option('--test <data>', 'examples to test on')
    .option('--test-labels <source>', 'their labels (default: their own)')
    .option('--test-share <share>', 'or: the last share of the data, such as 0.5', number)
    .optionsGroup('Training:')
    .addOption(
      new Option('--finetune <what>', 'staged: the top layer, then all')
        .choices(['none', 'all', 'staged'])
        .default('none'),
    )
    .option('--iterations <n>', 'of L-BFGS for the softmax', whole, 100)
    .option('--finetune-iterations <n>', 'of L-BFGS for each stage of fine-tuning', count, 100)
    .option('--weight-decay <lambda>', 'λ of the softmax', number, 1e-4)
    .option('--hidden-weight-decay <lambda>', 'λ of the hidden weights in fine-tuning', number, 0)
    .addOption(new Option('--precision <p>', 'without --on').choices(['float32', 'float64']))
    .option('--seed <n>', 'of the softmax weights (default 1)', whole);
  addEngineOptions(command);
  addOutputOptions(command, 'runs/<data>-classifier')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat classify mnist --test mnist-test  # softmax on raw pixels
  $ rhohat train mnist                       # on the codes of a run:
  $ rhohat classify mnist --on runs/mnist --classes 0,1,2,3,4 --test-share 0.5
  $ rhohat stack mnist --hidden 200,200 --epochs 5  # on a stack:
  $ rhohat classify mnist --on runs/mnist-stack --test mnist-test --finetune all`,
    )
    .action(classify);
}

async function classify(source: string, flags: Flags): Promise<void> {
  for (const [flag, value, needed] of [
    ['--test-labels', flags.testLabels, flags.test],
    [
      '--hidden-weight-decay',
      flags.hiddenWeightDecay || undefined,
      flags.finetune === 'none' ? undefined : flags.finetune,
    ],
  ]) {
    if (value === undefined || needed !== undefined) continue;
    throw new InputError(
      `${flag} is ${value} without ${flag === '--test-labels' ? '--test' : '--finetune'}: add it, or leave it out`,
    );
  }
  const { columns: chosenColumns, decimal, header } = flags;
  for (const [flag, value] of Object.entries({ precision: flags.precision, columns: chosenColumns, decimal, header })) {
    if (value === undefined || flags.on === undefined) continue;
    throw new InputError(`--${flag} is ${value} with --on, whose model has its own: leave it out`);
  }
  const kernels = kernelOptions(flags);
  const own = parseDataPlan({ table: { columns: chosenColumns, decimal, header }, ...arrayFlags(flags) });
  const { models, steps, ...loaded } =
    flags.on === undefined ? { models: [], plan: own } : await loadStack(flags.on, kernels, arrayFlags(flags));
  tellKernels(models[0]?.config.precision ?? flags.precision);
  // Names and places of the columns: what is read after the training data gives the same ones.
  let { columns: names, plan } = loaded;
  const read = async (name: string, labelSource?: string, limit?: number, flag?: string): Promise<Labelled> => {
    const labels = await readLabels(name, labelSource, flag);
    const { classes, limit: _, ...others } = plan;
    const chosen = {
      ...others,
      ...(flags.classes ? { classes: flags.classes } : {}),
      ...(limit === undefined ? {} : { limit }),
    };
    const { stacks, plan: rest } = await readSource(name, chosen, {
      match: names,
      saved: flags.on !== undefined || name !== source,
      id: ownLabels(name, labelSource),
    });
    names ??= kept(stacks[0].columns);
    if (flags.on === undefined && name === source) plan = asRead(plan, stacks[0]);
    const precision = models[0]?.config.precision ?? flags.precision ?? 'float32';
    const { x, labels: left, image, read: words } = prepare(stacks, rest, precision, steps, labels);
    if (left === undefined) throw new InputError(`${name}: it has no labels: name them with --labels`);
    return { x, labels: left, read: words, ...(image ? { image } : {}) };
  };
  const all = await read(source, flags.labels, flags.limit);
  const { train, test } = await split(all, { ...flags, labelColumn: ownLabels(source, flags.labels) }, read);
  const classes = train.labels.reduce((most, label) => Math.max(most, label + 1), 0);
  if (classes > MOST_CLASSES) {
    throw new InputError(`the largest label is ${classes - 1}: number the classes from 0, up to ${MOST_CLASSES - 1}`);
  }
  const options = {
    classes,
    weightDecay: flags.weightDecay,
    hiddenWeightDecay: flags.hiddenWeightDecay,
    seed: flags.seed ?? 1,
  };
  const classifier =
    models.length > 0
      ? await stackClassifier(models, options)
      : await Classifier.create(
          { inputs: train.x.shape[1], hidden: [], precision: flags.precision, ...options },
          kernels,
        );
  const path = flags.out ?? (await freeName(`runs/${folderStem(source)}-classifier`));
  const folder = await openRunFolder(path, flags.force);
  const interruption = new Interruption();
  const stages: StageSummary[] = [];
  const metadata = { run: JSON.stringify({ source, data: plan, columns: names, image: all.image }) };
  let saved = false;
  /** What was learnt goes to the disk after every stage: the next may diverge, and what measures it fail. */
  const save = async () => {
    const bytes = await serializeClassifier(classifier, { preprocessing: steps, metadata });
    const files = new Map([[CLASSIFIER_FILE, bytes]]);
    await (saved ? addFiles(path, files) : folder.commit(files));
    saved = true;
  };
  const accuracy = (on: string, { x, labels }: Labelled) =>
    attempt(`the accuracy on the ${on} examples is`, () => classifier.accuracy(x, labels));
  try {
    for (const [stage, iterations] of schedule(flags, classifier.config.hidden.length)) {
      const watch = new Watch(new ProgressBar(!flags.json));
      const optimizer: OptimizerConfig = { kind: 'lbfgs', iterations };
      const { signal } = interruption;
      const done = await interruption
        .orNull(fitClassifier(classifier, train.x, train.labels, { stage, optimizer, signal, onProgress: watch.see }))
        .finally(() => watch.stop());
      await save();
      if (done === null) break;
      const trainAccuracy = await accuracy('training', train);
      const testAccuracy = test && (await accuracy('test', test));
      stages.push({
        stage: stage === 'top' ? 'top layer' : stage,
        cost: done.cost,
        seconds: done.seconds,
        ...(trainAccuracy === undefined ? {} : { trainAccuracy }),
        ...(testAccuracy === undefined ? {} : { testAccuracy }),
      });
    }
    const summary = {
      rhohat: VERSION,
      source,
      on: flags.on ?? null,
      read: all.read,
      config: classifier.config,
      trainExamples: train.labels.length,
      testExamples: test?.labels.length ?? 0,
      interrupted: interruption.signal.aborted,
      stages,
    };
    await addFiles(path, new Map([[SUMMARY_FILE, summaryText(summary)]]));
    print(
      flags.json
        ? JSON.stringify({ folder: path, ...summary }, null, 1)
        : classifierLines(summary, classifier.config, path),
    );
    interruption.exit();
  } catch (error) {
    if (saved && error instanceof TrainingError) error.message += `; the classifier before that is kept in ${path}`;
    throw error;
  } finally {
    interruption.release();
    await folder.discard();
  }
}

/** Softmax first; then everything, or the top layer and then everything. */
function schedule(flags: Flags, layers: number): [Stage, number][] {
  const first: [Stage, number] = ['softmax', flags.iterations];
  const n = flags.finetuneIterations;
  if (flags.finetune === 'none') return [first];
  if (layers === 0)
    throw new InputError('--finetune without --on: there are no hidden layers to fine-tune; name a run');
  return flags.finetune === 'all' ? [first, ['all', n]] : [first, ['top', n], ['all', n]];
}
