import type { Column } from '@uwdata/flechette';
import { InputError, show } from '../../../errors.ts';

/** What of a batch tells whether its parts are as long as it claims. */
interface Part {
  readonly length: number;
  readonly nullCount: number;
  readonly type: { readonly typeId: number; readonly stride?: number; readonly bitWidth?: number };
  readonly validity?: Uint8Array;
  readonly values?: ArrayLike<number | bigint>;
  readonly offsets?: ArrayLike<number | bigint>;
  readonly children?: readonly Part[];
  readonly dictionary?: unknown;
  readonly cache?: unknown;
}

// Of flechette's Type.
const DICTIONARY = -1;
const NULL = 1;
const BOOL = 6;
const DECIMAL = 7;
const WHOLE = [2, 3, 8, 10, 9, 18]; // integers, floats, dates, timestamps, times, durations
const TEXTS = [5, 20];
const LISTS = [12, 21];
const FIXED_LIST = 16;

/**
 * Looks at the parts of a column before its values are read: none is shorter than the batch claims, no offset points outside.
 * @throws InputError where that is not so, and for types that are no column of a table.
 */
export function checkColumn(column: Column<unknown>, what: string, name: string): void {
  for (const batch of column.data) check(batch as unknown as Part, what, name, 0);
}

function check(part: Part, what: string, name: string, depth: number): void {
  const { length: n, nullCount, type, validity, values, offsets, children = [] } = part;
  const fits = (ok: boolean) => {
    if (ok) return;
    throw new InputError(
      `${what}: the column ${show(name)} claims ${n} values and holds fewer: it is damaged: write it anew`,
    );
  };
  fits(Number.isSafeInteger(n) && n >= 0);
  if (type.typeId === NULL) return;
  if (nullCount > 0) fits(validity !== undefined && validity.length * 8 >= n);
  if (type.typeId === BOOL) fits(values !== undefined && values.length * 8 >= n);
  else if (WHOLE.includes(type.typeId)) fits(values !== undefined && values.length >= n);
  else if (type.typeId === DECIMAL) {
    const width = Math.max(1, Math.ceil((type.bitWidth ?? 128) / 64));
    fits(values !== undefined && values.length >= n * (type.bitWidth === 32 ? 1 : width));
  } else if (TEXTS.includes(type.typeId)) fits(rising(offsets, n, values?.length ?? 0));
  else if (type.typeId === DICTIONARY) {
    const dictionary = part.dictionary as Column<unknown> | undefined;
    fits(dictionary !== undefined && values !== undefined && values.length >= n);
    const many = dictionary?.length ?? 0;
    for (let i = 0; i < n; i++) {
      const isGap = nullCount > 0 && validity !== undefined && (validity[i >> 3] & (1 << (i % 8))) === 0;
      fits(isGap || (Number(values?.[i]) >= 0 && Number(values?.[i]) < many));
    }
    if (dictionary !== undefined && depth === 0)
      for (const own of dictionary.data) check(own as unknown as Part, what, name, 1);
  } else if (depth < 2 && (LISTS.includes(type.typeId) || type.typeId === FIXED_LIST) && children.length === 1) {
    const [child] = children;
    fits(
      type.typeId === FIXED_LIST
        ? (type.stride ?? 0) > 0 && child.length >= n * (type.stride ?? 0)
        : rising(offsets, n, child.length),
    );
    check(child, what, name, depth + 2);
  } else {
    throw new InputError(
      `${what}: the column ${show(name)} is of a type that is no column of numbers, texts or lists of numbers: leave it out (--without)`,
    );
  }
}

/** Whether n + 1 offsets rise from 0 or more to no more than `end`. */
function rising(offsets: ArrayLike<number | bigint> | undefined, n: number, end: number): boolean {
  if (n === 0) return true;
  if (offsets === undefined || offsets.length < n + 1) return false;
  let last = 0;
  for (let i = 0; i <= n; i++) {
    const offset = Number(offsets[i]);
    if (!(offset >= last && offset <= end)) return false;
    last = offset;
  }
  return true;
}
