/** Floats of two bytes: IEEE binary16 (5 exponent bits, 10 of fraction), or bfloat16, the upper half of a binary32. */
export type TwoByteKind = 'float16' | 'bfloat16';

/** The value of binary16 bits: sign, 5 exponent bits, 10 fraction bits. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const tables: Partial<Record<TwoByteKind, Float32Array>> = {};

/** The number that each of the 65,536 words of a kind stands for: all of them are float32 numbers. */
export function widened(kind: TwoByteKind): Float32Array {
  const table = tables[kind] ?? new Float32Array(2 ** 16);
  if (tables[kind] === undefined) {
    const words = new Uint32Array(table.buffer);
    for (let bits = 0; bits < 2 ** 16; bits++) {
      if (kind === 'float16') table[bits] = fromFloat16(bits);
      else words[bits] = bits << 16;
    }
    tables[kind] = table;
  }
  return table;
}

/**
 * Numbers of two bytes each, as they are stored: examples of half the memory of float32 ones, and of the same bits in every
 * result, as each is widened where it is read. It has what a typed array has, but no index: `data[p]` does not compile, and
 * is undefined, never a word taken for a number. `get(p)` is element p.
 */
export class TwoByteNumbers {
  /** Which floats they are. */
  readonly kind: TwoByteKind;
  /** Their words. */
  readonly bits: Uint16Array;
  // Not a property: a structured clone is of `kind` and `bits` alone, of which `asView` makes such numbers again.
  readonly #values: Float32Array;

  /** Over the words of `bits`, which are not copied; or so many zeros. */
  constructor(kind: TwoByteKind, bits: Uint16Array | number) {
    this.kind = kind;
    this.bits = typeof bits === 'number' ? new Uint16Array(bits) : bits;
    this.#values = widened(kind);
  }

  /** Not that of the platform's Float16Array, which ndarray would index. */
  get [Symbol.toStringTag](): string {
    return this.kind === 'float16' ? 'Float16Numbers' : 'Bfloat16Numbers';
  }

  /** Bytes of a number. */
  get BYTES_PER_ELEMENT(): number {
    return 2;
  }

  /** How many numbers. */
  get length(): number {
    return this.bits.length;
  }

  /** What holds the words. */
  get buffer(): ArrayBufferLike {
    return this.bits.buffer;
  }

  /** Where in `buffer` they begin. */
  get byteOffset(): number {
    return this.bits.byteOffset;
  }

  /** Bytes of all. */
  get byteLength(): number {
    return this.bits.byteLength;
  }

  /** Number p. */
  get(p: number): number {
    return this.#values[this.bits[p]];
  }

  /** All of them, one after another. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (const word of this.bits) yield this.#values[word];
  }

  /** Numbers are changed through `bits` alone. @throws TypeError always: ndarray asks for such a method. */
  set(_p: number, _value: number): void {
    throw new TypeError('numbers of two bytes are read only: write their bits');
  }

  /** Numbers begin … end−1, over the same words. */
  subarray(begin?: number, end?: number): TwoByteNumbers {
    return new TwoByteNumbers(this.kind, this.bits.subarray(begin, end));
  }

  /** Numbers begin … end−1, copied. */
  slice(begin?: number, end?: number): TwoByteNumbers {
    return new TwoByteNumbers(this.kind, this.bits.slice(begin, end));
  }
}
