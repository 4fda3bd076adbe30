// A WebAssembly module written byte by byte: a loop over registers alone, which nothing but the 128-bit unit limits.

/** Independent sums: enough to hide the latency of a multiplication and an addition, few enough for 15 registers. */
export const SUMS = 12;
const UNROLLED = 4;
/** Operations of one turn of the loop: a product and a sum for each of four lanes. */
export const OPERATIONS_A_TURN = SUMS * UNROLLED * 4 * 2;

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

/**
 * run(turns: i32, factor: f32, term: f32): f32 repeats s ← s·factor + term for each of the sums and returns their total
 * in one lane; with `fused` by f32x4.relaxed_madd.
 */
export function peakModule(fused: boolean): Uint8Array<ArrayBuffer> {
  const [turns, factor, term, factors, terms, first] = [0, 1, 2, 3, 4, 5];
  const sums = Array.from({ length: SUMS }, (_, i) => first + i);
  const update = (sum: number) => {
    const product = [localGet, sum, localGet, factors];
    const rest = fused ? [localGet, terms, ...relaxedMadd] : [...mul, localGet, terms, ...add];
    return [...product, ...rest, localSet, sum];
  };
  const turn = Array.from({ length: UNROLLED }, () => sums.flatMap(update)).flat();
  const body = [
    ...[1, SUMS + 2, V128], // locals: factors, terms and the sums
    ...[localGet, factor, ...splat, localSet, factors],
    ...[localGet, term, ...splat, localSet, terms],
    ...[0x03, 0x40, ...turn], // loop
    ...[localGet, turns, 0x41, 1, 0x6b, localTee, turns, 0x0d, 0, 0x0b], // turns − 1; again while it is not 0; end
    ...[localGet, first],
    ...sums.slice(1).flatMap((sum) => [localGet, sum, ...add]),
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
