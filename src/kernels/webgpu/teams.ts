/** Lanes of a group in teams of 2^bits: one works at one row, its lanes at neighbouring columns; wide rows have several teams. */
export interface Teams {
  readonly bits: number;
  /** Teams that a row has. */
  readonly across: number;
  /** Groups for all rows. */
  readonly groups: number;
}

/** A lane for every column. */
export function teamsOf(rows: number, columns: number): Teams {
  const bits = Math.max(5, Math.min(8, Math.ceil(Math.log2(Math.max(1, columns)))));
  const across = Math.ceil(columns / 2 ** bits);
  return { bits, across, groups: Math.ceil((rows * across) / 2 ** (8 - bits)) };
}

/** For rows of at most k pairs: where lengths tell how many count, there may be far fewer. */
export function teamsOfPairs(rows: number, k: number, ragged: boolean): Teams {
  return teamsOf(rows, ragged ? Math.min(64, k) : k);
}

/**
 * WGSL: `place(group, lane)` is the lane's row and column, either of which may lie behind the last, and the columns to its next one.
 * After numbers bits, across.
 */
export const PLACE = `
fn place(group: u32, lane: u32) -> vec3<u32> {
  let team = (group << (8u - p.bits)) + (lane >> p.bits);
  let column = ((team % p.across) << p.bits) + (lane & ((1u << p.bits) - 1u));
  return vec3<u32>(team / p.across, column, p.across << p.bits);
}`;

/** WGSL: how many pairs of row i count. After views lengths, numbers k. */
export const LENGTH = `
fn length_of(i: u32) -> u32 { return select(p.k, min(p.k, u32(lengths1(i))), has_lengths); }`;
