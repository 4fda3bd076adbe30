import { InputError } from '../../errors.ts';

const decoder = new TextDecoder();
const LIMIT_LONG = 8; // bytes of an integer; longer ones are no sizes

/** The bytes of a pickle, taken one after another. Throws InputError past the end. */
export class PickleBytes {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly what: string;
  /** Where the next one is taken. */
  at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.what = what;
  }

  /** Where the next `length` bytes begin; they are passed. */
  skip(length: number): number {
    const begin = this.at;
    if (!(length <= this.bytes.length - begin)) {
      throw new InputError(`${this.what}: its pickle ends early: it was cut or is damaged; fetch it again`);
    }
    this.at = begin + length;
    return begin;
  }

  byte(): number {
    return this.bytes[this.skip(1)];
  }

  /** Little-endian; past 2⁵³ a number that no file has room for. */
  unsigned(length: 2 | 4 | 8): number {
    const begin = this.skip(length);
    if (length === 2) return this.view.getUint16(begin, true);
    return length === 4 ? this.view.getUint32(begin, true) : Number(this.view.getBigUint64(begin, true));
  }

  double(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  /** A little-endian two's complement integer; as a text where no double holds it. */
  long(length: number): number | string {
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    if (length > 0) value = BigInt.asIntN(8 * length, value);
    const number = Number(value);
    return length <= LIMIT_LONG && Number.isSafeInteger(number) ? number : String(value);
  }

  take(length: number): Uint8Array {
    const begin = this.skip(length);
    return this.bytes.subarray(begin, begin + length);
  }

  text(length: number): string {
    return decoder.decode(this.take(length));
  }

  /** Up to a line feed, which is passed. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    const text = this.text(end < 0 ? Number.POSITIVE_INFINITY : end - this.at);
    this.skip(1);
    return text;
  }
}
