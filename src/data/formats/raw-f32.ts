import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { type ArrayOptions, tensorExamples } from './array-examples.ts';
import { assertBytes } from './bytes.ts';
import { parseJson } from './json.ts';
import { itemBytes, type NumberKind, numbersFromBytes } from './number-bytes.ts';
import { elementCount, type StoredTensor } from './tensor.ts';

const what = 'raw numbers';

const kinds = new Map<unknown, NumberKind>([
  ['float32', 'f4'],
  ['float64', 'f8'],
  ['uint8', 'u1'],
]);

/**
 * Bare numbers, row-major, described by a JSON text beside them: {"dtype": "float32" | "float64" | "uint8",
 * "shape": [m, …], "endianness": "little" (the default) | "big"}; further keys are ignored.
 * Throws InputError on a description that is not so, and on a length other than the shape asks for.
 * Memory: at most the numbers once more, twice where `axes` put them in another order.
 */
export function rawExamples(bytes: Uint8Array, description: string, options: ArrayOptions = {}): Examples {
  assertBytes(bytes);
  const { kind, littleEndian, shape } = storedRaw(bytes.length, description);
  return tensorExamples({ shape, data: numbersFromBytes(bytes, kind, littleEndian, what) }, what, options);
}

/** Where the numbers lie in a raw file of `size` bytes. Throws InputError as `rawExamples` does. */
export function storedRaw(size: number, description: string): StoredTensor {
  const parsed = parseJson(description, `${what}: the description beside them`);
  const { dtype, shape, endianness = 'little' } = (parsed ?? {}) as Record<string, unknown>;
  const kind = kinds.get(dtype);
  if (!kind) {
    throw new InputError(`${what}: dtype is ${show(dtype)}: allowed are "float32", "float64", "uint8"`);
  }
  if (endianness !== 'little' && endianness !== 'big') {
    throw new InputError(`${what}: endianness is ${show(endianness)}: allowed are "little", "big"`);
  }
  if (!Array.isArray(shape)) {
    throw new InputError(`${what}: shape is ${show(shape)}: it must be a list of integers such as [10, 512, 512]`);
  }
  const wanted = elementCount(shape, what) * itemBytes[kind];
  if (size !== wanted) {
    const given = `the file has ${size} bytes, the shape (${shape.join(', ')}) asks for ${wanted}`;
    throw new InputError(`${what}: ${given}; it was cut, or its description is another file's`);
  }
  return { kind, isBoolean: false, littleEndian: endianness === 'little', shape, start: 0 };
}
