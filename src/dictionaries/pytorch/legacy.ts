import type { ByteSource } from '../../data/formats/byte-source.ts';
import { itemBytes } from '../../data/formats/number-bytes.ts';
import { InputError } from '../../errors.ts';
import { readPickle } from './pickle.ts';
import { PickleBytes } from './pickle-bytes.ts';
import { isStorage, isTensor, type Pickled, type PickledStorage } from './pickled.ts';
import { LIMIT_PICKLE, missing, type PytorchFile, tensorAt, tooShort } from './pytorch-file.ts';

// PROTO 2, LONG1 of 10 bytes, 0x1950a86a20f9469cfc6c, STOP: what torch.save began with before version 1.6.
const magic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const what = 'PyTorch file';

export function isLegacy(head: Uint8Array): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/**
 * A file of torch.save before 1.6, or with `_use_new_zipfile_serialization=False`: pickles of a magic number, of a version, of
 * the machine, of the content, and of the storages' keys; then each storage, its length in eight bytes before it.
 */
export async function openLegacy(source: ByteSource): Promise<PytorchFile> {
  const head = await source.read(0, Math.min(source.size, LIMIT_PICKLE));
  const bytes = new PickleBytes(head, what);
  bytes.skip(magic.length);
  readPickle(bytes, what); // the version of the protocol
  const machine = readPickle(bytes, what);
  const content = readPickle(bytes, what);
  const keys = readPickle(bytes, what);
  const littleEndian = !(machine instanceof Map) || machine.get('little_endian') !== false;
  const storages = storagesOf(content);
  const places = new Map<string, number>();
  let at = bytes.at;
  for (const key of Array.isArray(keys) ? keys : []) {
    const storage = storages.get(String(key));
    // What is referred to from deeper than is looked: its type is not known, nor where the next one lies.
    if (storage === undefined) throw unread();
    const end = at + 8 + storage.length * itemBytes[storage.kind];
    if (end > source.size) throw tooShort(String(key), end - at, source.size - at);
    const said = await source.read(at, at + 8);
    const length = Number(new DataView(said.buffer, said.byteOffset, 8).getBigInt64(0, littleEndian));
    if (length !== storage.length) throw unread();
    places.set(storage.key, at + 8);
    at = end;
  }
  return {
    content,
    async numbersOf(tensor, name) {
      const begin = places.get(tensor.storage.key);
      if (begin === undefined) throw missing(name, tensor.storage.key);
      return tensorAt(tensor, source, begin, littleEndian, name);
    },
  };
}

function unread(): InputError {
  return new InputError(
    `${what}: it is of the kind before PyTorch 1.6, and holds more than a state dict: in Python, torch.save(torch.load(path), new_path)`,
  );
}

/** The storages of every tensor, three maps or lists deep. */
function storagesOf(content: Pickled): Map<string, PickledStorage> {
  const found = new Map<string, PickledStorage>();
  const seen = new Set<Pickled>();
  const visit = (value: Pickled, depth: number) => {
    if (typeof value !== 'object' || seen.has(value)) return;
    seen.add(value);
    if (isTensor(value)) found.set(value.storage.key, value.storage);
    else if (isStorage(value)) found.set(value.key, value);
    else if (depth < 3 && value instanceof Map) for (const one of value.values()) visit(one, depth + 1);
    else if (depth < 3 && Array.isArray(value)) for (const one of value) visit(one, depth + 1);
  };
  visit(content, 0);
  return found;
}
