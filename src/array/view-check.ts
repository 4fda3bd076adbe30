import { InputError, show } from '../errors.ts';
import type { AnyNumbers, View } from './matrix.ts';

/** Whether it is a typed array of numbers: BigInts are none. */
export function isNumbers(data: unknown): data is AnyNumbers {
  return (
    ArrayBuffer.isView(data) &&
    !(data instanceof DataView || data instanceof BigInt64Array || data instanceof BigUint64Array)
  );
}

/**
 * For callers without types: a forgotten await, nested arrays, a bare typed array, BigInts.
 * @throws InputError unless x is a view over a typed array of numbers; its shape remains to be checked.
 */
export function assertView(x: View<AnyNumbers>, name: string, columns: number | string = 'd'): void {
  if (!isNumbers(x?.data) || !Array.isArray(x.shape) || !Array.isArray(x.stride)) {
    throw new InputError(
      `${name}${Array.isArray(x?.shape) ? `.data is ${show(x.data)}` : ` is ${show(x)}`}: it must be an ndarray of shape (m, ${columns}) over a typed array, such as ndarray(new Float32Array(m * ${columns}), [m, ${columns}])`,
    );
  }
}
