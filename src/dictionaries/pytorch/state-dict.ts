import type { StoredNumbers } from '../../data/formats/stored-numbers.ts';
import { InputError, show } from '../../errors.ts';
import { tensorsIn } from './open-pytorch.ts';
import type { Pickled, PickledTensor } from './pickled.ts';
import type { PytorchFile } from './pytorch-file.ts';

const LIMIT_TENSORS = 1000;

/** Of a file: the tensors of its state dict, what stands beside them, and plain values. */
export interface StateDict {
  readonly tensors: Map<string, StoredNumbers>;
  readonly beside: Map<string, StoredNumbers>;
  readonly values: Map<string, unknown>;
}

/**
 * The state dict of a file: the dictionary that it is, or the one within it that holds matrices ({ state_dict, config, … }).
 * Values of the other dictionaries stand by their own names. Throws InputError where there is none, or several.
 */
export async function stateDictOf(file: PytorchFile): Promise<StateDict> {
  const { content } = file;
  if (!(content instanceof Map)) {
    throw new InputError(
      'PyTorch file: it holds no state dict: in Python, torch.save(model.state_dict(), path) writes what is read here',
    );
  }
  const inner = [...content].filter((entry): entry is [Pickled, Map<Pickled, Pickled>] => entry[1] instanceof Map);
  const holders = hasMatrices(content) ? [content] : inner.map(([, map]) => map).filter(hasMatrices);
  if (holders.length !== 1) {
    const names = inner.filter(([, map]) => hasMatrices(map)).map(([name]) => nameOf(name));
    const what = names.length > 1 ? `several state dicts (${names.slice(0, 8).join(', ')})` : 'no matrices';
    throw new InputError(`PyTorch file: it holds ${what}: in Python, torch.save(the state dict that is wanted, path)`);
  }
  const [state] = holders;
  const values = new Map<string, unknown>();
  for (const map of [...inner.map(([, map]) => map), content]) {
    for (const [key, value] of map) if (typeof key === 'string' && isPlain(value)) values.set(key, value);
  }
  return {
    tensors: await opened(file, withoutPrefix(tensorsIn(state))),
    beside: state === content ? new Map() : await opened(file, tensorsIn(content)),
    values,
  };
}

function hasMatrices(map: Map<Pickled, Pickled>): boolean {
  return tensorsIn(map).some(([, { shape }]) => shape.filter((extent) => extent > 1).length >= 2);
}

/** A list may hold itself a thousand times: it is never written out. */
function nameOf(key: Pickled): string {
  return typeof key === 'object' ? 'one without a name' : show(key);
}

function isPlain(value: Pickled): boolean {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

/** Names without what wrappers put before all of them: "module.", "_orig_mod.", "sae.". */
function withoutPrefix(tensors: [string, PickledTensor][]): [string, PickledTensor][] {
  const [first = ['']] = tensors;
  const prefix = /^(?:(?:module|_orig_mod|sae|autoencoder|ae|model)\.)+/.exec(first[0])?.[0] ?? '';
  if (prefix === '' || !tensors.every(([name]) => name.startsWith(prefix))) return tensors;
  return tensors.map(([name, tensor]) => [name.slice(prefix.length), tensor]);
}

async function opened(file: PytorchFile, tensors: [string, PickledTensor][]): Promise<Map<string, StoredNumbers>> {
  if (tensors.length > LIMIT_TENSORS) {
    throw new InputError(
      `PyTorch file: it holds ${tensors.length} tensors, at most ${LIMIT_TENSORS} are those of a dictionary: save its state dict alone`,
    );
  }
  const found = new Map<string, StoredNumbers>();
  for (const [name, tensor] of tensors) found.set(name, await file.numbersOf(tensor, name));
  return found;
}
