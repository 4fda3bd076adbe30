import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { assertBytes } from './bytes.ts';
import { cellValue } from './csv-numbers.ts';
import type { ListCells } from './table/table.ts';
import { tableExamples } from './table/table-examples.ts';
import type { TableOptions } from './table/table-options.ts';
import { wantedColumns } from './table/wanted-columns.ts';

const WHAT = 'LIBSVM file';
/** Numbers of the examples that there is room for, those that are 0 included: 1 GiB. */
const MOST_NUMBERS = 2 ** 27;
const NAMES = ['label', 'features'];

/** Lines as they stand: labels, and the places and values of what is not 0. */
interface Rows {
  readonly labels: number[];
  readonly lines: number[];
  /** Where each row's entries end. */
  readonly ends: number[];
  readonly indices: number[];
  readonly values: number[];
}

/**
 * LIBSVM's text, also called svmlight: on each line a label and `index:value` for what is not 0, indices rising, counted from 1, or from 0
 * where a 0 occurs; what follows # is a remark, `qid:` is passed over. The rows are dense, as float64; the label is a
 * column of its own, `label`, that is no input. Throws InputError, naming the line, at anything else, and where the rows would take more than 1 GiB.
 */
export function libsvmExamples(bytes: Uint8Array, options: TableOptions = {}): Examples {
  assertBytes(bytes);
  const rows = rowsOf(bytes);
  const trained = options.treatment?.inputs.find(({ as }) => as === 'list');
  const known = trained?.as === 'list' ? trained : undefined;
  const cells = dense(rows, known);
  const { label, columns, without, treatment } = options;
  const free = columns === undefined && without === undefined && treatment === undefined && label === undefined;
  const wanted = wantedColumns(NAMES, free ? { ...options, columns: ['features'] } : options, WHAT);
  const table = {
    what: WHAT,
    rows: rows.labels.length,
    width: 2,
    lines: rows.lines,
    columns: [
      { name: 'label', position: 1, cells: { kind: 'number' as const, values: Float64Array.from(rows.labels) } },
      { name: 'features', position: 2, cells },
    ],
  };
  return tableExamples(table, wanted, options);
}

function rowsOf(bytes: Uint8Array): Rows {
  const rows: Rows = { labels: [], lines: [], ends: [], indices: [], values: [] };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${WHAT}: it is not UTF-8 text: save it as UTF-8, or split it if it is larger than 500 MB`);
  }
  for (let at = 0, number = 1; at < text.length; number++) {
    const next = text.indexOf('\n', at);
    const [line] = text.slice(at, next < 0 ? text.length : next).split('#', 1);
    at = next < 0 ? text.length : next + 1;
    const words = line.split(/\s+/).filter((word) => word !== '');
    if (words.length > 0) addRow(rows, words, number);
  }
  if (rows.labels.length === 0) throw new InputError(`${WHAT}: it holds no rows: give one example a line`);
  return rows;
}

function addRow(rows: Rows, [label, ...entries]: readonly string[], line: number): void {
  const value = cellValue(label, '.');
  if (Number.isNaN(value)) {
    throw new InputError(`${WHAT}: line ${line}: its label is ${show(label)}: it must be a number, such as 1 or -1`);
  }
  let last = -1;
  for (const entry of entries) {
    if (entry.startsWith('qid:')) continue;
    const [, index, number] = /^(\d{1,9}):(.*)$/.exec(entry) ?? [];
    const own = index === undefined ? Number.NaN : cellValue(number, '.');
    if (Number.isNaN(own)) {
      throw new InputError(`${WHAT}: line ${line} holds ${show(entry)}: entries are index:value, such as 3:0.5`);
    }
    if (Number(index) <= last) {
      throw new InputError(`${WHAT}: line ${line}: index ${index} follows ${last}: indices must rise`);
    }
    last = Number(index);
    rows.indices.push(last);
    rows.values.push(own);
  }
  rows.labels.push(value);
  rows.lines.push(line);
  rows.ends.push(rows.indices.length);
}

/** The rows with their zeros, as wide as those of training where these are known. */
function dense(
  { labels, lines, ends, indices, values }: Rows,
  known?: { width: number; from?: 0 | 1 | undefined },
): ListCells {
  let [least, most] = [Number.POSITIVE_INFINITY, -1];
  for (const index of indices) [least, most] = [Math.min(least, index), Math.max(most, index)];
  const from = known?.from ?? (least === 0 ? 0 : 1);
  const width = known?.width ?? most + 1 - from;
  if (width < 1) throw new InputError(`${WHAT}: no line has an entry such as 3:0.5: give what is not 0`);
  const rows = labels.length;
  if (rows * width > MOST_NUMBERS) {
    throw new InputError(
      `${WHAT}: ${rows} rows of ${width} numbers, zeros included, take more than 1 GiB: give fewer rows, or smaller indices`,
    );
  }
  const out = new Float64Array(rows * width);
  for (let row = 0, k = 0; row < rows; row++) {
    for (; k < ends[row]; k++) {
      const place = indices[k] - from;
      if (place < 0 || place >= width) {
        throw new InputError(
          `${WHAT}: line ${lines[row]}: index ${indices[k]} is beyond those of training, ${from} to ${width - 1 + from}: give data of that width`,
        );
      }
      out[row * width + place] = values[k];
    }
  }
  return { kind: 'list', values: out, width, from };
}
