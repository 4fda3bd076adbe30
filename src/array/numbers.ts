import { TwoByteNumbers } from './two-byte.ts';
import { typeOf } from './type-of.ts';

/** Any typed array of real numbers. */
export type TypedNumbers =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array;

/**
 * Storage that callers may hand in: any real typed array, or floats of two bytes (values are converted when a batch is
 * gathered). `numberAt` reads it.
 */
export type AnyNumbers = TypedNumbers | TwoByteNumbers;

/** Element p of examples' storage, whatever holds it: what remains is to divide it by the view's unit. */
export function numberAt(data: AnyNumbers, p: number): number {
  // To ask for the class takes three times as long.
  return ArrayBuffer.isView(data) ? (data as TypedNumbers)[p] : (data as TwoByteNumbers).get(p);
}

/** Storage of the same type for so many numbers, all of them 0. */
export function storageLike<D extends AnyNumbers>(data: D, length: number): D {
  if (data instanceof TwoByteNumbers) return new TwoByteNumbers(data.kind, length) as D;
  return new (data.constructor as new (length: number) => D)(length);
}

/** What is indexed of storage: the words of floats of two bytes, which are for copying alone. */
export function elementsOf(data: AnyNumbers): TypedNumbers {
  return data instanceof TwoByteNumbers ? data.bits : data;
}

/** Storage for so many numbers of all of these, all 0: of their type, or float64 where they differ. */
export function commonStorage(all: readonly AnyNumbers[], length: number): AnyNumbers {
  const [first] = all;
  return all.every((data) => typeOf(data) === typeOf(first)) ? storageLike(first, length) : new Float64Array(length);
}

/** Copies all numbers of `from` to element `at` of `to` and those after it, which is of the same type, or of float64. */
export function putInto(to: AnyNumbers, from: AnyNumbers, at: number): void {
  const isSame = typeOf(to) === typeOf(from);
  elementsOf(to).set(isSame ? elementsOf(from) : Array.from(from), at);
}
