// Moving the lanes that a mask names to the front: no branches, so that it costs the same whatever the numbers are.

/** Bytes of the table of `fillCompaction`. */
export const COMPACTION_BYTES: usize = 256;

/** For each of 16 masks the bytes of its lanes, in order, as a swizzle wants them. */
export function fillCompaction(table: usize): void {
  for (let mask = 0; mask < 16; mask++) {
    let p = table + (mask << 4);
    for (let lane = 0; lane < 4; lane++) {
      if ((mask >> lane) & 1) {
        store<u32>(p, 0x03020100 + 0x04040404 * lane);
        p += 4;
      }
    }
  }
}

/** Stores the lanes of x that `mask` names at p, one after the other, and rubbish behind them up to four. */
// @ts-ignore: decorator
@inline
export function storeLanes(p: usize, x: v128, mask: i32, table: usize): void {
  v128.store(p, i8x16.swizzle(x, v128.load(table + (mask << 4))));
}
