import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { entriesOf } from '../../node/folders.ts';
import { MODEL_FILE } from '../../node/model-files.ts';
import { kindOfPath } from '../../node/read-bytes.ts';
import { RUN_FILE } from '../../node/unfinished-run.ts';
import { differingSettings } from '../../report/settings.ts';
import type { Run } from '../../training/run.ts';
import { cell } from '../csv-text.ts';
import { short, table } from '../output.ts';
import { PLAN_FILE, readPlan } from '../sweep/plan.ts';
import { MEASURES, type Measure, measures } from '../sweep/rows.ts';
import { nothing, type RunResult, readResult } from '../sweep/run-result.ts';
import { SUMMARY_FILE } from './summary-file.ts';

/** A run that is compared. */
export interface ComparedRun {
  readonly folder: string;
  readonly result: RunResult;
}

/** A column of the table: a setting, or what came out. */
interface Column {
  readonly name: string;
  readonly cells: readonly string[];
}

/** The runs of these folders, in their order; of a sweep's folder all of its own. @throws InputError where one holds no run. */
export async function comparedRuns(folders: readonly string[]): Promise<ComparedRun[]> {
  const lists = await Promise.all(
    folders.map(async (folder): Promise<ComparedRun[]> => {
      const isFile = (await kindOfPath(folder)) === 'file';
      const entries = isFile ? null : await entriesOf(folder);
      // Of a model that was saved without a run nothing is known but its weights.
      const isModel =
        isFile || (entries?.includes(MODEL_FILE) && !entries.includes(SUMMARY_FILE) && !entries.includes(RUN_FILE));
      if (isModel) return [{ folder, result: { ...nothing, state: 'finished' } }];
      if (!entries?.includes(PLAN_FILE)) return [{ folder, result: await readResult(folder) }];
      const { runs } = await readPlan(folder);
      return Promise.all(
        runs.map(async ({ name, run }) => ({
          folder: join(folder, name),
          result: await readResult(join(folder, name)).catch(() => ({ ...nothing, run })), // not begun, or failed
        })),
      );
    }),
  );
  const runs = lists.flat();
  const twice = runs.find(({ folder }, i) => runs.findIndex((other) => other.folder === folder) !== i);
  if (twice !== undefined) throw new InputError(`${twice.folder} is given twice: name each run once`);
  return runs;
}

/** The table for a person: a line a run or a column a run, whichever is narrower. */
export function comparedLines(runs: readonly ComparedRun[]): string[] {
  const columns = columnsOf(runs, (value, measure) =>
    measure === 'explainedVariance' ? `${short(100 * value, 3)}%` : short(value),
  );
  const across = table(columns.map(({ name, cells }) => [name, ...cells])).split('\n');
  const down = table([columns.map(({ name }) => name), ...runs.map((_, i) => columns.map(({ cells }) => cells[i]))]);
  const width = (lines: readonly string[]) => lines.reduce((most, line) => Math.max(most, line.length), 0);
  const ways = runs.flatMap(({ folder, result: { state, says } }) =>
    state === 'unfinished' && says !== null ? [`${folder} is as its last checkpoint has it: ${says}`] : [],
  );
  return [...(width(across) < width(down.split('\n')) ? across : down.split('\n')), ...ways];
}

/** The same as CSV, a line a run; numbers in full. */
export function comparedCsv(runs: readonly ComparedRun[]): string {
  const columns = columnsOf(runs, String, '');
  const lines = [columns.map(({ name }) => name), ...runs.map((_, i) => columns.map(({ cells }) => cells[i]))];
  return lines.map((line) => `${line.map(cell).join(',')}\n`).join('');
}

/** The same for --json. */
export function comparedJson(runs: readonly ComparedRun[]): object {
  const settings = settingsOf(runs);
  return {
    differing: settings.map(({ key }) => key),
    runs: runs.map(({ folder, result }, i) => ({
      folder,
      state: result.state,
      says: result.says,
      settings: Object.fromEntries(settings.map(({ key, values }) => [key, values[i]])),
      ...Object.fromEntries(measures.map((measure) => [measure, result[measure]])),
    })),
  };
}

function columnsOf(
  runs: readonly ComparedRun[],
  text: (value: number, measure: Measure) => string,
  missing = '–',
): Column[] {
  const measured = measures
    .map((measure) => ({
      name: MEASURES[measure],
      cells: runs.map(({ result }) => (result[measure] === null ? missing : text(result[measure], measure))),
    }))
    .filter(({ cells }) => cells.some((own) => own !== missing));
  return [
    { name: 'run', cells: runs.map(({ folder }) => folder) },
    ...settingsOf(runs).map(({ key, values }) => ({ name: key, cells: values.map((value) => value ?? missing) })),
    { name: 'state', cells: runs.map(({ result }) => result.state) },
    ...measured,
  ];
}

/** Those that differ; runs of which it is not known what was asked have none. */
function settingsOf(runs: readonly ComparedRun[]) {
  const known = runs.flatMap(({ result }) => (result.run === null ? [] : [result.run]));
  const at = new Map<Run, number>(known.map((run, i) => [run, i]));
  return differingSettings(known).map(({ key, values }) => ({
    key,
    values: runs.map(({ result }) => (result.run === null ? null : values[at.get(result.run) ?? 0])),
  }));
}
