import type { AnyNumbers } from '../../array/matrix.ts';
import { typeOf } from '../../array/view-check.ts';
import { InputError } from '../../errors.ts';

/** How one number is stored: letter (float, integer, unsigned) and bytes; bf2 is bfloat16. */
export type NumberKind = 'f2' | 'bf2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8';

/** Bytes of one number of each kind. */
export const itemBytes: Readonly<Record<NumberKind, number>> = {
  f2: 2,
  bf2: 2,
  f4: 4,
  f8: 8,
  i1: 1,
  i2: 2,
  i4: 4,
  i8: 8,
  u1: 1,
  u2: 2,
  u4: 4,
  u8: 8,
};

/** The value of IEEE binary16 bits: sign, 5 exponent bits, 10 fraction bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** A 64-bit integer as a double. Throws InputError where the double would be another number. */
function exact(value: bigint, index: number, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new InputError(`${what}: element ${index} is ${value}: 64-bit integers must lie within ±(2^53 − 1)`);
  }
  return number;
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * `bytes` as a new typed array: 16-bit floats widen to Float32Array, 64-bit integers to Float64Array, the others keep
 * their type. bytes.length must be a multiple of the item's bytes. Throws InputError for 64-bit integers that no
 * double holds.
 */
export function numbersFromBytes(bytes: Uint8Array, kind: NumberKind, littleEndian: boolean, what: string): AnyNumbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = bytes.length / itemBytes[kind];
  const fill = <T extends AnyNumbers>(out: T, read: (i: number) => number): T => {
    for (let i = 0; i < n; i++) out[i] = read(i);
    return out;
  };
  /** In the machine's own order, bytes are copied whole. */
  const copy = <T extends Float32Array | Float64Array>(out: T, read: (i: number) => number): T => {
    if (littleEndian !== LITTLE_ENDIAN) return fill(out, read);
    new Uint8Array(out.buffer).set(bytes);
    return out;
  };
  switch (kind) {
    case 'u1':
      return new Uint8Array(bytes); // not slice(): that of Node's Buffer shares memory
    case 'i1':
      return new Int8Array(bytes);
    case 'u2':
      return fill(new Uint16Array(n), (i) => view.getUint16(2 * i, littleEndian));
    case 'i2':
      return fill(new Int16Array(n), (i) => view.getInt16(2 * i, littleEndian));
    case 'u4':
      return fill(new Uint32Array(n), (i) => view.getUint32(4 * i, littleEndian));
    case 'i4':
      return fill(new Int32Array(n), (i) => view.getInt32(4 * i, littleEndian));
    case 'u8':
      return fill(new Float64Array(n), (i) => exact(view.getBigUint64(8 * i, littleEndian), i, what));
    case 'i8':
      return fill(new Float64Array(n), (i) => exact(view.getBigInt64(8 * i, littleEndian), i, what));
    case 'f2':
      return fill(new Float32Array(n), (i) => fromHalf(view.getUint16(2 * i, littleEndian)));
    case 'bf2': {
      const words = fill(new Uint32Array(n), (i) => view.getUint16(2 * i, littleEndian) << 16);
      return new Float32Array(words.buffer); // bfloat16 is the upper half of a binary32
    }
    case 'f4':
      return copy(new Float32Array(n), (i) => view.getFloat32(4 * i, littleEndian));
    case 'f8':
      return copy(new Float64Array(n), (i) => view.getFloat64(8 * i, littleEndian));
  }
}

/** The kind that a typed array's elements have. */
export function kindOf(data: AnyNumbers): NumberKind {
  const [letter] = typeOf(data).toLowerCase(); // of Float…, Int…, Uint…
  return `${letter}${data.BYTES_PER_ELEMENT}` as NumberKind;
}

/** Writes `data` little-endian into `out` from byte `offset`, whatever the machine's own order. */
export function writeNumbers(out: Uint8Array, offset: number, data: AnyNumbers): void {
  if (LITTLE_ENDIAN) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    return;
  }
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const [kind, size] = [kindOf(data), data.BYTES_PER_ELEMENT];
  for (let i = 0, p = offset; i < data.length; i++, p += size) {
    if (kind === 'f4') view.setFloat32(p, data[i], true);
    else if (kind === 'f8') view.setFloat64(p, data[i], true);
    else if (size === 1) view.setUint8(p, data[i]);
    else if (size === 2) view.setUint16(p, data[i], true);
    else view.setUint32(p, data[i], true);
  }
}
