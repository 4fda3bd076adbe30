import type { ByteSource } from '../../data/formats/byte-source.ts';
import { itemBytes } from '../../data/formats/number-bytes.ts';
import type { StoredNumbers } from '../../data/formats/stored-numbers.ts';
import { InputError, show } from '../../errors.ts';
import type { Pickled, PickledTensor } from './pickled.ts';

export const LIMIT_PICKLE = 2 ** 22; // bytes: names and shapes, no numbers
const what = 'PyTorch file';

/** What a file of torch.save holds, and where a tensor of it lies. */
export interface PytorchFile {
  readonly content: Pickled;
  /** Throws InputError where its storage is missing, or does not reach as far as the tensor does. */
  numbersOf(tensor: PickledTensor, name: string): Promise<StoredNumbers>;
}

export function missing(name: string, key: string): InputError {
  return new InputError(
    `${what}: tensor ${show(name)} lies in storage ${show(key)}, which is missing: the file is damaged`,
  );
}

export function tooShort(name: string, wanted: number, found: number): InputError {
  return new InputError(
    `${what}: tensor ${show(name)} lies in a storage of ${wanted} bytes, ${found} are there: it was cut`,
  );
}

/** A tensor over the bytes of its storage. Throws InputError unless it lies within, and has no more numbers than are there. */
export function tensorAt(
  { storage, offset, shape, stride }: PickledTensor,
  source: ByteSource,
  begin: number,
  littleEndian: boolean,
  name: string,
): StoredNumbers {
  const size = itemBytes[storage.kind];
  const count = shape.reduce((product, extent) => product * extent, 1);
  const last = shape.reduce((sum, extent, axis) => sum + (extent - 1) * stride[axis], offset);
  if (count !== 0 && !(last < storage.length && count <= storage.length)) {
    throw new InputError(
      `${what}: tensor ${show(name)} reaches beyond its storage of ${storage.length} numbers, or repeats them: write it as tensor.contiguous()`,
    );
  }
  return { source, begin: begin + offset * size, kind: storage.kind, littleEndian, shape, stride };
}
