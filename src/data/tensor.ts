import { type AnyNumbers, matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Examples } from './examples.ts';

/** Numbers of any rank in row-major order, as array files hold them. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: AnyNumbers;
}

/** Product of a shape's extents. Throws InputError unless all are integers >= 0 and the product is below 2⁵³. */
export function elementCount(shape: readonly unknown[], what: string): number {
  let count = 1;
  let sound = true;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || (extent as number) < 0) sound = false;
    count *= extent as number;
  }
  if (!sound || !Number.isSafeInteger(count)) {
    throw new InputError(
      `${what}: its shape is (${shape.join(', ')}): extents must be integers >= 0 whose product is below 2^53`,
    );
  }
  return count;
}

/**
 * The first axis counts examples: (m) gives (m, 1), (m, d) is taken as it is, (m, height, width) are grey images,
 * (m, height, width, 1 or 3) images with channels. Unsigned bytes get the unit 255, all other types 1.
 * Throws InputError for other ranks and for tensors without elements.
 */
export function tensorExamples(tensor: Tensor, what: string): Examples {
  const { shape, data } = tensor;
  const shown = `(${shape.join(', ')})`;
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
