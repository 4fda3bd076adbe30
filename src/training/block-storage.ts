import { type AnyNumbers, matrix, toFlat, type View } from '../array/matrix.ts';
import { typeOf } from '../array/type-of.ts';
import { assertView } from '../array/view-check.ts';
import { InputError, show } from '../errors.ts';

/** Holds the blocks of a source to its contract: shape, type and unit at each, and storage that is not in use. */
export class BlockStorage {
  private first: { readonly type: string; readonly original: WeakRef<ArrayBufferLike>; readonly from: Range } | null =
    null;
  private second = false;
  /** The source writes each block where the one before lies: what it gives is copied at once. */
  private reused = false;
  private readonly single: boolean;

  /** `single`: there is one block, so that nothing can take its place. */
  constructor(single: boolean) {
    this.single = single;
  }

  /**
   * The block as it may be kept while the next one is read: a copy of the first, from which the second shows whether the
   * source uses its storage again, and of all where it does. `held` is in use; `asked` says which rows it should be.
   * @throws InputError for a block that is not as the contract says.
   */
  keep(
    x: View<AnyNumbers>,
    [rows, d]: readonly [number, number],
    asked: string,
    held?: View<AnyNumbers>,
  ): View<AnyNumbers> {
    if (x?.shape?.length !== 2 || x.shape[0] !== rows || x.shape[1] !== d) {
      const given = `the source gave ${x?.shape ? `(${x.shape.join(', ')})` : show(x)} ${asked}`;
      throw new InputError(`${given}: it must be (${rows}, ${d}), as its shape says`);
    }
    assertView(x, `the block ${asked}`, d);
    const type = `${typeOf(x.data)} with unit ${x.unit ?? 1}`;
    if (this.first === null) {
      this.first = { type, original: new WeakRef(x.data.buffer), from: rangeOf(x) };
      return this.single ? x : copyOf(x);
    }
    if (type !== this.first.type) {
      throw new InputError(
        `the source gave ${type} ${asked}, and ${this.first.type} before: every block must have the same type and unit`,
      );
    }
    if (!this.second) {
      this.second = true;
      this.reused = this.first.original.deref() === x.data.buffer && overlap(this.first.from, rangeOf(x));
    }
    if (this.reused) return copyOf(x);
    if (held !== undefined && held.data.buffer === x.data.buffer && overlap(rangeOf(held), rangeOf(x))) {
      throw new InputError(
        `the source gave the storage of the block before again ${asked}, which is still in use: it may use again that of the view old alone`,
      );
    }
    return x;
  }
}

/** Bytes of a buffer. */
type Range = readonly [begin: number, end: number];

function rangeOf({ data, shape, stride, offset }: View<AnyNumbers>): Range {
  const far = shape.map((n, axis) => stride[axis] * (n - 1));
  const low = offset + far.reduce((sum, step) => sum + Math.min(0, step), 0);
  const high = offset + far.reduce((sum, step) => sum + Math.max(0, step), 0);
  return [low, high + 1].map((at) => data.byteOffset + at * data.BYTES_PER_ELEMENT) as unknown as Range;
}

function overlap([a, b]: Range, [c, d]: Range): boolean {
  return a < d && c < b;
}

function copyOf(x: View<AnyNumbers>): View<AnyNumbers> {
  const { shape, unit } = x;
  return Object.assign(matrix(toFlat(x), shape[0], shape[1]), unit === undefined ? {} : { unit });
}
