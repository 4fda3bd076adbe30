import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { type ArrayOptions, tensorExamples } from './array-examples.ts';
import { assertBytes } from './bytes.ts';
import { itemBytes, type NumberKind, numbersFromBytes } from './number-bytes.ts';
import { elementCount, type StoredTensor, type Tensor } from './tensor.ts';

// Two zero bytes, type, rank, big-endian extents. [LeCun, Cortes & Burges, "The MNIST database", "File formats"]
const kinds: Readonly<Record<number, NumberKind>> = {
  8: 'u1',
  9: 'i1',
  11: 'i2',
  12: 'i4',
  13: 'f4',
  14: 'f8',
};

/** Whether the bytes begin as an IDX file: 0, 0, a known type code, a rank from 1 to 8. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] in kinds && bytes[3] >= 1 && bytes[3] <= 8;
}

/**
 * The array in an IDX file, of any of its six types, big-endian.
 * Throws InputError on a wrong magic number, a cut header, and a length other than the shape asks for.
 * Memory: at most the file once more.
 */
export function readIdx(bytes: Uint8Array): Tensor {
  return read(bytes, 'copy');
}

/** Where the numbers lie in an IDX file of `size` bytes that begins with `head`. Throws InputError as `readIdx` does. */
export function storedIdx(head: Uint8Array, size = head.length): StoredTensor {
  if (head.length < 4) throw new InputError(`IDX file: it has ${head.length} bytes, the magic number alone takes 4`);
  if (!isIdx(head)) {
    const magic = Array.from(head.subarray(0, 4), (b) => b.toString(16).padStart(2, '0')).join(' ');
    throw new InputError(
      `IDX file: its first bytes are ${magic}: allowed are 00 00, a type (08, 09, 0b to 0e) and a rank from 1 to 8`,
    );
  }
  const kind = kinds[head[2]];
  const rank = head[3];
  const start = 4 + 4 * rank;
  if (head.length < start) {
    throw new InputError(`IDX file: it ends within its header: ${head.length} bytes of ${start}; fetch it again`);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const wanted = start + elementCount(shape, 'IDX file') * itemBytes[kind];
  if (size !== wanted) {
    const given = `it has ${size} bytes, its shape (${shape.join(', ')}) asks for ${wanted}`;
    throw new InputError(`IDX file: ${given}; it was cut or is damaged: fetch it again`);
  }
  return { kind, isBoolean: false, littleEndian: false, shape, start };
}

function read(bytes: Uint8Array, unsigned: 'copy' | 'share'): Tensor {
  assertBytes(bytes);
  const { kind, shape, start } = storedIdx(bytes);
  const numbers = bytes.subarray(start);
  return {
    shape,
    data: unsigned === 'share' && kind === 'u1' ? numbers : numbersFromBytes(numbers, kind, false, 'IDX file'),
  };
}

/**
 * An IDX file as examples, an example for each index of its first axis unless `axes` say otherwise (see
 * `tensorExamples`). Unsigned bytes are not copied: the examples share the file's storage.
 */
export function idxExamples(bytes: Uint8Array, options: ArrayOptions = {}): Examples {
  return tensorExamples(read(bytes, 'share'), 'IDX file', options);
}
