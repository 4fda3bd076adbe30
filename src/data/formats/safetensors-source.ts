import { type ByteSource, byteSource } from './byte-source.ts';
import { readEntries, readHeader, type SafetensorsType, safetensorsKinds } from './safetensors-header.ts';
import { rowMajor, type StoredNumbers } from './stored-numbers.ts';

/** A tensor of a .safetensors file where it lies. */
export interface StoredSafetensor extends StoredNumbers {
  readonly dtype: SafetensorsType;
}

/**
 * What a .safetensors file holds, of which the header alone is read: the numbers when they are asked for. Throws InputError
 * as `readSafetensors` does. Memory: at most 32 times the header.
 */
export async function openSafetensors(
  given: Uint8Array | ByteSource,
): Promise<{ tensors: Map<string, StoredSafetensor>; metadata: Record<string, string> }> {
  const source = byteSource(given);
  const head = await source.read(0, Math.min(8, source.size));
  const length = head.length < 8 ? 0 : Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  const { header, start } = readHeader(
    await source.read(0, Math.min(source.size, 8 + Math.min(length, 10_000_001))),
    source.size,
  );
  const { entries, metadata } = readEntries(header, source.size - start);
  const tensors = entries.map(({ name, dtype, shape, begin }): [string, StoredSafetensor] => [
    name,
    {
      source,
      begin: start + begin,
      kind: safetensorsKinds[dtype],
      littleEndian: true,
      shape,
      stride: rowMajor(shape),
      dtype,
    },
  ]);
  return { tensors: new Map(tensors), metadata };
}
