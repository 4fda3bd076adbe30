import type { Precision } from '../array/matrix.ts';
import type { CsvOptions } from '../data/csv-columns.ts';
import type { Examples } from '../data/examples.ts';
import type { DataPlan } from '../data/prepare.ts';
import { isTable } from '../node/files.ts';
import { loadExamples } from '../node/sources.ts';
import type { SourcePlan } from '../training/run.ts';

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
  /** The column that names the examples. */
  readonly id?: CsvOptions['id'];
}

/** Characters of names that a model file has room for. */
const MOST_NAMES = 2 ** 20;

/** The names of columns that are saved with a model; none where they would fill the file's header. */
export function kept(columns: readonly string[] | undefined): readonly string[] | undefined {
  return columns && JSON.stringify(columns).length <= MOST_NAMES ? columns : undefined;
}

/** The plan with the places of its columns for their names: a file without a header has no names. */
export function atPlaces(plan: SourcePlan, positions: readonly number[] | undefined): SourcePlan {
  return plan.table?.columns && positions ? { ...plan, table: { ...plan.table, columns: positions } } : plan;
}

/** A source's examples, their columns chosen, and what is left of the plan to be done with them. */
export async function readSource(
  source: string,
  { table, ...plan }: SourcePlan,
  { match, id, decimal, saved = false, ...options }: ReadOptions = {},
): Promise<{ stacks: Examples[]; plan: DataPlan }> {
  // What a model remembers of a table is nothing that its user asked of this source.
  const remembered = saved && !isTable(source) ? {} : { ...table, match };
  const asked = { ...remembered, ...(decimal ? { decimal } : {}), ...(id === undefined ? {} : { id }) };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { stacks: await loadExamples(source, { ...options, table: given }), plan };
}
