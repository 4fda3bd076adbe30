import type { ByteSource } from '../data/formats/byte-source.ts';
import { tooLarge, unpackedLimit } from '../data/formats/gzip.ts';
import { openNpy } from '../data/formats/npy-source.ts';
import { openSafetensors } from '../data/formats/safetensors-source.ts';
import type { StoredNumbers } from '../data/formats/stored-numbers.ts';
import { isZip, openZip } from '../data/formats/zip/zip.ts';
import { InputError, show } from '../errors.ts';
import { isPytorch, openPytorch } from './pytorch/open-pytorch.ts';
import { stateDictOf } from './pytorch/state-dict.ts';

/** The tensors of a file by their names, and what else it says in plain values. */
export interface Weights {
  readonly container: 'safetensors' | 'npz' | 'pytorch';
  readonly tensors: ReadonlyMap<string, StoredNumbers>;
  /** Numbers, texts and truths beside the tensors: such as k. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Tensors beside the state dict of a PyTorch file, such as a mean. */
  readonly beside: ReadonlyMap<string, StoredNumbers>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LIMIT_MEMBERS = 1000;
const none = new Map<string, never>();

/** What kind of file it is, by its first bytes; its name tells a .npz from a .pt archive. @throws InputError on other kinds. */
export async function openWeights(name: string, source: ByteSource): Promise<Weights> {
  const head = await source.read(0, Math.min(16, source.size));
  if (isZip(head) && /\.npz$/i.test(name)) return openNpz(source);
  if (isPytorch(head)) {
    const file = await openPytorch(source);
    return { container: 'pytorch', metadata: {}, ...(await stateDictOf(file)) };
  }
  if (head.length < 9 || head[8] !== 0x7b) {
    throw new InputError(
      `it is no file of weights that is read here: read are .safetensors, .npz, and .pt and .pth of torch.save`,
    );
  }
  const { tensors, metadata } = await openSafetensors(source);
  return { container: 'safetensors', tensors, values: none, beside: none, metadata };
}

async function openNpz(source: ByteSource): Promise<Weights> {
  const tensors = new Map<string, StoredNumbers>();
  const members = await openZip(source, '.npz file');
  if (members.length > LIMIT_MEMBERS) {
    throw new InputError(
      `.npz file: it has ${members.length} members, at most ${LIMIT_MEMBERS} are those of a dictionary: save its arrays alone`,
    );
  }
  // Each keeps to the limit of its own packed bytes; what is deflated is held all at once.
  const most = unpackedLimit(source.size);
  if (members.reduce((sum, { size }) => sum + size, 0) > most) throw tooLarge('.npz file', most, source.size);
  for (const member of members) {
    if (!member.name.endsWith('.npy')) {
      throw new InputError(
        `.npz file: its member ${show(member.name)} is no .npy file: give a file that numpy.savez wrote`,
      );
    }
    tensors.set(member.name.slice(0, -4), await openNpy(await member.open()));
  }
  return { container: 'npz', tensors, values: none, beside: none, metadata: {} };
}
