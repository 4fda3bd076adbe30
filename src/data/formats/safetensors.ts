import type { AnyNumbers } from '../../array/matrix.ts';
import { typeOf } from '../../array/view-check.ts';
import { InputError, show } from '../../errors.ts';
import { assertBytes } from './bytes.ts';
import { kindOf, numbersFromBytes, writeNumbers } from './number-bytes.ts';
import { type Laid, safetensorsHead } from './safetensors-head.ts';
import { readEntries, readHeader, type SafetensorsType, safetensorsKinds } from './safetensors-header.ts';
import { elementCount, type Tensor } from './tensor.ts';

export type { SafetensorsType } from './safetensors-header.ts';

const what = 'safetensors file';

/** A tensor of a file: `dtype` is the file's; 16-bit floats are widened to float32, 64-bit integers to float64. */
export interface SafeTensor extends Tensor {
  /** The type in the file, such as F32; `data` has the array type it is read as. */
  readonly dtype: SafetensorsType;
}

/** What a .safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of the header. */
  readonly tensors: Map<string, SafeTensor>;
  /** The `__metadata__` of the header; {} where there is none. */
  readonly metadata: Record<string, string>;
}

/**
 * The tensors and the metadata of a .safetensors file. Numbers must be finite unless `nonFinite` is 'keep'.
 * Throws InputError on anything that the format forbids: a header longer than the file, not a JSON object, duplicate
 * keys, offsets out of range, gaps and overlaps, sizes other than the shape's; on headers above 10 MB (see `parseJson` for
 * what else they may not hold), more than 32 axes, and 8-bit floats.
 * Memory: at most 32 times the header, and twice the numbers.
 */
export function readSafetensors(bytes: Uint8Array, options: { nonFinite?: 'refuse' | 'keep' } = {}): Safetensors {
  assertBytes(bytes);
  const { header, start } = readHeader(bytes);
  const available = bytes.length - start;
  const { entries, metadata } = readEntries(header, available);
  const tensors = new Map<string, SafeTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const stored = bytes.subarray(start + begin, start + end);
    const data = numbersFromBytes(stored, safetensorsKinds[dtype], true, `tensor ${show(name)}`);
    const bad = options.nonFinite === 'keep' ? -1 : firstNonFinite(data);
    if (bad >= 0) {
      throw new InputError(
        `${what}: tensor ${show(name)} holds ${data[bad]} at index ${bad}: every number must be finite; repair the file`,
      );
    }
    tensors.set(name, { dtype, shape, data });
  }
  return { tensors, metadata };
}

/** Index of the first NaN or infinity, or −1. */
function firstNonFinite(data: AnyNumbers): number {
  if (!typeOf(data).startsWith('Float')) return -1;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/**
 * A .safetensors file of row-major tensors. The type is the typed array's: Float32Array is F32, Uint8Array U8, ….
 * The same content gives the same bytes: metadata keys are sorted, tensors go by item size (larger first, so that each
 * lies aligned), then by name; the header is padded with spaces so that the data begin at a multiple of 8 bytes.
 * Throws InputError where a shape does not fit its data, and on the reserved name __metadata__.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const laid = [...tensors].map(([name, { shape, data }]): Laid => {
    if (name === '__metadata__') throw new InputError('a tensor cannot be named __metadata__: the name is reserved');
    const count = elementCount(shape, `tensor ${show(name)}`);
    if (count !== data.length) {
      const asked = `its shape (${shape.join(', ')}) asks for ${count} numbers`;
      throw new InputError(`tensor ${show(name)}: ${asked}, its data hold ${data.length}`);
    }
    return { name, shape, kind: kindOf(data) };
  });
  const { head, order, length } = safetensorsHead(laid, metadata);
  const bytes = new Uint8Array(length);
  bytes.set(head);
  let offset = head.length;
  for (const name of order) {
    const { data } = tensors.get(name) as Tensor;
    writeNumbers(bytes, offset, data);
    offset += data.byteLength;
  }
  return bytes;
}
