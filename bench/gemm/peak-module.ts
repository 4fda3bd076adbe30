// A WebAssembly module written byte by byte: a loop over registers alone, which nothing but the 128-bit unit limits.

/** Independent registers: enough to hide the latency of an operation, few enough for the 15 that V8 has to give. */
const REGISTERS = 12;
const UNROLLED = 4;
const LANES = 4;

/** What the loop repeats for its registers. */
export interface Loop {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Operations of one turn, over all lanes. */
  readonly operations: number;
  /** The total after so many turns, started with factor 1 and term 1: exact below 2²⁴. */
  total(turns: number): number;
}

/** s ← s·factor + term by f32x4.relaxed_madd, twelve of them. */
export function fusedLoop(): Loop {
  const update = (_: number, s: number) => [
    localGet,
    s,
    localGet,
    FACTORS,
    localGet,
    TERMS,
    ...relaxedMadd,
    localSet,
    s,
  ];
  const operations = 2 * REGISTERS * UNROLLED * LANES;
  return { bytes: module(update), operations, total: (turns) => REGISTERS * (UNROLLED * turns) };
}

/** The same with a product and a sum, which waits for it. */
export function chainedLoop(): Loop {
  const update = (_: number, s: number) => [
    ...[localGet, s, localGet, FACTORS, ...mul],
    ...[localGet, TERMS, ...add, localSet, s],
  ];
  return { ...fusedLoop(), bytes: module(update) };
}

/**
 * Six products p ← p·factor and six sums s ← s + p beside each other: no operation waits for the one before. Which of
 * the two loops is the faster depends on the processor and on what the engine makes of them.
 */
export function apartLoop(): Loop {
  const update = (i: number, r: number) =>
    i % 2 === 0
      ? [localGet, r, localGet, FACTORS, ...mul, localSet, r]
      : [localGet, r, localGet, r - 1, ...add, localSet, r];
  const operations = REGISTERS * UNROLLED * LANES;
  return { bytes: module(update, true), operations, total: (turns) => (REGISTERS / 2) * (UNROLLED * turns + 1) };
}

const V128 = 0x7b;
const I32 = 0x7f;
const F32 = 0x7d;
const localGet = 0x20;
const localSet = 0x21;
const localTee = 0x22;

/** LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

function simd(opcode: number): number[] {
  return [0xfd, ...unsigned(opcode)];
}

const splat = simd(0x13);
const extractLane0 = [...simd(0x1f), 0];
const add = simd(0xe4);
const mul = simd(0xe6);
const relaxedMadd = simd(0x105);

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

const [TURNS, FACTOR, TERM, FACTORS, TERMS, FIRST] = [0, 1, 2, 3, 4, 5];

/**
 * run(turns: i32, factor: f32, term: f32): f32 repeats `update` for each register and returns one lane of their total. All
 * begin at 0, or with `products` every other one at the term.
 */
function module(update: (i: number, register: number) => number[], products = false): Uint8Array<ArrayBuffer> {
  const registers = Array.from({ length: REGISTERS }, (_, i) => FIRST + i);
  const turn = Array.from({ length: UNROLLED }, () => registers.flatMap((r, i) => update(i, r))).flat();
  const begin = registers.flatMap((r, i) => (products && i % 2 === 0 ? [localGet, TERMS, localSet, r] : []));
  const body = [
    ...[1, REGISTERS + 2, V128], // locals: factors, terms and the registers
    ...[localGet, FACTOR, ...splat, localSet, FACTORS],
    ...[localGet, TERM, ...splat, localSet, TERMS],
    ...begin,
    ...[0x03, 0x40, ...turn], // loop
    ...[localGet, TURNS, 0x41, 1, 0x6b, localTee, TURNS, 0x0d, 0, 0x0b], // turns − 1; again while it is not 0; end
    ...[localGet, FIRST],
    ...registers.slice(1).flatMap((r) => [localGet, r, ...add]),
    ...extractLane0,
    0x0b,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, F32, F32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode('run'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}
