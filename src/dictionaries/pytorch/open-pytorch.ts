import type { ByteSource } from '../../data/formats/byte-source.ts';
import { itemBytes } from '../../data/formats/number-bytes.ts';
import { isZip, openZip, type ZipMember } from '../../data/formats/zip/zip.ts';
import { InputError } from '../../errors.ts';
import { isLegacy, openLegacy } from './legacy.ts';
import { readPickle } from './pickle.ts';
import { PickleBytes } from './pickle-bytes.ts';
import { isTensor, type Pickled, type PickledTensor } from './pickled.ts';
import { LIMIT_PICKLE, missing, type PytorchFile, tensorAt, tooShort } from './pytorch-file.ts';

const what = 'PyTorch file';

/** Whether the bytes begin as a file of torch.save. */
export function isPytorch(head: Uint8Array): boolean {
  return isZip(head) || isLegacy(head) || (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5);
}

/**
 * A file of torch.save: a zip archive, or the older sequence of pickles. What the pickle says is read as plain data (see
 * `readPickle`), numbers when they are asked for. Throws InputError on all else. Memory: 64 × the pickle, of at most 4 MiB.
 */
export async function openPytorch(source: ByteSource): Promise<PytorchFile> {
  const head = await source.read(0, Math.min(16, source.size));
  if (isLegacy(head)) return openLegacy(source);
  if (!isZip(head)) {
    throw new InputError(
      `${what}: it is a pickle without PyTorch's storages: in Python, torch.save(model.state_dict(), path) writes what is read here`,
    );
  }
  const members = await openZip(source, what);
  const main = members.find(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (main === undefined) {
    throw new InputError(`${what}: the archive holds no data.pkl: give a file that torch.save wrote`);
  }
  if (members.some(({ name }) => name.includes('/code/') || name.endsWith('/constants.pkl'))) {
    throw new InputError(
      `${what}: it holds a program (TorchScript), not a state dict: in Python, torch.save(torch.jit.load(path).state_dict(), new_path)`,
    );
  }
  if (main.size > LIMIT_PICKLE) {
    throw new InputError(
      `${what}: its pickle has ${main.size} bytes: at most ${LIMIT_PICKLE} are read; save the state dict alone`,
    );
  }
  const folder = main.name.slice(0, -'data.pkl'.length);
  const named = new Map(members.map((member) => [member.name, member]));
  const pickle = await wholeOf(main);
  const order = await orderOf(named.get(`${folder}byteorder`));
  const content = readPickle(new PickleBytes(pickle, what), what);
  return {
    content,
    async numbersOf(tensor, name) {
      const { key, length, kind } = tensor.storage;
      const member = named.get(`${folder}data/${key}`);
      if (member === undefined) throw missing(name, key);
      if (member.size < length * itemBytes[kind]) throw tooShort(name, length * itemBytes[kind], member.size);
      return tensorAt(tensor, await member.open(), 0, order !== 'big', name);
    },
  };
}

async function wholeOf(member: ZipMember): Promise<Uint8Array> {
  const source = await member.open();
  return source.read(0, source.size);
}

async function orderOf(member: ZipMember | undefined): Promise<string> {
  if (member === undefined || member.size > 16) return 'little';
  return new TextDecoder().decode(await wholeOf(member)).trim();
}

/** Every tensor of a map by its name; values that are no tensors are left out. */
export function tensorsIn(map: Map<Pickled, Pickled>): [name: string, tensor: PickledTensor][] {
  return [...map].filter(
    (entry): entry is [string, PickledTensor] => typeof entry[0] === 'string' && isTensor(entry[1]),
  );
}
