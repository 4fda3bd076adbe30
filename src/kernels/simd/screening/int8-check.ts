import type { Machine } from '../machine.ts';

const ROWS = 6;
const COLUMNS = 8;
/** Groups of four bytes, of a short product. */
const GROUPS = 8;

/**
 * Whether the engine's relaxed dot product is exact, as it must be for seven-bit operands: V8 11's baseline compiler has one that is not, and
 * what it optimizes later is right. So this is asked before every use; it takes a microsecond.
 */
export function createInt8Check({
  heap,
  kernels,
  scratch,
}: Pick<Machine, 'heap' | 'kernels' | 'scratch'>): () => boolean {
  const tile = kernels.tile8Int8Relaxed;
  const expected = new Int32Array(ROWS * COLUMNS);
  const [x, w, numbers] = [scratch + 1024, scratch + 2048, scratch + 3072];
  const bytes = (at: number, length: number) => new Int8Array(heap.memory.buffer, at, length);
  const valueX = (r: number, t: number) => [127, -127, 1, -1, 0, 90, -64][(5 * r + 3 * t) % 7];
  const valueW = (c: number, t: number) => [127, 1, 64, 0, 100, 37][(c + 5 * t) % 6];
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      for (let t = 0; t < 4 * GROUPS; t++) expected[COLUMNS * r + c] += valueX(r, t) * valueW(c, t);
    }
  }
  return () => {
    const [left, right] = [bytes(x, 4 * GROUPS * ROWS), bytes(w, 4 * GROUPS * COLUMNS)];
    for (let t = 0; t < 4 * GROUPS; t++) {
      const [group, byte] = [t >> 2, t & 3];
      for (let r = 0; r < ROWS; r++) left[4 * (group * ROWS + r) + byte] = valueX(r, t);
      for (let c = 0; c < COLUMNS; c++) right[4 * (group * COLUMNS + c) + byte] = valueW(c, t);
    }
    bytes(numbers, 16 * ROWS).fill(0); // Σq, which the sums begin with
    tile(scratch, x, w, GROUPS, numbers);
    return new Int32Array(heap.memory.buffer, scratch, ROWS * COLUMNS).every((sum, p) => sum === expected[p]);
  };
}
