import { extname, join } from 'node:path';
import type { Command } from 'commander';
import type { Numbers } from '../../array/matrix.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import { InputError } from '../../errors.ts';
import { CLASSIFIER_FILE, loadClassifier } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { cell, pieces } from '../csv-text.ts';
import { addEngineOptions, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import { addReadFlags, arrayFlags, type ReadFlags, tableFlags } from '../flags/read-flags.ts';
import { print, printPieces } from '../output.ts';
import { tellRuntime } from '../report/kernel-note.ts';
import { noteNewer } from '../run/newer-run.ts';
import { readSource } from '../run/read-source.ts';
import { savedData } from '../run/saved-data.ts';
import { decideTurbo, multiplyAdds } from '../run/turbo.ts';

/** Declares `rhohat predict`. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('tell the classes of new data with a trained classifier')
    .description(
      `Writes a line for each example: its most probable class, then the probability of every class. The data are treated as in training, with the constants fitted then.`,
    )
    .argument('<classifier>', `a run folder of rhohat classify, or its ${CLASSIFIER_FILE}`)
    .argument('<data>', 'a data set, a file, a folder of images or of shards; as wide as in training');
  addEngineOptions(addReadFlags(command).option('--out <file>', 'write a .csv file (default: stdout)'))
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

async function predict(path: string, source: string, flags: ReadFlags & EngineFlags & { out?: string }): Promise<void> {
  if (flags.out !== undefined && extname(flags.out).toLowerCase() !== '.csv') {
    throw new InputError(`--out is ${JSON.stringify(flags.out)}: it must end in .csv`);
  }
  const saved = await loadClassifier(path, kernelOptions(flags));
  await noteNewer(path);
  const { classifier, preprocessing } = saved;
  tellRuntime(classifier.config.precision, classifier.runtime);
  const { data, columns: match, classes: names } = savedData(saved);
  const { classes: _, limit: __, patches: ___, ...rest } = data;
  const array = arrayFlags(flags);
  const fills = preprocessing[0]?.kind === 'fill';
  const { stacks, plan } = await readSource(source, rest, { match, saved: true, ...tableFlags(flags), array, fills });
  const { x } = prepare(stacks, plan, classifier.config.precision, preprocessing);
  const { inputs, hidden, precision } = classifier.config;
  await decideTurbo(flags, { multiplyAdds: multiplyAdds([inputs, ...hidden], x.shape[0], 1), precision });
  const { data: probabilities, shape } = await classifier.probabilities(x);
  const [examples, classes] = shape;
  const lines = csvLines(probabilities, examples, classes, names);
  if (flags.out === undefined) {
    await printPieces(pieces(lines));
    return;
  }
  await writeWhole(flags.out, pieces(lines));
  print(`${join(flags.out)}: ${examples} examples, ${classes} classes`);
}

/** A head, then a line an example; classes by their names, where they have some. */
function* csvLines(
  probabilities: Numbers,
  examples: number,
  classes: number,
  names: readonly string[] = [],
): Generator<string> {
  const called = (j: number, otherwise: string) => (names[j] === undefined ? otherwise : cell(names[j]));
  yield ['class', ...Array.from({ length: classes }, (_, j) => called(j, `p${j}`))].join(',');
  for (let i = 0; i < examples; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    let most = 0;
    for (let j = 1; j < classes; j++) if (row[j] > row[most]) most = j;
    yield `${called(most, `${most}`)},${row.join(',')}`;
  }
}
