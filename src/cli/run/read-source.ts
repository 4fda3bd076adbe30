import type { Precision } from '../../array/matrix.ts';
import type { Examples } from '../../data/examples.ts';
import type { ArrayOptions } from '../../data/formats/array-examples.ts';
import type { TableOptions } from '../../data/formats/table/table-options.ts';
import type { DataPlan } from '../../data/preprocessing/data-plan.ts';
import { InputError } from '../../errors.ts';
import { isTable, refuseTable } from '../../node/files.ts';
import { readRows } from '../../node/shards.ts';
import { loadExamples, openSource } from '../../node/sources.ts';
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
  readonly decimal?: TableOptions['decimal'];
  /** In place of the plan's. */
  readonly delimiter?: TableOptions['delimiter'];
  /** Beside the plan's: leave rows with gaps out. */
  readonly dropRows?: boolean;
  /** The column that holds the classes. */
  readonly label?: TableOptions['label'];
  /** The names of the classes, where they are known. */
  readonly classes?: TableOptions['classes'];
  /** Whether gaps are filled: they are then kept as NaN. */
  readonly fills?: boolean;
  /** In place of the plan's: whether the first line names columns. */
  readonly header?: TableOptions['header'];
  /** Of an array, before what the plan says. */
  readonly array?: Pick<SourcePlan, 'array' | 'axes' | 'unit'>;
  /** Of a file of several arrays: the one that holds labels. */
  readonly labels?: string | undefined;
  /** The column that names the examples. */
  readonly id?: TableOptions['id'];
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
 * none, with the unit of bytes, which need not be told by theirs,
 * and with the name of the array, beside which new files may hold others.
 */
export function asRead(
  plan: SourcePlan,
  {
    array,
    positions,
    cells,
    byteUnit,
    treatment,
  }: Pick<Examples, 'array' | 'positions' | 'cells' | 'byteUnit' | 'treatment'>,
): SourcePlan {
  const { table } = plan;
  const isPart = positions !== undefined && (table?.columns !== undefined || positions.length !== cells);
  return {
    ...plan,
    ...(isPart ? { table: { ...table, columns: positions } } : {}),
    ...(treatment ? { table: { ...table, treatment } } : {}),
    ...(byteUnit === undefined ? {} : { byteUnit }),
    ...(array === undefined ? {} : { array }),
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

const told = new Set<string>();

/** Tells on stderr what readers decided. */
export function tellNotes(source: string, notes: readonly string[] = []): void {
  for (const note of notes) {
    const line = `rhohat: ${source}: ${note}`;
    // A source that is read twice, as what is tested on, says the same once.
    if (!told.has(line)) say(line);
    told.add(line);
  }
}

/** Tells how data were read, before anything is trained on them. */
export function tellRead(source: string, read: string, values: string): void {
  say(`rhohat: ${source}: ${read}; ${values}`);
}

/** A source's examples, their columns chosen, and what is left of the plan to be done with them. */
export async function readSource(
  source: string,
  given: SourcePlan,
  asked: ReadOptions = {},
): Promise<{ stacks: Examples[]; plan: DataPlan }> {
  const { options, image, plan } = readingOf(source, given, asked);
  const stacks = (await loadExamples(source, options)).map((stack) => shapedAs(stack, image));
  tellNotes(source, stacks[0].notes);
  return { stacks, plan };
}

/** Rows of a source as examples, and what is left of the plan to be done with them. */
export interface SourceRows {
  /** How many there are. */
  readonly rows: number;
  readonly plan: DataPlan;
  read(begin: number, end: number): Promise<Examples>;
}

/**
 * The same of a source whose rows can be read apart: shards, or an .npy file of floats in rows; undefined of others, and where the
 * plan needs all of them at once.
 */
export async function openRows(
  source: string,
  given: SourcePlan,
  asked: ReadOptions = {},
): Promise<SourceRows | undefined> {
  const { options, image, plan } = readingOf(source, given, asked);
  const { patches, classes } = plan;
  if (patches !== undefined || classes !== undefined) return undefined;
  const shards = await openSource(source, options.precision ?? 'float64', options.array, true);
  if (shards === undefined) return undefined;
  refuseTable(source, options.table);
  tellNotes(source, shards.reading.notes);
  return {
    rows: shards.shape[0],
    plan,
    read: async (begin, end) => shapedAs(await readRows(shards, begin, end), image),
  };
}

/** How a source is read, and what is left of the plan to be done with its examples. */
function readingOf(
  source: string,
  { table, array: name, axes, unit, byteUnit, image, ...plan }: SourcePlan,
  {
    match,
    array,
    labels,
    precision,
    limit,
    saved = false,
    fills = plan.preprocessing?.[0]?.kind === 'fill',
    ...said
  }: ReadOptions,
) {
  const isOne = isTable(source);
  const { dropRows: drop, label: trained, ...own } = table ?? {};
  const { dropRows = drop, label = saved ? undefined : trained, lines, ...more } = said;
  // What a model remembers of a table is nothing that its user asked of this source.
  const remembered = saved && !isOne ? {} : { ...own, match };
  const gaps: TableOptions['gaps'] = dropRows ? 'drop' : fills && isOne ? 'keep' : undefined;
  // Others have no lines.
  const given = { ...defined(remembered), ...defined({ ...more, label, gaps, lines: isOne ? lines : undefined }) };
  const arrays = {
    ...arrayOptions({ array: name, axes, unit, byteUnit }, saved),
    ...arrayOptions(array ?? {}),
    ...(labels === undefined ? {} : { labels }),
  };
  return { options: { ...defined({ limit, precision }), table: given, array: arrays }, image, plan };
}

/** The entries that are not undefined. */
function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Rows that are images, as --image says. @throws InputError where they have another number of columns. */
function shapedAs(stack: Examples, image: SourcePlan['image']): Examples {
  if (image === undefined) return stack;
  const [height, width, channels] = image;
  const d = stack.x.shape[1];
  if (height * width * channels === d) return { ...stack, image: { height, width, channels } };
  throw new InputError(
    `--image is ${height}x${width}x${channels}, ${height * width * channels} numbers, and an example has ${d}: give the shape of its examples`,
  );
}
