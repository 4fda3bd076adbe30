import type { NdArray, TypedArray } from 'ndarray';
import { type AnyNumbers, elementsOf, numberAt } from './numbers.ts';

/**
 * What `ndarray` gives, fields and methods alike, without the code that it compiles from strings: for pages, extensions
 * and runtimes that forbid that. Element (i, j, …) is data[offset + i·stride[0] + j·stride[1] + …].
 * [github.com/scijs/ndarray, whose methods these are]
 */
class StridedArray<D extends AnyNumbers> {
  readonly data: D;
  readonly shape: number[];
  readonly stride: number[];
  readonly offset: number;

  constructor(data: D, shape: readonly number[], stride: readonly number[], offset: number) {
    this.data = data;
    this.shape = [...shape];
    this.stride = [...stride];
    this.offset = offset;
  }

  /** "float32", as ndarray names the types; "generic" of what it does not know. */
  get dtype(): string {
    if (elementsOf(this.data) !== this.data) return 'generic';
    const name = Object.prototype.toString.call(this.data).slice('[object '.length, -'Array]'.length);
    return name === 'Uint8Clamped' ? 'uint8_clamped' : name.toLowerCase();
  }

  get dimension(): number {
    return this.shape.length;
  }

  get size(): number {
    return this.shape.reduce((product, n) => product * n, 1);
  }

  /** The axes, the one of the least stride first. */
  get order(): number[] {
    const far = this.stride.map(Math.abs);
    return far.map((_, axis) => axis).sort((a, b) => far[a] - far[b]);
  }

  get(i = 0, j = 0, ...more: number[]): number {
    const { data, stride, offset } = this;
    if (stride.length === 2) return numberAt(data, offset + stride[0] * i + stride[1] * j);
    return numberAt(data, this.index(i, j, ...more));
  }

  set(...args: number[]): number {
    const value = args[this.dimension];
    elementsOf(this.data)[this.index(...args)] = value;
    return value;
  }

  /** Of rank 0, the number. */
  valueOf(): unknown {
    return this.dimension === 0 ? this.get() : this;
  }

  index(...at: number[]): number {
    return this.stride.reduce((p, step, axis) => p + step * at[axis], this.offset);
  }

  /** The first elements of each axis, where a number is given. */
  hi(...lengths: (number | null)[]): StridedArray<D> {
    const shape = this.shape.map((n, axis) => (counts(lengths[axis]) ? Math.trunc(lengths[axis]) : n));
    return new StridedArray(this.data, shape, this.stride, this.offset);
  }

  /** Without the first elements of each axis. */
  lo(...starts: (number | null)[]): StridedArray<D> {
    const skipped = this.shape.map((_, axis) => (counts(starts[axis]) ? Math.trunc(starts[axis]) : 0));
    const shape = this.shape.map((n, axis) => n - skipped[axis]);
    return new StridedArray(this.data, shape, this.stride, this.index(...skipped));
  }

  /** Every so manieth element of each axis, from the end where the number is negative. */
  step(...steps: (number | null)[]): StridedArray<D> {
    const { data, shape, stride } = this;
    const by = shape.map((_, axis) => (typeof steps[axis] === 'number' ? Math.trunc(steps[axis]) : 1));
    const offset = this.index(...shape.map((n, axis) => (by[axis] < 0 ? n - 1 : 0)));
    const left = shape.map((n, axis) => (typeof steps[axis] === 'number' ? Math.ceil(n / Math.abs(by[axis])) : n));
    return new StridedArray(
      data,
      left,
      stride.map((s, axis) => s * by[axis]),
      offset,
    );
  }

  /** The axes in another order. */
  transpose(...axes: number[]): StridedArray<D> {
    const { data, shape, stride, offset } = this;
    const from = shape.map((_, axis) => axes[axis] ?? axis);
    return new StridedArray(
      data,
      from.map((axis) => shape[axis]),
      from.map((axis) => stride[axis]),
      offset,
    );
  }

  /** Without the axes for which an index is given, at that index. */
  pick(...at: (number | null)[]): StridedArray<D> {
    const { data, shape, stride } = this;
    const kept = shape.map((_, axis) => axis).filter((axis) => !counts(at[axis]));
    const offset = this.index(...shape.map((_, axis) => (counts(at[axis]) ? at[axis] : 0)));
    return new StridedArray(
      data,
      kept.map((axis) => shape[axis]),
      kept.map((axis) => stride[axis]),
      offset,
    );
  }
}

/** What `lo`, `hi` and `pick` take for a number rather than for "all of it". */
function counts(given: number | null | undefined): given is number {
  return typeof given === 'number' && given >= 0;
}

/** As `ndarray(data, shape, stride, offset)`. */
export function strided<D extends AnyNumbers>(
  data: D,
  shape: readonly number[],
  stride: readonly number[],
  offset: number,
): NdArray<D> {
  return new StridedArray(data, shape, stride, offset) as unknown as NdArray<D>;
}

/** Σ of all elements, in row-major order; of at most two axes. */
export function sumOf({ data, shape, stride, offset }: NdArray<TypedArray>): number {
  const [rows, columns] = shape.length === 2 ? shape : [1, shape[0] ?? 1];
  const [down, along] = shape.length === 2 ? stride : [0, stride[0] ?? 1];
  let total = 0;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) total += data[offset + i * down + j * along];
  return total;
}
