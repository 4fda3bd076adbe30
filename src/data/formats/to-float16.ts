const wide = new Float64Array(1);
const words = new Uint32Array(wide.buffer);
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0; // the word of sign and exponent

/** The word of the binary16 nearest to a number, ties to even; infinite from 65520 on. */
export function toFloat16(value: number): number {
  wide[0] = value;
  const sign = (words[HIGH] >>> 16) & 0x8000;
  const a = Math.abs(value);
  if (!(a < 65520)) return Number.isNaN(value) ? 0x7e00 : sign | 0x7c00;
  // Multiples of 2⁻²⁴ below 2⁻¹⁴; above 11 significant bits. What is rounded up a binade counts on into the exponent.
  if (a < 2 ** -14) return sign | toEven(a * 2 ** 24);
  const exponent = ((words[HIGH] >>> 20) & 2047) - 1023;
  return sign | (((exponent + 14) << 10) + toEven(a * 2 ** (10 - exponent)));
}

/** The nearest whole number, ties to even, of a number from 0 to 2048: what a double cannot hold beside 2⁵² is rounded so. */
function toEven(value: number): number {
  return value + 2 ** 52 - 2 ** 52;
}
