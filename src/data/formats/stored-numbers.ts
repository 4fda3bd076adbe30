import type { NumberBlock } from '../../array/number-block.ts';
import { InputError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { itemBytes, type NumberKind, numbersFromBytes } from './number-bytes.ts';
import { shapeText } from './tensor.ts';

/** Numbers of a file where they lie: element (i, j) is at i·stride₀ + j·stride₁ from `begin` on. */
export interface StoredNumbers {
  readonly source: ByteSource;
  /** Of the first one, in bytes. */
  readonly begin: number;
  readonly kind: NumberKind;
  readonly littleEndian: boolean;
  readonly shape: readonly number[];
  /** In elements, at least 0. */
  readonly stride: readonly number[];
}

const PIECE = 2 ** 18; // numbers read at a time
const LIMIT_SPAN = 2 ** 28; // bytes of a matrix that lies in no order

/** The strides of a row-major array. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides.unshift(step);
    step *= shape[axis];
  }
  return strides;
}

/** How many numbers there are. */
export function countOf({ shape }: Pick<StoredNumbers, 'shape'>): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The matrix with rows for columns: nothing is moved. */
export function turned(stored: StoredNumbers): StoredNumbers {
  return { ...stored, shape: [...stored.shape].reverse(), stride: [...stored.stride].reverse() };
}

/** The same as a matrix: a vector is one column; axes of one are left out of what has more than two. */
function asMatrix({ shape, stride }: StoredNumbers): { shape: number[]; stride: number[] } {
  const axes = shape.map((extent, axis) => ({ extent, step: stride[axis] }));
  const kept = axes.length > 2 ? axes.filter(({ extent }) => extent !== 1) : axes;
  while (kept.length < 2) kept.push({ extent: 1, step: 1 });
  return { shape: kept.map(({ extent }) => extent), stride: kept.map(({ step }) => step) };
}

/**
 * The numbers, a few rows or columns at a time, in the order in which they lie. A vector is a matrix of one column. 16-bit floats
 * widen to float32. Throws InputError on more than two axes, and where they lie in no order and far apart.
 * Memory: 1 MiB, or a row or column; 256 MiB where they lie in no order.
 */
export async function* blocksOf(stored: StoredNumbers, what: string): AsyncGenerator<NumberBlock> {
  const { shape, stride } = asMatrix(stored);
  if (shape.length > 2)
    throw new InputError(`${what} has the shape ${shapeText(stored.shape)}: it must be a matrix or a vector`);
  const [rows, columns] = shape;
  if (rows * columns === 0) return;
  const isRowMajor = (stride[1] === 1 || columns === 1) && (stride[0] === columns || rows === 1);
  const isColumnMajor = (stride[0] === 1 || rows === 1) && (stride[1] === rows || columns === 1);
  if (!isRowMajor && !isColumnMajor) {
    yield { values: await gathered(stored, shape, stride, what), row: 0, column: 0, rows, columns, byColumn: false };
    return;
  }
  const [lines, length] = isRowMajor ? [rows, columns] : [columns, rows];
  const most = Math.max(1, Math.floor(PIECE / length));
  for (let line = 0; line < lines; line += most) {
    const end = Math.min(lines, line + most);
    const values = await numbersAt(stored, line * length, end * length, what);
    yield isRowMajor
      ? { values, row: line, column: 0, rows: end - line, columns, byColumn: false }
      : { values, row: 0, column: line, rows, columns: end - line, byColumn: true };
  }
}

/** All of them in row-major order, as float64. */
export async function valuesOf(stored: StoredNumbers, what: string): Promise<Float64Array> {
  const out = new Float64Array(countOf(stored));
  const columnsInAll = asMatrix(stored).shape[1];
  for await (const { values, row, column, rows, columns, byColumn } of blocksOf(stored, what)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        out[(row + i) * columnsInAll + column + j] = values[byColumn ? j * rows + i : i * columns + j];
      }
    }
  }
  return out;
}

/** Elements begin … end−1 of those that lie one after another. */
async function numbersAt(
  { source, begin, kind, littleEndian }: StoredNumbers,
  first: number,
  end: number,
  what: string,
) {
  const size = itemBytes[kind];
  return numbersFromBytes(await source.read(begin + first * size, begin + end * size), kind, littleEndian, what);
}

/** A matrix that lies in no order: a part of a wider one, a diagonal. */
async function gathered(stored: StoredNumbers, [rows, columns]: number[], [down, right]: number[], what: string) {
  const span = (rows - 1) * down + (columns - 1) * right + 1;
  if (span * itemBytes[stored.kind] > LIMIT_SPAN) {
    throw new InputError(`${what} is spread over ${span} numbers of its file: write it as tensor.contiguous()`);
  }
  const all = await numbersAt(stored, 0, span, what);
  const out = new Float64Array(rows * columns);
  for (let i = 0, q = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[q++] = all[i * down + j * right];
  return out;
}
