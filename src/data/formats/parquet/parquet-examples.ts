import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import { InputError, show } from '../../../errors.ts';
import type { Examples } from '../../examples.ts';
import { assertBytes } from '../bytes.ts';
import { unpackedLimit } from '../gzip.ts';
import { orDamaged } from '../or-damaged.ts';
import { tableExamples } from '../table/table-examples.ts';
import type { TableOptions } from '../table/table-options.ts';
import { valuesTable } from '../table/values-table.ts';
import { type Budget, checkChunk } from './check-chunk.ts';
import { unzstd } from './zstd.ts';

const WHAT = 'Parquet file';
/** Values, gaps and those in lists included, that there is room for in a file of so many bytes. */
const mostValues = (bytes: number) => Math.min(2 ** 27, Math.max(2 ** 22, 64 * bytes));

type Package = typeof import('../packages/parquet.ts');

/**
 * A Parquet file: columns of numbers, true and false, texts, dates, or lists of as many numbers each; half precision, decimals and
 * dictionaries too; gzip, snappy, zstd, lz4, brotli. Only columns that are wanted are read. Throws InputError at structs and maps
 * that are wanted, and at what lies outside of the file or claims more than its bytes could hold. Memory: the file, what it
 * unpacks to, at most 128 times as much, and 16 bytes a value.
 */
export async function parquetExamples(bytes: Uint8Array, options: TableOptions = {}): Promise<Examples> {
  assertBytes(bytes);
  const parquet = await import('../packages/parquet.ts'); // heavy: loaded where such a file is read
  const slice = (begin: number, end = bytes.length) => bytes.slice(begin, end).buffer;
  const file = { byteLength: bytes.length, slice: (begin: number, end?: number) => slice(Math.max(0, begin), end) };
  const metadata = await orDamaged(WHAT, () => parquet.parquetMetadataAsync(file, { geoparquet: false }));
  const { names, rows } = await orDamaged(WHAT, async () => {
    const tree = parquet.parquetSchema(metadata);
    return { names: tree.children.map(({ element }) => element.name), rows: rowsOf(metadata, bytes.length) };
  });
  const budget = { bytes: unpackedLimit(bytes.length), values: mostValues(bytes.length) };
  const read = (places: readonly number[]) =>
    orDamaged(WHAT, () => readColumns(parquet, file, bytes, metadata, { names, rows, budget, places }));
  const { table, wanted } = await valuesTable({ what: WHAT, rows, names, read }, options);
  return tableExamples(table, wanted, options);
}

/** @throws InputError where row groups claim more rows than a file of that size is taken to have. */
function rowsOf({ row_groups: groups, num_rows }: FileMetaData, size: number): number {
  let rows = 0;
  for (const group of groups) {
    const own = Number(group.num_rows);
    rows += own;
    if (!(own >= 0 && rows <= mostValues(size))) {
      throw new InputError(
        `${WHAT}: it claims ${own} rows and more: at most ${mostValues(size)} are taken of ${size} bytes`,
      );
    }
  }
  if (rows !== Number(num_rows)) {
    throw new InputError(`${WHAT}: it claims ${num_rows} rows, and its parts ${rows}: it is damaged: write it anew`);
  }
  return rows;
}

interface Reading {
  readonly names: readonly string[];
  readonly rows: number;
  readonly budget: Budget;
  readonly places: readonly number[];
}

async function readColumns(
  parquet: Package,
  file: { byteLength: number; slice(begin: number, end?: number): ArrayBuffer },
  bytes: Uint8Array,
  metadata: FileMetaData,
  { names, rows, budget, places }: Reading,
): Promise<ArrayLike<unknown>[]> {
  const compressors = {
    ...parquet.compressors,
    ZSTD: (part: Uint8Array, length: number) => unzstd(parquet.Decompress, part, length, WHAT),
  };
  const tree = parquet.parquetSchema(metadata);
  const wanted = places.map((place) => names[place]);
  const twice = wanted.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) throw new InputError(`${WHAT}: two columns are named ${show(twice)}: rename one of them`);
  for (const group of metadata.row_groups) {
    for (const { meta_data: column, file_path: path } of group.columns) {
      if (column === undefined)
        throw new InputError(`${WHAT}: a column has no description: it is damaged: write it anew`);
      if (!wanted.includes(column.path_in_schema[0])) continue;
      if (path) throw new InputError(`${WHAT}: its columns lie in other files: write it as one file`);
      const own = parquet.getTreePath(tree, column.path_in_schema);
      checkChunk(rangeOf(column, bytes, budget), column, own, budget, { ...parquet, compressors }, WHAT);
    }
  }
  const found = new Map(wanted.map((name) => [name, [] as unknown[]]));
  const filled = new Map(wanted.map((name) => [name, 0]));
  await parquet.parquetRead({
    file,
    metadata,
    compressors,
    columns: [...new Set(wanted)],
    geoparquet: false,
    onChunk({ columnName, columnData, rowStart }) {
      const column = found.get(columnName);
      if (column === undefined || rowStart + columnData.length > rows) return;
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
      filled.set(columnName, (filled.get(columnName) ?? 0) + columnData.length);
    },
  });
  return wanted.map((name) => {
    const column = found.get(name) ?? [];
    if (column.length === rows && filled.get(name) === rows) return column;
    throw new InputError(
      `${WHAT}: the column ${show(name)} has ${column.length} of ${rows} rows: it is damaged: write it anew`,
    );
  });
}

/** The bytes of a column, which lie in the file. */
function rangeOf(column: ColumnMetaData, bytes: Uint8Array, budget: Budget): Uint8Array {
  const { dictionary_page_offset: dictionary, data_page_offset: data } = column;
  const begin = Number(dictionary || data);
  const end = begin + Number(column.total_compressed_size);
  budget.values -= Number(column.num_values);
  if (!(begin >= 0 && end >= begin && end <= bytes.length)) {
    throw new InputError(`${WHAT}: a column lies at bytes ${begin} to ${end} of ${bytes.length}: it is cut or damaged`);
  }
  if (!(Number(column.num_values) >= 0 && budget.values >= 0)) {
    throw new InputError(
      `${WHAT}: it claims more values than a file of ${bytes.length} bytes is taken to have: choose columns`,
    );
  }
  return bytes.subarray(begin, end);
}
