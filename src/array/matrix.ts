import type { NdArray } from 'ndarray';
import { InputError, show } from '../errors.ts';
import { ndarray } from './ndarray.ts';
import { type AnyNumbers, elementsOf, numberAt, storageLike, type TypedNumbers } from './numbers.ts';

export type { AnyNumbers, TypedNumbers } from './numbers.ts';

/** The two precisions that the engine computes in. */
export type Precision = 'float32' | 'float64';
/** Storage of the engine's own matrices and vectors. */
export type Numbers = Float32Array | Float64Array;
/** Storage of kernels: a typed array, or a GPU's buffer. Only its kernels look inside. */
export interface Block {
  /** Of its elements. */
  readonly length: number;
}

/**
 * A strided view: element (i, j) sits at data[offset + i·stride[0] + j·stride[1]].
 * Structurally an ndarray, so a transpose is a view and nothing is copied. Callers' views lie over typed arrays, those of
 * the engine over whatever its kernels allocate.
 * unit: what examples are divided by when they are read, > 0, default 1: bytes with the unit 255 are numbers in [0, 1].
 * Only examples have one; ndarray's own `get` does not know it.
 */
export interface View<D extends Block = Block> {
  /** Elements, at strides: not necessarily one after another. */
  readonly data: D;
  /** (m, d), an example a row; (n) for a vector. */
  readonly shape: readonly number[];
  /** How far apart in `data` neighbours along each axis lie. */
  readonly stride: readonly number[];
  /** Index in `data` of the first element. */
  readonly offset: number;
  /** What examples are divided by when they are read, > 0: 255 makes bytes numbers in [0, 1]. Default 1. */
  readonly unit?: number | undefined;
}

/** An ndarray of rank 2; rows are examples (or features), columns are coordinates. */
export type Matrix<D extends AnyNumbers = Numbers> = NdArray<D>;
/** An ndarray of rank 1. */
export type Vector<D extends AnyNumbers = Numbers> = NdArray<D>;

/** Whether a value is still finite when it is stored in the precision. */
export function isFiniteIn(precision: Precision, value: number): boolean {
  return Number.isFinite(precision === 'float32' ? Math.fround(value) : value);
}

/** A zeroed typed array of the precision. */
export function zeros(length: number, precision: Precision): Numbers {
  return precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

/** A (rows, columns) row-major matrix over `data`, starting at `offset`. Nothing is copied. */
export function matrix<D extends AnyNumbers>(data: D, rows: number, columns: number, offset = 0): Matrix<D> {
  return ndarray(data, [rows, columns], [columns, 1], offset);
}

/** A vector of `length` elements over `data`, starting at `offset`. Nothing is copied. */
export function vector<D extends AnyNumbers>(data: D, length: number = data.length, offset = 0): Vector<D> {
  return ndarray(data, [length], [1], offset);
}

/** One number of `data`, as an ndarray of rank 0: its `get()` takes no index. */
export function scalar<D extends AnyNumbers>(data: D, offset = 0): Vector<D> {
  return ndarray(data, [], [], offset);
}

/** The same as a plain view, over a block of any kind: `data` is not looked into. */
export function matrixView<D extends Block>(data: D, rows: number, columns: number, offset = 0): View<D> {
  return { data, shape: [rows, columns], stride: [columns, 1], offset };
}

/** A vector of `length` elements as a plain view, over a block of any kind. */
export function vectorView<D extends Block>(data: D, length: number = data.length, offset = 0): View<D> {
  return { data, shape: [length], stride: [1], offset };
}

/** The (columns, rows) view of the same elements. */
export function transposed<D extends Block>({ data, shape, stride, offset }: View<D>): View<D> {
  return { data, shape: [shape[1], shape[0]], stride: [stride[1], stride[0]], offset };
}

/** Rows begin … end−1 as a view, of the same unit. */
export function rowRange<D extends AnyNumbers>(m: Matrix<D>, begin: number, end: number): Matrix<D>;
export function rowRange<D extends AnyNumbers>(m: View<D>, begin: number, end: number): View<D>;
export function rowRange({ data, shape, stride, offset, unit }: View<AnyNumbers>, begin: number, end: number) {
  const rows = ndarray(data, [end - begin, shape[1]], [...stride], offset + begin * stride[0]);
  return unit === undefined ? rows : Object.assign(rows, { unit });
}

/**
 * The elements in row-major order: as they are stored, in a new typed array of the view's own type; or, divided by the
 * unit where the view has one, in `out`.
 */
export function toFlat<D extends AnyNumbers>(view: View<D>): D;
export function toFlat<O extends TypedNumbers>(view: View<AnyNumbers>, out: O): O;
export function toFlat(view: View<AnyNumbers>, out?: TypedNumbers): AnyNumbers {
  const { data, shape, stride, offset } = view;
  const unit = out === undefined ? 1 : (view.unit ?? 1);
  const rows = shape.length === 2 ? shape[0] : 1;
  const columns = shape.length === 0 ? 1 : shape[shape.length - 1];
  const rowStride = shape.length === 2 ? stride[0] : 0;
  const columnStride = stride.length === 0 ? 1 : stride[stride.length - 1];
  const flat = out ?? storageLike(data, rows * columns);
  // Words are copied as they are; numbers are what they stand for.
  const from = out === undefined || holdsNumbers(data) ? elementsOf(data) : null;
  const to = elementsOf(flat);
  if (from !== null && unit === 1 && columnStride === 1 && (rows < 2 || rowStride === columns)) {
    to.set(from.subarray(offset, offset + rows * columns));
    return flat;
  }
  for (let i = 0, q = 0; i < rows; i++) {
    for (let j = 0, p = offset + i * rowStride; j < columns; j++, p += columnStride) {
      to[q++] = (from === null ? numberAt(data, p) : from[p]) / unit;
    }
  }
  return flat;
}

/**
 * The view itself where its elements are its values: no unit, no floats of two bytes. Otherwise its values, each element /
 * unit, in a new matrix of the precision.
 */
export function asValues(view: View<AnyNumbers>, precision: Precision): View<TypedNumbers> {
  if (holdsValues(view)) return view;
  const [rows, columns] = view.shape;
  return matrix(toFlat(view, zeros(rows * columns, precision)), rows, columns);
}

/** Whether what is stored are the values themselves. */
export function holdsValues(view: View<AnyNumbers>): view is View<TypedNumbers> {
  return view.unit === undefined && holdsNumbers(view.data);
}

function holdsNumbers(data: AnyNumbers): data is TypedNumbers {
  return elementsOf(data) === data;
}

/**
 * A row-major matrix from nested rows: for tests, examples and small data.
 * @throws InputError where rows differ in length, or hold what is no number, such as null or a text.
 */
export function fromRows(rows: readonly ArrayLike<number>[], precision: Precision = 'float64'): Matrix {
  const columns = rows[0]?.length ?? 0;
  const data = zeros(rows.length * columns, precision);
  // A copy, as forEach passes over holes.
  Array.from(rows).forEach((row, i) => {
    if (row?.length !== columns) {
      throw new InputError(`row ${i} is ${show(row)}: it must be a list of ${columns} numbers`);
    }
    for (let j = 0; j < columns; j++) {
      const value = row[j]; // undefined in a hole
      if (typeof value !== 'number')
        throw new InputError(`row ${i}, column ${j} is ${show(value)}: it must be a number`);
      data[i * columns + j] = value;
    }
  });
  return matrix(data, rows.length, columns);
}
