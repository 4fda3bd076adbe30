import type { Precision } from '../../array/matrix.ts';
import type { Examples } from '../../data/examples.ts';
import type { ArrayOptions } from '../../data/formats/array-examples.ts';
import type { CsvOptions } from '../../data/formats/csv-columns.ts';
import type { DataPlan } from '../../data/preprocessing/data-plan.ts';
import { isTable } from '../../node/files.ts';
import { loadExamples } from '../../node/sources.ts';
import type { SourcePlan } from '../../training/run.ts';
import { say } from '../output.ts';

/** What beside the plan decides how a source is read. */
export interface ReadOptions {
  /** Of a folder of shards. */
  readonly limit?: number;
  readonly precision?: Precision;
  /** Names of the columns that a model was trained on. */
  readonly match?: readonly string[];
  /** Whether the plan is that of a model, made for other data. */
  readonly saved?: boolean;
  /** In place of the plan's. */
  readonly decimal?: CsvOptions['decimal'];
  /** In place of the plan's: whether the first line names columns. */
  readonly header?: CsvOptions['header'];
  /** Of an array, before what the plan says. */
  readonly array?: Pick<SourcePlan, 'array' | 'axes' | 'unit'>;
  /** Of a file of several arrays: the one that holds labels. */
  readonly labels?: string | undefined;
  /** The column that names the examples. */
  readonly id?: CsvOptions['id'];
  /** Whether to tell the line of each example of a table. */
  readonly lines?: boolean;
}

/** Characters of names that a model file has room for. */
const MOST_NAMES = 2 ** 20;

/** The names of columns that are saved with a model; none where they would fill the file's header. */
export function kept(columns: readonly string[] | undefined): readonly string[] | undefined {
  return columns && JSON.stringify(columns).length <= MOST_NAMES ? columns : undefined;
}

/**
 * The plan as new data are to be read by: with the places of its columns for their names, as a file without a header has
 * none, and with the unit of bytes, which need not be told by theirs.
 */
export function asRead(
  plan: SourcePlan,
  { positions, cells, byteUnit }: Pick<Examples, 'positions' | 'cells' | 'byteUnit'>,
): SourcePlan {
  const { table } = plan;
  const isPart = positions !== undefined && (table?.columns !== undefined || positions.length !== cells);
  return {
    ...plan,
    ...(isPart ? { table: { ...table, columns: positions } } : {}),
    ...(byteUnit === undefined ? {} : { byteUnit }),
  };
}

/** How an array is read: as was asked for, or as the data of a model were. */
export function arrayOptions({ array, axes, unit, byteUnit }: SourcePlan, saved = false): ArrayOptions {
  const said = {
    ...(array === undefined ? {} : { name: array }),
    ...(axes === undefined ? {} : { axes }),
    ...(unit === undefined ? {} : { unit }),
  };
  return saved ? { match: { ...said, ...(byteUnit === undefined ? {} : { byteUnit }) } } : said;
}

/** Tells on stderr what readers decided. */
export function tellNotes(source: string, notes: readonly string[] = []): void {
  for (const note of notes) say(`rhohat: ${source}: ${note}`);
}

/** A source's examples, their columns chosen, and what is left of the plan to be done with them. */
export async function readSource(
  source: string,
  { table, array: name, axes, unit, byteUnit, ...plan }: SourcePlan,
  { match, id, decimal, header, lines, array, labels, saved = false, ...options }: ReadOptions = {},
): Promise<{ stacks: Examples[]; plan: DataPlan }> {
  // What a model remembers of a table is nothing that its user asked of this source.
  const remembered = saved && !isTable(source) ? {} : { ...table, match };
  // Others have no lines.
  const told = isTable(source) ? lines : undefined;
  const said = Object.entries({ decimal, header, id, lines: told }).filter(([, value]) => value !== undefined);
  const asked = { ...remembered, ...Object.fromEntries(said) };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const arrays = {
    ...arrayOptions({ array: name, axes, unit, byteUnit }, saved),
    ...arrayOptions(array ?? {}),
    ...(labels === undefined ? {} : { labels }),
  };
  const stacks = await loadExamples(source, { ...options, table: given, array: arrays });
  tellNotes(source, stacks[0].notes);
  return { stacks, plan };
}
