import type { ColumnMetaData, Compressors, SchemaTree } from 'hyparquet';
import { InputError } from '../../../errors.ts';
import { checkRuns, levelBits } from './check-runs.ts';

/** What of the package is needed. */
interface Package {
  readonly parquetHeader: typeof import('hyparquet/src/column.js').parquetHeader;
  readonly compressors: Compressors;
}

/** What is left of what a file may unpack to. */
export interface Budget {
  bytes: number;
  values: number;
}

/** Deeper than lists of numbers go. */
const MOST_DEPTH = 6;

/**
 * Looks through the pages of a column before they are decoded: their sizes lie in the chunk, they unpack to no more than the
 * budget, and neither they nor their runs hold more values than the footer says, which is what memory is set aside for.
 * @throws InputError where that is not so.
 */
export function checkChunk(
  bytes: Uint8Array,
  column: ColumnMetaData,
  path: readonly SchemaTree[],
  budget: Budget,
  { parquetHeader, compressors }: Package,
  what: string,
): void {
  const damaged = (why: string) => new InputError(`${what}: ${why}: it is damaged: write it anew`);
  if (path.length > MOST_DEPTH) throw damaged(`a column lies ${path.length} deep`);
  const rest = path.slice(1).map(({ element }) => element.repetition_type);
  const repetition = path.filter(({ element }) => element.repetition_type === 'REPEATED').length;
  const definition = rest.filter((type) => type !== 'REQUIRED').length;
  const most = Number(column.num_values);
  const at = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  for (let seen = 0; at.offset < bytes.length - 1; ) {
    const page = parquetHeader(at);
    const packed = Number(page.compressed_page_size);
    const unpacked = Number(page.uncompressed_page_size);
    if (!(packed >= 0 && unpacked >= 0 && at.offset + packed <= bytes.length)) {
      throw damaged('a page ends beyond its column');
    }
    budget.bytes -= unpacked;
    if (budget.bytes < 0)
      throw new InputError(`${what}: it unpacks to too many bytes for its size: write it uncompressed`);
    const own = bytes.subarray(at.offset, at.offset + packed);
    at.offset += packed;
    const head = page.data_page_header ?? page.data_page_header_v2;
    if (head === undefined) {
      const entries = page.dictionary_page_header?.num_values ?? 0;
      // A text takes four bytes, a boolean a bit.
      if (!(entries >= 0 && entries <= 8 * unpacked)) throw damaged(`a dictionary claims ${entries} entries`);
      continue;
    }
    seen += head.num_values;
    if (!(head.num_values >= 0 && seen <= most)) throw damaged(`pages claim ${seen} values, the footer ${most}`);
    const n = head.num_values;
    const v2 = page.data_page_header_v2;
    const unpack = (part: Uint8Array, length: number) => {
      const codec = column.codec === 'UNCOMPRESSED' ? null : compressors[column.codec];
      if (codec === undefined)
        throw new InputError(`${what}: its compression, ${column.codec}, is not read: write it with zstd`);
      return codec === null ? part : codec(part, length);
    };
    const levels = v2 === undefined ? 0 : v2.repetition_levels_byte_length + v2.definition_levels_byte_length;
    if (!(levels >= 0 && levels <= packed && levels <= unpacked)) throw damaged('levels end beyond their page');
    let data: Uint8Array;
    if (v2 === undefined) data = unpack(own, unpacked);
    else {
      const heads = { view: viewOf(own), offset: 0 };
      if (repetition > 0) checkRuns(heads, levelBits(repetition), n, what, v2.repetition_levels_byte_length);
      heads.offset = v2.repetition_levels_byte_length;
      if (definition > 0) checkRuns(heads, levelBits(definition), n, what, v2.definition_levels_byte_length);
      const isPacked = v2.is_compressed !== false && unpacked > levels;
      data = isPacked ? unpack(own.subarray(levels), unpacked - levels) : own.subarray(levels);
      if (!(v2.num_nulls >= 0 && v2.num_nulls <= n)) throw damaged(`a page claims ${v2.num_nulls} gaps of ${n} values`);
    }
    const body = { view: viewOf(data), offset: 0 };
    if (v2 === undefined) {
      if (path.length > 1 && repetition > 0) checkRuns(body, levelBits(repetition), n, what);
      if (definition > 0) checkRuns(body, levelBits(definition), n, what);
    }
    checkValues(body, head.encoding, column.type, n, what);
  }
}

/** The values of a page: those that are packed claim more than their bytes show. */
function checkValues(
  body: { view: DataView; offset: number },
  encoding: string,
  type: string,
  n: number,
  what: string,
) {
  const left = body.view.byteLength - body.offset;
  if (encoding === 'RLE') checkRuns(body, 1, n, what);
  else if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (left <= 0) return;
    const width = body.view.getUint8(body.offset++);
    if (width > 32) throw new InputError(`${what}: indices of ${width} bits: it is damaged: write it anew`);
    if (width > 0 && type !== 'BOOLEAN') checkRuns(body, width, n, what, left - 1);
  } else if (encoding === 'ALP') {
    throw new InputError(`${what}: its encoding, ALP, is not read: write it with another`);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
