import type { NumberKind } from '../../data/formats/number-bytes.ts';

/** Numbers that a pickle refers to by a key, and that lie elsewhere in the file. */
export interface PickledStorage {
  readonly key: string;
  readonly kind: NumberKind;
  /** Of its numbers. */
  readonly length: number;
}

/** A tensor over a storage: strides and offset in elements. */
export interface PickledTensor {
  readonly storage: PickledStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** A number type of NumPy. */
export interface PickledDtype {
  readonly dtype: string;
  order: '<' | '>';
}

/** What a pickle says: tuples are lists, dictionaries are maps, 64-bit integers that no double holds are texts. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledStorage
  | PickledTensor
  | PickledDtype;

/** A class or function that a pickle may name, and what a call of it is taken for. */
export interface PickledGlobal {
  readonly global: string;
  readonly make?: (args: readonly Pickled[], fail: (why: string) => never) => Pickled;
  /** Of a class of storages. */
  readonly kind?: NumberKind;
}

export function isTensor(value: unknown): value is PickledTensor {
  return typeof value === 'object' && value !== null && 'storage' in value && 'stride' in value;
}

export function isStorage(value: unknown): value is PickledStorage {
  return typeof value === 'object' && value !== null && 'key' in value && 'kind' in value;
}
