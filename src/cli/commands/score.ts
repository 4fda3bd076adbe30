import { type Command, Option } from 'commander';
import type { Matrix, Vector } from '../../array/matrix.ts';
import { median } from '../../array/quantile.ts';
import { npyPieces } from '../../data/formats/npy.ts';
import { squaredErrors, squaredErrorsByColumn } from '../../data/squared-errors.ts';
import { InputError } from '../../errors.ts';
import { loadModel } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { type Flagged, flag, flaggedText } from '../../report/flagged.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { cell, pieces } from '../csv-text.ts';
import { addEngineOptions, assertDevice, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import { column, number, whole } from '../flags/flags.ts';
import { outFormat } from '../flags/out-format.ts';
import { addReadFlags, type ReadFlags } from '../flags/read-flags.ts';
import { print, printPieces, say } from '../output.ts';
import { tellRuntime } from '../report/kernel-note.ts';
import type { Scored } from '../report/odd-rows.ts';
import { modelInputs } from '../run/model-inputs.ts';
import { noteNewer } from '../run/newer-run.ts';
import { type Parallel, parallel } from '../run/parallel.ts';
import { savedData } from '../run/saved-data.ts';
import { scoredAgainst } from '../run/scored-against.ts';
import { decideTurbo, encodingWork } from '../run/turbo.ts';

interface Flags extends ReadFlags, EngineFlags {
  id?: string | number;
  worst?: number;
  byColumn?: boolean;
  out?: string;
  limit?: number;
  targetData?: string;
  quantile?: number;
  share?: number;
  report?: string;
}

/** Rows of a report. */
const FEWEST_ROWS = 20;
const MOST_ROWS = 500;
/** Numbers of --by-column: more than that nobody reads. */
const MOST_PARTS = 1e7;

/** Declares `rhohat score`. */
export function addScore(program: Command): void {
  const command = program
    .command('score')
    .summary('anomaly scores: how badly a model reconstructs each example')
    .description(
      `Writes the squared error of each example, summed over its coordinates: what does not follow the data that the model learnt has a large one. The data are treated as in training. The median score is told on stderr.`,
    )
    .argument('<model>', 'a run folder, or its model.safetensors')
    .argument('[data]', 'a data set, a file, a folder of images or of shards (default: the training data)');
  const options = addReadFlags(command)
    .option(
      '--target-data <source>',
      'of a transcoder: what its outputs are compared with, row by row (default: of the training data, its own)',
    )
    .option('--id <column>', 'of a CSV file: the column that names the examples, by name or position', column)
    .option('--worst <n>', 'only the n highest scores, the highest first', whole)
    .option('--by-column', 'add the squared error of every input, which says where a score comes from')
    .addOption(
      new Option('--quantile <q>', 'flag scores above this quantile of them, such as 0.99')
        .argParser(number)
        .conflicts('share'),
    )
    .option(
      '--share <p>',
      'flag this share of the examples, the highest scores, where so many are known to be odd',
      number,
    )
    .option(
      '--report <file>',
      'write a page about them: threshold, odd rows, what is odd in them (default: --quantile 0.99)',
    )
    .option('--limit <n>', 'score the first n examples only', whole)
    .option('--out <file>', 'write a .csv file, or a .npy file of all scores (default: CSV on stdout)');
  addEngineOptions(options)
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train table.csv --preprocess standardize --model linear --hidden 2
  $ rhohat score runs/table --worst 5              # the five oddest rows
  $ rhohat score runs/table --worst 5 --by-column  # and in which column
  $ rhohat score runs/table table.csv --out scores.csv
  $ rhohat score runs/table --share 0.02 --report scores.html  # a page

Examples are counted from 0: in a CSV file with a header, example 0 is line 2.
Names that a spreadsheet would run, such as =A1, get an apostrophe.`,
    )
    .action(score);
}

async function score(path: string, source: string | undefined, flags: Flags): Promise<void> {
  const team = await parallel();
  assertDevice(flags, { together: team.group !== null });
  const load = () => loaded(path, flags, { ...flags, threads: team.threads(flags) });
  const found =
    team.group === null ? await scoreAlone(await load(), source, flags) : await scoreShared(team, load, source, flags);
  if (found === null) return;
  let order: readonly number[] = [];
  const choose = async () => {
    order = chosen(found, flags);
  };
  if (team.group === null) await choose();
  else if (!(await (await import('../run/shared-output.ts')).allDo(team.group, choose))) return;
  const parts = flags.byColumn ? await found.byColumn(order) : undefined;
  if (team.leads) await tell(found, order, parts, path, flags);
}

/** The model, once the flags are found to go together. */
async function loaded(path: string, flags: Flags, engine: EngineFlags): Promise<SavedModel> {
  const saved = await loadModel(path, kernelOptions(engine));
  tellRuntime(saved.model.config.precision, saved.model.runtime);
  const format = outFormat(flags.out);
  const { worst, byColumn, id, quantile, share } = flags;
  for (const [flag, value] of Object.entries({ worst, 'by-column': byColumn, id, quantile, share })) {
    if (format !== '.npy' || value === undefined) continue;
    throw new InputError(
      `--${flag} with a .npy file, which holds the scores of all and nothing beside: use --out scores.csv`,
    );
  }
  await noteNewer(path);
  return saved;
}

/** Scores of all examples, and what is needed to tell of them. */
interface Found {
  readonly saved: SavedModel;
  readonly scores: Vector<Float64Array>;
  /** How many numbers are compared of an example. */
  readonly columns: number;
  /** Whether they are the inputs. */
  readonly isInput: boolean;
  readonly ids?: readonly string[] | undefined;
  /** What the data are called. */
  readonly source: string;
  /** Of the examples `rows`, by column: (rows, columns). */
  byColumn(rows: readonly number[]): Promise<Matrix<Float64Array>>;
  /** What a page about them shows; of several processes none has it. */
  readonly shown?: Omit<Scored, 'scores' | 'names'>;
}

async function scoreAlone(saved: SavedModel, source: string | undefined, flags: Flags): Promise<Found> {
  const {
    x,
    ids,
    lines: begun,
    source: name,
  } = await modelInputs(saved, source, { ...flags, lines: flags.report !== undefined });
  const { y } = await scoredAgainst(saved, x, source, flags);
  await decideTurbo(flags, encodingWork(saved.model.config, x.shape[0], true));
  const reconstruction = await saved.model.reconstruct(x);
  const isInput = y === x;
  return {
    saved,
    scores: squaredErrors(y, reconstruction),
    columns: y.shape[1],
    isInput,
    ids,
    source: name,
    byColumn: async (rows) => squaredErrorsByColumn(y, reconstruction, rows),
    shown: { y, reconstruction, ids, lines: begun, isInput },
  };
}

/** The same by several processes; null where another one failed. */
async function scoreShared(
  { group, decideTurbo }: Parallel,
  load: () => Promise<SavedModel>,
  source: string | undefined,
  flags: Flags,
): Promise<Found | null> {
  if (group === null) return null;
  const { sharedEncoding } = await import('../run/encode-together.ts');
  const { scoreTogether } = await import('../run/score-together.ts');
  const checked = async () => {
    if (flags.report === undefined) return load();
    throw new InputError(
      '--report with several processes: the page shows examples, which are spread over them: leave it out, or start rhohat without mpirun',
    );
  };
  const encoding = await sharedEncoding(group, checked, source, flags);
  if (encoding === null) return null;
  const { saved, rows } = encoding;
  await decideTurbo(flags, encodingWork(saved.model.config, Math.ceil(rows.examples / group.size), true));
  const found = await scoreTogether(group, encoding, source, flags);
  return found && { ...found, saved, columns: saved.model.config.targets, ids: rows.ids, source: rows.source };
}

/** The examples that are told of, in their order. @throws InputError where the flags ask for more than there is, or can be written. */
function chosen({ scores, columns }: Found, { worst, byColumn }: Flags): number[] {
  const m = scores.data.length;
  if (worst !== undefined && (worst < 1 || worst > m)) {
    throw new InputError(`--worst is ${worst}: there are ${m} examples, so it must be from 1 to ${m}`);
  }
  const order = Array.from(scores.data.keys());
  // Sorting keeps the order of equal ones.
  if (worst !== undefined) order.sort((a, b) => scores.data[b] - scores.data[a]).splice(worst);
  if (byColumn && order.length * columns > MOST_PARTS) {
    throw new InputError(
      `--by-column would write ${order.length} × ${columns} numbers: at most ${MOST_PARTS} are written; add --worst 100`,
    );
  }
  return order;
}

/** Writes and prints what was found of the examples `order`. */
async function tell(
  { saved, scores, columns: d, isInput, ids, source: name, shown }: Found,
  order: readonly number[],
  parts: Matrix<Float64Array> | undefined,
  path: string,
  flags: Flags,
): Promise<void> {
  const m = scores.data.length;
  const flagged = flaggedBy(scores.data, flags);
  const marks = flags.quantile !== undefined || flags.share !== undefined ? flagged : null;
  const names = outputNames(saved, isInput);
  const head = ['example', 'squared_error', ...(marks ? ['flagged'] : []), ...(parts ? names : [])];
  function* lines(): Generator<string> {
    yield head.map(cell).join(',');
    for (const [n, k] of order.entries()) {
      const mark = marks ? [marks.is(scores.data[k]) ? 1 : 0] : [];
      yield [ids?.[k] ?? k, scores.data[k], ...mark, ...(parts?.data.subarray(n * d, (n + 1) * d) ?? [])]
        .map(cell)
        .join(',');
    }
  }
  if (flags.out === undefined) await printPieces(pieces(lines()));
  else {
    await writeWhole(flags.out, outFormat(flags.out) === '.npy' ? npyPieces(scores) : pieces(lines()));
    print(`${flags.out}: ${order.length} scores`);
  }
  if (flagged !== null) {
    say(flaggedText(flagged, m));
    if (flags.report !== undefined && shown !== undefined) {
      const scored = { ...shown, scores: scores.data, names };
      await writeReport(flags.report, path, name, { saved, scored, flagged });
      say(`report: ${flags.report}`);
    }
  }
  say(`median squared error of ${m} examples: ${median(scores.data).toPrecision(4)}`);
}

/** What is flagged, where that is asked for. */
function flaggedBy(scores: ArrayLike<number>, { quantile, share, report }: Flags): Flagged | null {
  if (share !== undefined) return flag(scores, { kind: 'share', share });
  if (quantile === undefined && report === undefined) return null;
  return flag(scores, { kind: 'quantile', q: quantile ?? 0.99 });
}

/** Writes the page of --report: of all that are flagged and some beside, the highest first. */
async function writeReport(
  file: string,
  model: string,
  source: string,
  { saved, scored, flagged }: { readonly saved: SavedModel; readonly scored: Scored; readonly flagged: Flagged },
): Promise<void> {
  const { scoreReport } = await import('../../report/html/score-report.ts'); // plotting: loaded when it draws
  const { oddRows } = await import('../report/odd-rows.ts');
  const { scores } = scored;
  const shown = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, flagged.count));
  const order = Array.from({ length: scores.length }, (_, k) => k).sort((a, b) => scores[b] - scores[a] || a - b);
  const rows = await oddRows(scored, saved, flagged, order.slice(0, shown));
  const command = process.argv.slice(2);
  const page = { model, source, command, scores, median: median(scores), flagged, rows };
  await writeWhole(file, await scoreReport(page));
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
