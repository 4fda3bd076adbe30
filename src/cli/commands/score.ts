import type { Command } from 'commander';
import { median } from '../../array/quantile.ts';
import { npyPieces } from '../../data/formats/npy.ts';
import { squaredErrors, squaredErrorsByColumn } from '../../data/squared-errors.ts';
import { InputError } from '../../errors.ts';
import { loadModel } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { cell, pieces } from '../csv-text.ts';
import { column, whole } from '../flags/flags.ts';
import { outFormat } from '../flags/out-format.ts';
import { axesOption, decimalOption, headerOption, type ReadFlags, unitOption } from '../flags/read-flags.ts';
import { print, printPieces, say } from '../output.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { modelInputs } from '../run/model-inputs.ts';
import { noteNewer } from '../run/newer-run.ts';
import { savedData } from '../run/saved-data.ts';
import { scoredAgainst } from '../run/scored-against.ts';

interface Flags extends ReadFlags {
  id?: string | number;
  worst?: number;
  byColumn?: boolean;
  out?: string;
  limit?: number;
  targetData?: string;
}

/** Numbers of --by-column: more than that nobody reads. */
const MOST_PARTS = 1e7;

/** Declares `rhohat score`. */
export function addScore(program: Command): void {
  program
    .command('score')
    .summary('anomaly scores: how badly a model reconstructs each example')
    .description(
      `Writes the squared error of each example, summed over its coordinates: what does not follow the data that the model learnt has a large one. The data are treated as in training. The median score is told on stderr.`,
    )
    .argument('<model>', 'a run folder, or its model.safetensors')
    .argument('[data]', 'a data set, a file, a folder of images or of shards (default: the training data)')
    .addOption(decimalOption())
    .addOption(headerOption())
    .addOption(axesOption())
    .addOption(unitOption())
    .option(
      '--target-data <source>',
      'of a transcoder: what its outputs are compared with, row by row (default: of the training data, its own)',
    )
    .option('--id <column>', 'of a CSV file: the column that names the examples, by name or position', column)
    .option('--worst <n>', 'only the n highest scores, the highest first', whole)
    .option('--by-column', 'add the squared error of every input, which says where a score comes from')
    .option('--limit <n>', 'score the first n examples only', whole)
    .option('--out <file>', 'write a .csv file, or a .npy file of all scores (default: CSV on stdout)')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train table.csv --preprocess standardize --model linear --hidden 2
  $ rhohat score runs/table --worst 5              # the five oddest rows
  $ rhohat score runs/table --worst 5 --by-column  # and in which column
  $ rhohat score runs/table table.csv --out scores.csv

Examples are counted from 0: in a CSV file with a header, example 0 is line 2.
Names that a spreadsheet would run, such as =A1, get an apostrophe.`,
    )
    .action(score);
}

async function score(path: string, source: string | undefined, flags: Flags): Promise<void> {
  const saved = await loadModel(path);
  tellKernels(saved.model.config.precision);
  const format = outFormat(flags.out);
  for (const [flag, value] of Object.entries({ worst: flags.worst, 'by-column': flags.byColumn, id: flags.id })) {
    if (format !== '.npy' || value === undefined) continue;
    throw new InputError(
      `--${flag} with a .npy file, which holds the scores of all and nothing beside: use --out scores.csv`,
    );
  }
  await noteNewer(path);
  const { x, ids } = await modelInputs(saved, source, flags);
  const { y } = await scoredAgainst(saved, x, source, flags);
  const reconstruction = await saved.model.reconstruct(x);
  const scores = squaredErrors(y, reconstruction);
  const m = scores.data.length;
  if (flags.worst !== undefined && (flags.worst < 1 || flags.worst > m)) {
    throw new InputError(`--worst is ${flags.worst}: there are ${m} examples, so it must be from 1 to ${m}`);
  }
  const order = Array.from(scores.data.keys());
  // Sorting keeps the order of equal ones.
  if (flags.worst !== undefined) order.sort((a, b) => scores.data[b] - scores.data[a]).splice(flags.worst);
  if (flags.byColumn && order.length * y.shape[1] > MOST_PARTS) {
    throw new InputError(
      `--by-column would write ${order.length} × ${y.shape[1]} numbers: at most ${MOST_PARTS} are written; add --worst 100`,
    );
  }
  const parts = flags.byColumn ? squaredErrorsByColumn(y, reconstruction, order) : undefined;
  const d = y.shape[1];
  const head = ['example', 'squared_error', ...(parts ? outputNames(saved, y === x) : [])];
  function* lines(): Generator<string> {
    yield head.map(cell).join(',');
    for (const [n, k] of order.entries()) {
      yield [ids?.[k] ?? k, scores.data[k], ...(parts?.data.subarray(n * d, (n + 1) * d) ?? [])].map(cell).join(',');
    }
  }
  if (flags.out === undefined) await printPieces(pieces(lines()));
  else {
    await writeWhole(flags.out, format === '.npy' ? npyPieces(scores) : pieces(lines()));
    print(`${flags.out}: ${order.length} scores`);
  }
  say(`median squared error of ${m} examples: ${median(scores.data).toPrecision(4)}`);
}

/** Names of what is compared: of the table's columns, where preprocessing keeps them apart; otherwise numbers from 0. */
function outputNames(saved: SavedModel, ofInputs: boolean): readonly string[] {
  if (!ofInputs) return Array.from({ length: saved.model.config.targets }, (_, i) => `output_${i}`);
  const { columns } = savedData(saved);
  const mixed = saved.preprocessing.some(({ kind }) => kind === 'zca' || kind === 'pca');
  const { inputs } = saved.model.config;
  if (columns?.length === inputs && !mixed) return columns;
  return Array.from({ length: inputs }, (_, i) => `input_${i}`);
}
