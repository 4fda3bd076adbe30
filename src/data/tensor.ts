import { type AnyNumbers, matrix } from '../array/matrix.ts';
import { InputError, show } from '../errors.ts';
import type { Examples } from './examples.ts';

/** Numbers of any rank in row-major order, as array files hold them. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: AnyNumbers;
}

const LIMIT_RANK = 32; // NumPy's own before version 2

/** (2, 3) for a message: the first eight extents, whatever a file gives for them. */
function shapeText(shape: readonly unknown[]): string {
  return `(${shape.slice(0, 8).map(show).join(', ')}${shape.length > 8 ? ', …' : ''})`;
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

/**
 * The first axis counts examples: (m) gives (m, 1), (m, d) is taken as it is, (m, height, width) are grey images,
 * (m, height, width, 1 or 3) images with channels. Unsigned bytes get the unit 255, all other types 1.
 * Throws InputError for other ranks and for tensors without elements.
 */
export function tensorExamples(tensor: Tensor, what: string): Examples {
  const { shape, data } = tensor;
  const shown = shapeText(shape);
  const count = elementCount(shape, what);
  if (count !== data.length) {
    throw new InputError(`${what}: its shape ${shown} asks for ${count} numbers, it holds ${data.length}`);
  }
  if (shape.length < 1 || shape.length > 4 || (shape.length === 4 && shape[3] !== 1 && shape[3] !== 3)) {
    const allowed = '(m), (m, d), (m, height, width), (m, height, width, 1 or 3)';
    throw new InputError(`${what}: its shape is ${shown}: allowed are ${allowed}, an example a row; reshape it`);
  }
  if (count === 0) throw new InputError(`${what}: its shape is ${shown}: there are no examples in it`);
  const unit = data instanceof Uint8Array || data instanceof Uint8ClampedArray ? 255 : 1;
  const x = matrix(data, shape[0], count / shape[0]);
  if (shape.length < 3) return { x, unit };
  return { x, unit, image: { height: shape[1], width: shape[2], channels: shape[3] ?? 1 } };
}
