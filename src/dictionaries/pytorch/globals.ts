import { itemBytes, type NumberKind, numbersFromBytes } from '../../data/formats/number-bytes.ts';
import {
  isStorage,
  isTensor,
  type Pickled,
  type PickledDtype,
  type PickledGlobal,
  type PickledTensor,
} from './pickled.ts';
import { isCount, storageKind } from './storages.ts';

const LIMIT_AXES = 32;
const dtypes = /^(float(16|32|64)|bfloat16|half|float|double|u?int(8|16|32|64)|long|bool)$/;
const scalars = /^(f2|f4|f8|u1|u2|u4|u8|i1|i2|i4|i8|b1)$/;

// Every call makes data of its arguments; none reaches anything else.
const makers: Readonly<Record<string, NonNullable<PickledGlobal['make']>>> = {
  'collections.OrderedDict': ([pairs = []], fail) => {
    if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
      return fail('makes an OrderedDict of what are no pairs');
    }
    return new Map(pairs as [Pickled, Pickled][]);
  },
  'torch._utils._rebuild_tensor_v2': tensorOf,
  'torch._utils._rebuild_tensor': tensorOf,
  'torch._utils._rebuild_parameter': ([data], fail) =>
    isTensor(data) ? data : fail('makes a parameter of what is no tensor'),
  'torch.Size': ([extents = []]) => extents,
  'torch.device': ([name = null]) => name,
  'numpy.dtype': ([name], fail): PickledDtype => {
    if (typeof name !== 'string' || !scalars.test(name)) return fail('holds a NumPy value that is no plain number');
    return { dtype: name, order: '<' };
  },
  'numpy.core.multiarray.scalar': scalarOf,
  'numpy._core.multiarray.scalar': scalarOf,
  '_codecs.encode': ([text, encoding], fail) => {
    if (typeof text !== 'string' || encoding !== 'latin1') return fail('encodes what is no text in latin1');
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  },
};

/** What may be named; undefined for all else. */
export function knownGlobal(module: string, name: string): PickledGlobal | undefined {
  const global = `${module}.${name}`;
  const kind = storageKind(module, name);
  if (kind !== undefined) return { global, kind };
  if (Object.hasOwn(makers, global)) return { global, make: makers[global] };
  return module === 'torch' && dtypes.test(name) ? { global } : undefined;
}

/** The data that a call stands for. */
export function callOf(called: unknown, args: Pickled, fail: (why: string) => never): Pickled {
  const { make } = (called ?? {}) as Partial<PickledGlobal>;
  if (typeof make !== 'function' || !Array.isArray(args)) return fail('calls what cannot be called');
  return make(args, fail);
}

function tensorOf([storage, offset, shape, stride]: readonly Pickled[], fail: (why: string) => never): PickledTensor {
  const areCounts = (list: Pickled): list is number[] =>
    Array.isArray(list) && list.length <= LIMIT_AXES && list.every(isCount);
  if (
    !isStorage(storage) ||
    !isCount(offset) ||
    !areCounts(shape) ||
    !areCounts(stride) ||
    shape.length !== stride.length
  ) {
    return fail('makes a tensor of what is no storage with a shape and strides');
  }
  return { storage, offset, shape, stride };
}

function scalarOf([type, bytes]: readonly Pickled[], fail: (why: string) => never): number {
  const { dtype, order } = (type ?? {}) as Partial<PickledDtype>;
  const kind = (dtype === 'b1' ? 'u1' : dtype) as NumberKind | undefined;
  if (kind === undefined || !(bytes instanceof Uint8Array) || bytes.length !== itemBytes[kind]) {
    return fail('holds a NumPy number whose bytes are not there');
  }
  return numbersFromBytes(bytes, kind, order !== '>', 'a NumPy number')[0];
}
