import type { AnyNumbers, TypedNumbers } from '../../array/numbers.ts';
import { InputError, show } from '../../errors.ts';
import type { NumberKind } from './number-bytes.ts';

/** Numbers of any rank in row-major order, as array files hold them; floats of two bytes are widened unless `D` says they are not. */
export interface Tensor<D extends AnyNumbers = TypedNumbers> {
  /** Extents, the slowest axis first; [] is a single number. */
  readonly shape: readonly number[];
  /** As many numbers as the product of the shape. */
  readonly data: D;
}

const LIMIT_RANK = 32; // NumPy's own before version 2

/** (2, 3) for a message: the first eight extents, whatever a file gives for them. */
export function shapeText(shape: readonly unknown[]): string {
  return `(${shape.slice(0, 8).map(show).join(', ')}${shape.length > 8 ? ', …' : ''})`;
}

/** Where a file's numbers lie: row-major from byte `start` to the last. */
export interface StoredTensor {
  readonly kind: NumberKind;
  readonly isBoolean: boolean;
  readonly littleEndian: boolean;
  readonly shape: readonly number[];
  readonly start: number;
}

/** Product of a shape's extents. Throws InputError unless all are integers >= 0, at most 32, their product below 2⁵³. */
export function elementCount(shape: readonly unknown[], what: string): number {
  if (shape.length > LIMIT_RANK) {
    throw new InputError(
      `${what}: its shape ${shapeText(shape)} has ${shape.length} axes: at most ${LIMIT_RANK} are allowed`,
    );
  }
  // Each by itself before they are multiplied: a file may give an object for an extent, which no product takes.
  const sound = shape.every((extent) => Number.isSafeInteger(extent) && (extent as number) >= 0);
  const count = sound ? (shape as readonly number[]).reduce((product, extent) => product * extent, 1) : NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new InputError(
    `${what}: its shape is ${shapeText(shape)}: extents must be integers >= 0 whose product is below 2^53`,
  );
}
