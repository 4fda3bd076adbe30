import type { Precision } from '../array/matrix.ts';
import type { CsvOptions } from '../data/csv-columns.ts';
import type { Examples } from '../data/examples.ts';
import type { DataPlan } from '../data/prepare.ts';
import { loadExamples } from '../node/sources.ts';
import type { SourcePlan } from '../training/run.ts';

/** What beside the plan decides how a source is read. */
export interface ReadOptions {
  /** Of a folder of shards. */
  readonly limit?: number;
  readonly precision?: Precision;
  /** Names of the columns that a model was trained on. */
  readonly match?: readonly string[];
  /** The column that names the examples. */
  readonly id?: CsvOptions['id'];
}

/** Names that tell columns apart; undefined where one of them stands twice, or there are none. */
export function distinct(columns: readonly string[] | undefined): readonly string[] | undefined {
  return columns && new Set(columns).size === columns.length ? columns : undefined;
}

/** A source's examples, their columns chosen, and what is left of the plan to be done with them. */
export async function readSource(
  source: string,
  { table, ...plan }: SourcePlan,
  { match, id, ...options }: ReadOptions = {},
): Promise<{ stacks: Examples[]; plan: DataPlan }> {
  const { columns, decimal } = table ?? {};
  // Where names are known, a file without any is read by position, or as it is.
  const byPosition = columns?.every((one) => typeof one === 'number');
  const asked = {
    ...(columns && (match === undefined || byPosition) ? { columns } : {}),
    ...(decimal ? { decimal } : {}),
    ...(match ? { match } : {}),
    ...(id === undefined ? {} : { id }),
  };
  return { stacks: await loadExamples(source, { ...options, table: asked }), plan };
}
