import type { NumberKind } from '../../data/formats/number-bytes.ts';
import type { Pickled, PickledGlobal, PickledStorage } from './pickled.ts';

const kinds: Readonly<Record<string, NumberKind>> = {
  FloatStorage: 'f4',
  DoubleStorage: 'f8',
  HalfStorage: 'f2',
  BFloat16Storage: 'bf2',
  LongStorage: 'i8',
  IntStorage: 'i4',
  ShortStorage: 'i2',
  CharStorage: 'i1',
  ByteStorage: 'u1',
  BoolStorage: 'u1',
};

/** The kind of number of a class such as torch.FloatStorage; undefined of others. */
export function storageKind(module: string, name: string): NumberKind | undefined {
  return module === 'torch' && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** What ('storage', torch.FloatStorage, key, location, length) refers to. */
export function storageOf(id: Pickled, fail: (why: string) => never): PickledStorage {
  const [word, type, key, , length, part = null] = Array.isArray(id) ? id : [];
  const { kind } = (type ?? {}) as Partial<PickledGlobal>;
  if (word !== 'storage' || kind === undefined || typeof key !== 'string' || !isCount(length)) {
    return fail('refers to what is no storage of numbers');
  }
  if (part !== null) return fail('refers to a part of a storage');
  return { key, kind, length };
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
