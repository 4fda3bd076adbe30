import { type Command, Option } from 'commander';
import { TrainingError } from '../../errors.ts';
import type { KernelOptions } from '../../kernels/kernels.ts';
import type { Classifier } from '../../model/classifier.ts';
import { ownArray } from '../../node/label-source.ts';
import { CLASSIFIER_FILE } from '../../node/model-files.ts';
import { freeName, openRunFolder } from '../../node/run-folder.ts';
import { turboHere } from '../../node/turbo/enable-turbo.ts';
import type { OptimizerConfig } from '../../optimizers/table.ts';
import { ranOn } from '../../report/ran-on.ts';
import { fitClassifier } from '../../training/fit-classifier.ts';
import { serializeClassifier } from '../../training/model-file.ts';
import { parseDataPlan } from '../../training/run.ts';
import { VERSION } from '../../version.ts';
import { addEngineOptions, assertDevice, kernelOptions } from '../flags/engine-flags.ts';
import { count, number, numbers, whole } from '../flags/flags.ts';
import { addOutputOptions, addReadOptions, DATA } from '../flags/options.ts';
import { arrayFlags } from '../flags/read-flags.ts';
import { ProgressBar, print } from '../output.ts';
import { attempt } from '../report/attempt.ts';
import { classifierLines, type StageSummary } from '../report/classifier-summary.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { addFiles } from '../report/run-output.ts';
import { SUMMARY_FILE, summaryText } from '../report/summary-file.ts';
import { type Halves, type Labelled, loadStack, type Stack, split } from '../run/classify-data.ts';
import { type ClassifyFlags, checkFlags, schedule } from '../run/classify-flags.ts';
import { Interruption } from '../run/interruption.ts';
import { LabelledReader } from '../run/labelled-reader.ts';
import { makeClassifier } from '../run/make-classifier.ts';
import { tellRead } from '../run/read-source.ts';
import { folderStem, ownLabels } from '../run/run-data.ts';
import { decideTurbo, multiplyAdds, type Work } from '../run/turbo.ts';
import { Watch } from '../run/watch.ts';

/** Examples of the step that --device auto times: L-BFGS sees the whole set. */
const TIMED = 4096;

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
      'labels of the data: a file, a column of a table (t.csv:label, t.csv:1), an array (x.mat:y), mnist or mnist-test (default: the data’s own)',
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

async function classify(source: string, flags: ClassifyFlags): Promise<void> {
  checkFlags(flags);
  assertDevice(flags, { precision: flags.precision });
  const kernels = { ...kernelOptions(flags), batchSize: TIMED };
  const stack = await stackOf(flags, kernels);
  const { models, steps } = stack;
  tellKernels(models[0]?.config.precision ?? flags.precision);
  const reader = new LabelledReader(source, stack, flags);
  const all = await reader.read(source, flags.labels, flags.limit);
  const own = ownLabels(source, flags.labels) ?? ownArray(source, flags.labels);
  const halves = await split(all, { ...flags, ownLabels: own }, reader.read);
  const { train, test } = halves;
  const classifier = await makeClassifier(stack, train, flags, kernels);
  await decideTurbo(flags, classifierWork(classifier.config, train.labels.length, flags));
  const path = flags.out ?? (await freeName(`runs/${folderStem(source)}-classifier`));
  const folder = await openRunFolder(path, flags.force);
  const interruption = new Interruption();
  tellRead(source, all.read, all.values);
  const { plan, columns, classes } = reader;
  const metadata = { run: JSON.stringify({ source, data: plan, columns, image: all.image, classes }) };
  let saved = false;
  /** What was learnt goes to the disk after every stage: the next may diverge, and what measures it fail. */
  const save = async () => {
    const bytes = await serializeClassifier(classifier, { preprocessing: steps, metadata });
    const files = new Map([[CLASSIFIER_FILE, bytes]]);
    await (saved ? addFiles(path, files) : folder.commit(files));
    saved = true;
  };
  try {
    const stages = await trainStages(classifier, halves, flags, interruption, save);
    const summary = {
      rhohat: VERSION,
      source,
      on: flags.on ?? null,
      read: all.read,
      values: all.values,
      ...(classes === undefined ? {} : { classes: [...classes] }),
      config: classifier.config,
      trainExamples: train.labels.length,
      testExamples: test?.labels.length ?? 0,
      turbo: turboHere(),
      ran: ranOn(classifier.runtime),
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

/** Three products of each layer that is trained; those below the softmax are encoded once where nothing is fine-tuned. */
function classifierWork(
  { inputs, hidden, classes, precision }: Classifier['config'],
  examples: number,
  { finetune, iterations, finetuneIterations }: ClassifyFlags,
): Work {
  const sizes = [inputs, ...hidden];
  const below = multiplyAdds(sizes, examples, finetune === 'none' ? 1 : 3 * finetuneIterations);
  return {
    multiplyAdds: below + multiplyAdds([sizes[sizes.length - 1], classes], examples, 2 * iterations),
    precision,
  };
}

/** What the classifier stands on: the run of --on, or the data alone, as the flags have them read. */
async function stackOf(flags: ClassifyFlags, kernels: KernelOptions): Promise<Stack> {
  const { columns, without, decimal, header, delimiter, dropRows, image } = flags;
  const plan = parseDataPlan({
    table: { columns, without, decimal, header, delimiter, dropRows },
    image,
    ...arrayFlags(flags),
  });
  return flags.on === undefined ? { models: [], plan } : loadStack(flags.on, kernels, arrayFlags(flags));
}

/** Trains what the flags ask for, saving and measuring after every stage; ends early where a signal asks for it. */
async function trainStages(
  classifier: Classifier,
  { train, test }: Halves,
  flags: ClassifyFlags,
  interruption: Interruption,
  save: () => Promise<void>,
): Promise<StageSummary[]> {
  const stages: StageSummary[] = [];
  const accuracy = (on: string, { x, labels }: Labelled) =>
    attempt(`the accuracy on the ${on} examples is`, () => classifier.accuracy(x, labels));
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
  return stages;
}
