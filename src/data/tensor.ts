import { type AnyNumbers, matrix } from '../array/matrix.ts';
import { InputError, show } from '../errors.ts';
import type { Examples, ImageShape } from './examples.ts';
import type { NumberKind } from './number-bytes.ts';

/** Numbers of any rank in row-major order, as array files hold them. */
export interface Tensor {
  /** Extents, the slowest axis first; [] is a single number. */
  readonly shape: readonly number[];
  /** As many numbers as the product of the shape. */
  readonly data: AnyNumbers;
}

const LIMIT_RANK = 32; // NumPy's own before version 2

/** (2, 3) for a message: the first eight extents, whatever a file gives for them. */
function shapeText(shape: readonly unknown[]): string {
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

/** Columns of an example, and the shape of one that is an image. */
export interface ExampleShape {
  readonly columns: number;
  readonly image?: ImageShape;
}

/**
 * What the axes of a tensor mean. The first counts examples: (m) gives (m, 1), (m, d) is taken as it is,
 * (m, height, width) are grey images, (m, height, width, 1 or 3) images with channels. Throws InputError for other ranks.
 */
export function exampleShape(shape: readonly number[], what: string): ExampleShape {
  if (shape.length < 1 || shape.length > 4 || (shape.length === 4 && shape[3] !== 1 && shape[3] !== 3)) {
    const allowed = '(m), (m, d), (m, height, width), (m, height, width, 1 or 3)';
    throw new InputError(
      `${what}: its shape is (${shape.join(', ')}): allowed are ${allowed}, an example a row; reshape it`,
    );
  }
  const columns = elementCount(shape.slice(1), what);
  if (shape.length < 3) return { columns };
  return { columns, image: { height: shape[1], width: shape[2], channels: shape[3] ?? 1 } };
}

/**
 * A tensor as examples: see `exampleShape`. Unsigned bytes get the unit 255, all other types 1.
 * Throws InputError for other ranks and for tensors without elements.
 */
export function tensorExamples(tensor: Tensor, what: string): Examples {
  const { shape, data } = tensor;
  const shown = shapeText(shape);
  const count = elementCount(shape, what);
  if (count !== data.length) {
    throw new InputError(`${what}: its shape ${shown} asks for ${count} numbers, it holds ${data.length}`);
  }
  const { columns, image } = exampleShape(shape, what);
  if (count === 0) throw new InputError(`${what}: its shape is ${shown}: there are no examples in it`);
  const unit = data instanceof Uint8Array || data instanceof Uint8ClampedArray ? 255 : 1;
  return { x: matrix(data, shape[0], columns), unit, ...(image ? { image } : {}) };
}
