import type { ByteSource } from './byte-source.ts';
import { assertSize, readHeader } from './npy.ts';
import { rowMajor, type StoredNumbers } from './stored-numbers.ts';

const HEAD = 10_012; // the longest header that is read, and what stands before it

/** The array of a NumPy .npy file where it lies: the header alone is read. Throws InputError as `readNpy` does. */
export async function openNpy(source: ByteSource): Promise<StoredNumbers> {
  const { header, start } = readHeader(await source.read(0, Math.min(source.size, HEAD)));
  assertSize(header, start, source.size);
  const { kind, littleEndian, shape, fortran } = header;
  const stride = fortran ? rowMajor([...shape].reverse()).reverse() : rowMajor(shape);
  return { source, begin: start, kind, littleEndian, shape, stride };
}
