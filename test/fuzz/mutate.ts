/** A whole number from 0 to n − 1. */
export type Draw = (n: number) => number;

/** Draws that a seed and an index fix, so that every input can be made again by itself. [mulberry32] */
export function draws(seed: number, index: number): Draw {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

const LIMIT = 2 ** 16; // bytes that an input may grow to

// Where readers of integers tend to go wrong.
const edges = [0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn].concat([
  2n ** 31n + 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 64n - 8n,
]);
// What readers of text tend to stumble over.
const tokens = [
  ...['__proto__', 'constructor', 'prototype', 'toString', '"__proto__":', '\\u005f', '\\ud800', '\\', '"', "'"],
  ...['1e999', '-1e999', 'NaN', 'Infinity', '-0', '0', '-1', '1.5', '9007199254740993', '1e308', '0x10', '1_000'],
  ...['[', ']', '{', '}', '(', ')', ',', ':', ';', '\t', ' ', '\n', '\r\n', '\0', '\ufeff', '\u2028', 'é', '[[[[[[[['],
  ...['null', 'true', 'False', '{}', '[]', '"x"', "'<f4'", '<i8', '|O', 'F32', 'U64', 'shape', 'data_offsets'],
  ...['9'.repeat(40), ' '.repeat(100), '[0,9223372036854775807]', '(0,)', '4294967296', '18446744073709551616'],
].map((token) => new TextEncoder().encode(token));

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts)).subarray(0, LIMIT);
}

/** Writes one of the edges into 1, 2, 4 or 8 bytes, either byte order, now and then off by one. */
function setEdge(bytes: Uint8Array, draw: Draw): Uint8Array {
  const out = bytes.slice();
  const size = 2 ** draw(4);
  if (out.length < size) return out;
  const at = draw(out.length - size + 1);
  const value = edges[draw(edges.length)] - BigInt(draw(2));
  const little = draw(2) === 0;
  for (let i = 0; i < size; i++) out[at + (little ? i : size - 1 - i)] = Number((value >> BigInt(8 * i)) & 255n);
  return out;
}

type Mutation = (bytes: Uint8Array, other: Uint8Array, draw: Draw) => Uint8Array;

/** Two places in order. */
function range(length: number, draw: Draw): [number, number] {
  const [a, b] = [draw(length + 1), draw(length + 1)];
  // Mostly short: a long range makes most files the same rubbish.
  return draw(3) > 0 ? [a, Math.min(length, a + draw(9))] : [Math.min(a, b), Math.max(a, b)];
}

const mutations: readonly Mutation[] = [
  (bytes, _, draw) => {
    const out = bytes.slice();
    if (out.length > 0) out[draw(out.length)] ^= draw(3) === 0 ? draw(256) : 1 << draw(8);
    return out;
  },
  (bytes, _, draw) => setEdge(bytes, draw),
  (bytes, _, draw) => {
    const at = draw(bytes.length + 1);
    const more = Uint8Array.from({ length: 1 + draw(16) }, () => draw(256));
    return joined(bytes.subarray(0, at), more, bytes.subarray(at));
  },
  (bytes, _, draw) => {
    const [begin, end] = range(bytes.length, draw);
    return joined(bytes.subarray(0, begin), bytes.subarray(end));
  },
  (bytes, _, draw) => {
    const [begin, end] = range(bytes.length, draw);
    const copies = Array<Uint8Array>(draw(20) === 0 ? 1 + draw(200) : 1).fill(bytes.subarray(begin, end));
    return joined(bytes.subarray(0, end), ...copies, bytes.subarray(end));
  },
  (bytes, _, draw) => bytes.slice(0, draw(bytes.length + 1)),
  (bytes, other, draw) => joined(bytes.subarray(0, draw(bytes.length + 1)), other.subarray(draw(other.length + 1))),
  (bytes, other, draw) => {
    const [begin, end] = range(other.length, draw);
    const at = draw(bytes.length + 1);
    return joined(bytes.subarray(0, at), other.subarray(begin, end), bytes.subarray(at + end - begin));
  },
  (bytes, _, draw) => {
    const token = tokens[draw(tokens.length)];
    const at = draw(bytes.length + 1);
    return joined(bytes.subarray(0, at), token, bytes.subarray(draw(2) === 0 ? at : at + token.length));
  },
  (bytes, _, draw) => {
    // Digits are where texts hold sizes: another digit is another size.
    const digits = [...bytes.keys()].filter((i) => bytes[i] >= 48 && bytes[i] <= 57);
    const out = bytes.slice();
    if (digits.length > 0) out[digits[draw(digits.length)]] = 48 + draw(10);
    return out;
  },
];

/** A few mutations of the bytes, mostly one or two; `other` is what may be spliced in. */
export function mutate(bytes: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  let out = bytes;
  for (let n = 1 + (draw(2) === 0 ? 0 : draw(4)); n > 0; n--) out = mutations[draw(mutations.length)](out, other, draw);
  return out;
}
