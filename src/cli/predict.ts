import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { prepare } from '../data/prepare.ts';
import { InputError } from '../errors.ts';
import { CLASSIFIER_FILE, loadClassifier } from '../node/model-files.ts';
import { writeWhole } from '../node/run-folder.ts';
import { tellKernels } from './kernel-note.ts';
import { noteNewer } from './newer-run.ts';
import { decimalOption } from './options.ts';
import { print } from './output.ts';
import { readSource } from './read-source.ts';
import { savedData } from './saved-data.ts';

/** Declares `rhohat predict`. */
export function addPredict(program: Command): void {
  program
    .command('predict')
    .summary('tell the classes of new data with a trained classifier')
    .description(
      `Writes a line for each example: its most probable class, then the probability of every class. The data are treated as in training, with the constants fitted then.`,
    )
    .argument('<classifier>', `a run folder of rhohat classify, or its ${CLASSIFIER_FILE}`)
    .argument('<data>', 'a data set, a file, a folder of images or of shards; as wide as in training')
    .addOption(decimalOption())
    .option('--out <file>', 'write a .csv file (default: stdout)')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat classify mnist  # writes runs/mnist-classifier
  $ rhohat predict runs/mnist-classifier mnist-test --out classes.csv
  $ rhohat predict runs/mnist-classifier new.npy | head -3  # new.npy: (m, 784)`,
    )
    .action(predict);
}

async function predict(path: string, source: string, flags: { out?: string; decimal?: '.' | ',' }): Promise<void> {
  if (flags.out !== undefined && extname(flags.out).toLowerCase() !== '.csv') {
    throw new InputError(`--out is ${JSON.stringify(flags.out)}: it must end in .csv`);
  }
  const saved = await loadClassifier(path);
  await noteNewer(path);
  const { classifier, preprocessing } = saved;
  tellKernels(classifier.config.precision);
  const { data, columns: match } = savedData(saved);
  const { classes: _, limit: __, patches: ___, ...rest } = data;
  const { stacks, plan } = await readSource(source, rest, { match, saved: true, decimal: flags.decimal });
  const { x } = prepare(stacks, plan, classifier.config.precision, preprocessing);
  const { data: probabilities, shape } = await classifier.probabilities(x);
  const [examples, classes] = shape;
  const lines = [['class', ...Array.from({ length: classes }, (_each, j) => `p${j}`)].join(',')];
  for (let i = 0; i < examples; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    lines.push(`${row.indexOf(Math.max(...row))},${row.join(',')}`);
  }
  if (flags.out === undefined) {
    print(lines.join('\n'));
    return;
  }
  await writeWhole(flags.out, `${lines.join('\n')}\n`);
  print(`${join(flags.out)}: ${examples} examples, ${classes} classes`);
}
