import { type Command, Option } from 'commander';
import { type AnyNumbers, rowRange, type View } from '../array/matrix.ts';
import { prepare } from '../data/prepare.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { InputError } from '../errors.ts';
import type { KernelOptions } from '../kernels/kernels.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { Classifier } from '../model/classifier.ts';
import { CLASSIFIER_FILE, loadModel } from '../node/model-files.ts';
import { freeName, openRunFolder } from '../node/run-folder.ts';
import type { OptimizerConfig } from '../optimizers/create.ts';
import { fitClassifier, type Stage } from '../training/fit-classifier.ts';
import { serializeClassifier } from '../training/model-file.ts';
import { parseDataPlan, type SourcePlan } from '../training/run.ts';
import { stackClassifier } from '../training/stack.ts';
import { VERSION } from '../version.ts';
import { addEngineOptions, type EngineFlags, kernelOptions } from './engine-flags.ts';
import { count, number, numbers, whole } from './flags.ts';
import { Interruption } from './interruption.ts';
import { tellKernels } from './kernel-note.ts';
import { addOutputOptions, addTableOptions, DATA } from './options.ts';
import { ProgressBar, print, short, table } from './output.ts';
import { atPlaces, kept, readSource } from './read-source.ts';
import { folderStem, readLabels } from './run-data.ts';
import { savedData } from './saved-data.ts';
import { SUMMARY_FILE } from './summary.ts';
import { Watch } from './watch.ts';

interface Flags extends EngineFlags, NonNullable<SourcePlan['table']> {
  on?: string;
  labels?: string;
  classes?: number[];
  limit?: number;
  test?: string;
  testLabels?: string;
  testShare?: number;
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
  const command = addTableOptions(base)
    .option(
      '--labels <source>',
      'labels of the data: a file, or the name mnist or mnist-test (default: the data’s own)',
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

/** Examples with labels, treated as the run's were. */
interface Labelled {
  readonly x: View<AnyNumbers>;
  readonly labels: Uint32Array;
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
  const { columns: chosenColumns, decimal } = flags;
  for (const [flag, value] of Object.entries({ precision: flags.precision, columns: chosenColumns, decimal })) {
    if (value === undefined || flags.on === undefined) continue;
    throw new InputError(`--${flag} is ${value} with --on, whose model has its own: leave it out`);
  }
  const kernels = kernelOptions(flags);
  const own = parseDataPlan({ table: { columns: chosenColumns, decimal } });
  const { models, steps, ...loaded } =
    flags.on === undefined ? { models: [], plan: own } : await loadStack(flags.on, kernels);
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
    });
    names ??= kept(stacks[0].columns);
    if (flags.on === undefined) plan = atPlaces(plan, stacks[0].positions);
    const precision = models[0]?.config.precision ?? flags.precision ?? 'float32';
    const { x, labels: left } = prepare(stacks, rest, precision, steps, labels);
    if (left === undefined) throw new InputError(`${name}: it has no labels: name them with --labels`);
    return { x, labels: left };
  };
  const all = await read(source, flags.labels, flags.limit);
  const { train, test } = await split(all, flags, read);
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
  const stages: { stage: string; cost: number; seconds: number; trainAccuracy: number; testAccuracy?: number }[] = [];
  try {
    for (const [stage, iterations] of schedule(flags, classifier.config.hidden.length)) {
      const watch = new Watch(new ProgressBar(!flags.json));
      const optimizer: OptimizerConfig = { kind: 'lbfgs', iterations };
      const { signal } = interruption;
      const done = await interruption.orNull(
        fitClassifier(classifier, train.x, train.labels, { stage, optimizer, signal, onProgress: watch.see }),
      );
      watch.stop();
      if (done === null) break;
      stages.push({
        stage: stage === 'top' ? 'top layer' : stage,
        cost: done.cost,
        seconds: done.seconds,
        trainAccuracy: await classifier.accuracy(train.x, train.labels),
        ...(test ? { testAccuracy: await classifier.accuracy(test.x, test.labels) } : {}),
      });
    }
    const summary = {
      rhohat: VERSION,
      source,
      on: flags.on ?? null,
      config: classifier.config,
      trainExamples: train.labels.length,
      testExamples: test?.labels.length ?? 0,
      interrupted: interruption.signal.aborted,
      stages,
    };
    const metadata = { run: JSON.stringify({ source, data: plan, columns: names }) };
    await folder.commit(
      new Map<string, Uint8Array | string>([
        [CLASSIFIER_FILE, serializeClassifier(classifier, { preprocessing: steps, metadata })],
        [SUMMARY_FILE, `${JSON.stringify(summary, null, 1)}\n`],
      ]),
    );
    if (flags.json) print(JSON.stringify({ folder: path, ...summary }, null, 1));
    else {
      const sizes = [classifier.config.inputs, ...classifier.config.hidden, classes].join('-');
      print(`${path}\n  ${sizes}, ${train.labels.length} training and ${summary.testExamples} test examples`);
      if (summary.interrupted) print('  interrupted: the classifier holds what was learnt until then');
      print(table([['  trained', 'cost', 'train', 'test', 'time'], ...stages.map(stageRow)]));
    }
    interruption.exit();
  } finally {
    interruption.release();
    await folder.discard();
  }
}

