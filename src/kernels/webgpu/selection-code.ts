// Pieces of WGSL that the selections are made of. Numbers are compared by keys: whole numbers in their order, NaN the largest.

/** Keys. `key(bits of x)`: −0 and 0 have one key, all NaNs have one, above that of +∞. */
export const KEYS = `
const ZERO_KEY = 0x80000000u;
const NAN_KEY = 0xffffffffu;
fn key(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return NAN_KEY; }
  if ((bits >> 31u) == 1u) { return select(~bits, ZERO_KEY, bits == 0x80000000u); }
  return bits | 0x80000000u;
}
/** The number of a key. */
fn number_of(key: u32) -> f32 { return bitcast<f32>(select(~key, key & 0x7fffffffu, key >= ZERO_KEY)); }`;

/** `scan(lane, own)`: the sum of what the lanes before have, and of all. Every lane must call it. */
export const SCAN = `
var<workgroup> steps: array<u32, 512>;
fn scan(lane: u32, own: u32) -> vec2<u32> {
  var side = 0u;
  steps[lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < 256u; reach = reach << 1u) {
    var sum = steps[side + lane];
    if (lane >= reach) { sum += steps[side + lane - reach]; }
    side = 256u - side;
    steps[side + lane] = sum;
    workgroupBarrier();
  }
  let sums = vec2<u32>(steps[lane] - own, steps[255]);
  workgroupBarrier();
  return sums;
}`;

/** What `rankedOf` needs; after SCAN. */
export const DIGITS = `
var<workgroup> counts: array<atomic<u32>, 256>;
var<workgroup> chosen: vec2<u32>;
/** Of how often each digit occurs: that of the rank-th largest, and its rank among those of this digit. */
fn digit_of(lane: u32, rank: u32) -> vec2<u32> {
  workgroupBarrier();
  let digit = 255u - lane;
  let here = atomicLoad(&counts[digit]);
  let before = scan(lane, here).x;
  if (before < rank && rank <= before + here) { chosen = vec2<u32>(digit, rank - before); }
  return workgroupUniformLoad(&chosen);
}`;

/**
 * `name(lane, i, n, rank)`: the rank-th largest of n keys, 1 ≤ rank ≤ n, digit by digit, and its rank among its equals: how many of
 * those survive. `keyOf` is the key of number s of row i.
 */
export function rankedOf(name: string, keyOf: string): string {
  return `
fn ${name}(lane: u32, i: u32, n: u32, rank: u32) -> vec2<u32> {
  var like = 0u;
  var left = rank;
  for (var turn = 0u; turn < 4u; turn++) {
    let shift = 24u - 8u * turn;
    atomicStore(&counts[lane], 0u);
    workgroupBarrier();
    for (var s = lane; s < n; s += 256u) {
      let own = ${keyOf};
      if (turn == 0u || ((own ^ like) >> (shift + 8u)) == 0u) { atomicAdd(&counts[(own >> shift) & 255u], 1u); }
    }
    let found = digit_of(lane, left);
    like |= found.x << shift;
    left = found.y;
  }
  return vec2<u32>(like, left);
}`;
}

/**
 * `compact(lane, i, n, bound, ties)`: of numbers 0 … n−1 of row i those with a key above the bound survive, and of those that equal
 * it the first `ties`; how many. What it calls: `key_of(i, s)`; `take(i, t, s)`, number s being the t-th to survive; and where
 * `DROPS` `drop(i, s)` for the others. After SCAN.
 */
export const COMPACT = `
var<workgroup> strong: array<atomic<u32>, 256>;
var<workgroup> equals: array<atomic<u32>, 256>;
fn compact(lane: u32, i: u32, n: u32, bound: u32, ties: u32) -> u32 {
  var kept = 0u;
  var tied = 0u;
  for (var base = 0u; base < n; base += 8192u) {
    let end = min(n, base + 8192u);
    atomicStore(&strong[lane], 0u);
    atomicStore(&equals[lane], 0u);
    workgroupBarrier();
    for (var s = base + lane; s < end; s += 256u) { // 32 neighbours have a bit each in one word
      let own = key_of(i, s);
      if (own > bound) { atomicOr(&strong[(s - base) >> 5u], 1u << (s & 31u)); }
      else if (own == bound && ties > 0u) { atomicOr(&equals[(s - base) >> 5u], 1u << (s & 31u)); }
    }
    workgroupBarrier();
    let mine = atomicLoad(&strong[lane]);
    let same = atomicLoad(&equals[lane]);
    let sums = scan(lane, countOneBits(mine) | (countOneBits(same) << 16u));
    var at_tie = tied + (sums.x >> 16u);
    var t = kept + (sums.x & 0xffffu) + min(at_tie, ties) - min(tied, ties);
    var stay = 0u;
    for (var rest = mine | same; rest != 0u; rest &= rest - 1u) {
      let bit = countTrailingZeros(rest);
      if (((same >> bit) & 1u) == 1u) {
        at_tie++;
        if (at_tie > ties) { continue; }
      }
      take(i, t, base + lane * 32u + bit);
      stay |= 1u << bit;
      t++;
    }
    if (DROPS) {
      atomicStore(&strong[lane], stay);
      workgroupBarrier();
      for (var s = base + lane; s < end; s += 256u) {
        if (((atomicLoad(&strong[(s - base) >> 5u]) >> (s & 31u)) & 1u) == 0u) { drop(i, s); }
      }
    }
    let after = tied + (sums.y >> 16u);
    kept += (sums.y & 0xffffu) + min(after, ties) - min(tied, ties);
    tied = after;
    workgroupBarrier();
  }
  return kept;
}`;

/** The pairs of a row of `a` that survive, and 0 for the others. */
export const PAIRS = `
const DROPS = true;
fn key_of(i: u32, s: u32) -> u32 { return key(a(i, s)); }
fn take(i: u32, t: u32, s: u32) { set_values(i, t, a(i, s)); set_indices(i, t, s); }
fn drop(i: u32, s: u32) { if (bitcast<u32>(a(i, s)) != 0u) { set_a(i, s, 0.0); } }`;
