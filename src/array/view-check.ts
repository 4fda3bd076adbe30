import { InputError, show } from '../errors.ts';
import type { AnyNumbers, View } from './matrix.ts';

/**
 * For callers without types: a forgotten await, nested arrays, a bare typed array, BigInts.
 * @throws InputError unless x is a view over a typed array of numbers; its shape remains to be checked.
 */
export function assertView(x: View<AnyNumbers>, name: string, columns: number | string = 'd'): void {
  if (
    !ArrayBuffer.isView(x?.data) ||
    !Array.isArray(x.shape) ||
    !Array.isArray(x.stride) ||
    x.data instanceof DataView ||
    typeof (x.data as ArrayLike<unknown>)[0] === 'bigint'
  ) {
    throw new InputError(
      `${name}${Array.isArray(x?.shape) ? `.data is ${show(x.data)}` : ` is ${show(x)}`}: it must be an ndarray of shape (m, ${columns}) over a typed array, such as ndarray(new Float32Array(m * ${columns}), [m, ${columns}])`,
    );
  }
}