function stageRow(s: {
  stage: string;
  cost: number;
  seconds: number;
  trainAccuracy: number;
  testAccuracy?: number;
}): string[] {
  const percent = (share: number | undefined) => (share === undefined ? '–' : `${(100 * share).toFixed(2)}%`);
  return [`  ${s.stage}`, short(s.cost), percent(s.trainAccuracy), percent(s.testAccuracy), `${short(s.seconds, 3)} s`];
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

/** The encoders of a run folder, from the input up, and how its data were treated. */
interface Stack {
  readonly models: readonly Autoencoder[];
  readonly steps?: readonly Preprocessing[];
  readonly plan: SourcePlan;
  /** Names of the columns that the run was trained on. */
  readonly columns?: readonly string[];
}

async function loadStack(path: string, kernels: KernelOptions): Promise<Stack> {
  // A stack's model.safetensors is its deep autoencoder, fine-tuned or not: its encoders are what is built upon.
  const saved = await loadModel(path, kernels);
  const { data, columns } = savedData(saved);
  return { models: [saved.model], steps: saved.preprocessing, plan: data, ...(columns ? { columns } : {}) };
}

async function split(
  all: Labelled,
  flags: Flags,
  read: (name: string, labels?: string, limit?: number, flag?: string) => Promise<Labelled>,
): Promise<{ train: Labelled; test?: Labelled }> {
  if (flags.test !== undefined && flags.testShare !== undefined) {
    throw new InputError('--test and --test-share are both given: leave one out');
  }
  if (flags.test !== undefined) {
    const test = await read(flags.test, flags.testLabels, undefined, '--test-labels');
    assertSeen('--test', test, all);
    return { train: all, test };
  }
  if (flags.testShare === undefined) return { train: all };
  const m = all.labels.length;
  const cut = Math.round(m * (1 - flags.testShare));
  if (!(cut >= 1 && cut < m)) {
    throw new InputError(`--test-share is ${flags.testShare}: it must lie strictly between 0 and 1`);
  }
  const part = (begin: number, end: number) => ({
    x: rowRange(all.x, begin, end),
    labels: all.labels.slice(begin, end),
  });
  const halves = { train: part(0, cut), test: part(cut, m) };
  assertSeen('--test-share', halves.test, halves.train);
  return halves;
}

/** A class that training never shows cannot be recognised. */
function assertSeen(flag: string, test: Labelled, train: Labelled): void {
  const seen = new Set(train.labels);
  const unseen = test.labels.find((label) => !seen.has(label));
  if (unseen === undefined) return;
  throw new InputError(
    `${flag} holds class ${unseen}, which the training data never show: add --classes, or other data`,
  );
}
