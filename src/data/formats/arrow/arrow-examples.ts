import type { Table } from '@uwdata/flechette';
import { InputError, show } from '../../../errors.ts';
import type { Examples } from '../../examples.ts';
import { assertBytes } from '../bytes.ts';
import { unpackedLimit } from '../gzip.ts';
import { orDamaged } from '../or-damaged.ts';
import { unzstd } from '../parquet/zstd.ts';
import { tableExamples } from '../table/table-examples.ts';
import type { TableOptions } from '../table/table-options.ts';
import { valuesTable } from '../table/values-table.ts';
import { checkColumn } from './check-column.ts';
import { checkMessages } from './check-messages.ts';
import { unlz4 } from './lz4-frame.ts';

const WHAT = 'Arrow file';
const MAGIC = 'ARROW1';
const LZ4 = 0;
const ZSTD = 1;

/**
 * An Arrow file: of the file format, which Feather V2 is, or the stream format, its buffers as they are or packed by LZ4 or Zstandard. Columns as
 * of Parquet. Throws InputError at Feather V1, at types that are no columns of a table, and at what claims more than its bytes
 * hold. Memory: the file, what it unpacks to, at most 128 times as much, and 16 bytes a value.
 */
export async function arrowExamples(bytes: Uint8Array, options: TableOptions = {}): Promise<Examples> {
  assertBytes(bytes);
  const stream = streamOf(bytes);
  const most = Math.min(2 ** 27, Math.max(2 ** 22, 64 * bytes.length));
  const rows = checkMessages(stream, WHAT, most);
  if (rows > most) {
    throw new InputError(`${WHAT}: it claims ${rows} rows: at most ${most} are taken of ${bytes.length} bytes`);
  }
  const table = await opened(stream, unpackedLimit(bytes.length));
  const names = table.schema.fields.map(({ name }) => name);
  const read = (places: readonly number[]) => orDamaged(WHAT, () => places.map(valuesAt));
  const valuesAt = (place: number) => {
    const name = names[place] ?? '';
    const column = table.getChildAt(place);
    checkColumn(column, WHAT, name);
    if (column.length === rows) return Array.from(column);
    throw new InputError(
      `${WHAT}: the column ${show(name)} has ${column.length} of ${rows} rows: it is damaged: write it anew`,
    );
  };
  const found = await valuesTable({ what: WHAT, rows, names, read }, options);
  return tableExamples(found.table, found.wanted, options);
}

/** The messages, which stand one after the other in files too, in memory of their own so that numbers are aligned. */
function streamOf(bytes: Uint8Array): Uint8Array {
  const begin = (text: string) => [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));
  if (begin('FEA1')) {
    throw new InputError(`${WHAT}: it is Feather of version 1: write it anew with version 2, as pandas and pyarrow do`);
  }
  return bytes.slice(begin(MAGIC) ? 8 : 0);
}

async function opened(stream: Uint8Array, limit: number): Promise<Table> {
  const arrow = await import('../packages/arrow.ts'); // loaded where such a file is read
  let left = limit;
  const unpacked = (use: (part: Uint8Array, length: number) => Uint8Array) => (part: Uint8Array, length?: number) => {
    if (length === undefined || !(length >= 0 && length <= left)) {
      throw new InputError(`${WHAT}: it unpacks to too many bytes for its size: write it uncompressed`);
    }
    left -= length;
    const out = use(part, length);
    if (out.length === length) return out;
    throw new InputError(
      `${WHAT}: a part unpacks to ${out.length} bytes and claims ${length}: it is damaged: write it anew`,
    );
  };
  const encode = (part: Uint8Array) => part; // nothing is packed here
  arrow.setCompressionCodec(LZ4, { encode, decode: unpacked((part, length) => unlz4(part, length, WHAT)) });
  arrow.setCompressionCodec(ZSTD, { encode, decode: unpacked((part, n) => unzstd(arrow.Decompress, part, n, WHAT)) });
  return orDamaged(WHAT, () => arrow.tableFromIPC(stream, { useBigInt: true, useDate: true }));
}
