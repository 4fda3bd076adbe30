import { program } from './call.ts';
import { COMPACT, DIGITS, KEYS, PAIRS, rankedOf, SCAN } from './selection-code.ts';

/**
 * A group a row. A bound that the k-th largest cannot be below is the k-th largest of what 1024 shares of the row have as their
 * largest: few numbers are above it, and among these the k-th largest is sought. The row is read twice. Where the bound does not
 * help, as with many equal numbers, it is sought in the row, digit by digit.
 * `listed(lane)`: how many numbers a row has, of which `key_of`, `take`, `drop` know more.
 */
const SELECT = `
${SCAN}
${DIGITS}
${COMPACT}
/** Numbers that are held at most, and of them those above the bound. */
const HELD = 1024u;
const ABOVE = 512u;
/** Survivors, up to which it is worth to seek a bound. */
const FEW = 256u;
var<workgroup> held: array<u32, 1024>;
var<workgroup> held_at: array<u32, 512>;
var<workgroup> held_count: atomic<u32>;
var<workgroup> held_all: u32;
${rankedOf('ranked_held', 'held[s]')}
${rankedOf('ranked', 'key_of(i, s)')}
/** The k-th largest of what 1024 shares of the row have as their largest. */
fn bound_of(lane: u32, i: u32, n: u32, k: u32) -> u32 {
  for (var q = 0u; q < 4u; q++) {
    var most = 0u;
    for (var s = lane + 256u * q; s < n; s += HELD) { most = max(most, key_of(i, s)); }
    held[lane + 256u * q] = most;
  }
  workgroupBarrier();
  return ranked_held(lane, i, HELD, k).x;
}
/** Holds what is not below a bound, and drops the others; how many. */
fn hold(lane: u32, i: u32, n: u32, bound: u32) -> u32 {
  if (lane == 0u) { atomicStore(&held_count, 0u); }
  workgroupBarrier();
  for (var s = lane; s < n; s += 256u) {
    let own = key_of(i, s);
    if (own < bound) { if (DROPS) { drop(i, s); } continue; }
    let at = atomicAdd(&held_count, 1u);
    if (at < ABOVE) { held[at] = own; held_at[at] = s; }
  }
  workgroupBarrier();
  if (lane == 0u) { held_all = atomicLoad(&held_count); }
  return workgroupUniformLoad(&held_all);
}
/** The k largest of those held, which are in no order. */
fn take_held(lane: u32, i: u32, n: u32, k: u32) {
  let found = ranked_held(lane, i, n, k);
  var stays = vec2<u32>(0u, 0u);
  for (var q = 0u; q < 2u; q++) {
    let c = lane + 256u * q;
    if (c >= n || held[c] < found.x) { continue; }
    stays[q] = 1u;
    if (held[c] > found.x) { continue; }
    var before = 0u;
    for (var o = 0u; o < n; o++) { if (held[o] == found.x && held_at[o] < held_at[c]) { before++; } }
    stays[q] = select(0u, 1u, before < found.y);
  }
  workgroupBarrier();
  held[lane] = stays[0];
  held[lane + 256u] = stays[1];
  workgroupBarrier();
  for (var c = lane; c < n; c += 256u) {
    if (held[c] == 0u) { if (DROPS) { drop(i, held_at[c]); } continue; }
    var before = 0u;
    for (var o = 0u; o < n; o++) { if (held[o] == 1u && held_at[o] < held_at[c]) { before++; } }
    take(i, before, held_at[c]);
  }
}
fn run(group: u32, lane: u32) {
  let i = group;
  let n = listed(lane);
  let k = min(p.k, n);
  if (lane == 0u) { tell(i, k); }
  if (k == 0u || k == n) {
    compact(lane, i, n, select(0u, NAN_KEY, k == 0u), 0u); // none, or all
    return;
  }
  if (n <= HELD) {
    for (var s = lane; s < n; s += 256u) { held[s] = key_of(i, s); }
    workgroupBarrier();
    let found = ranked_held(lane, i, n, k);
    compact(lane, i, n, found.x, found.y);
    return;
  }
  if (k <= FEW) {
    let bound = bound_of(lane, i, n, k);
    if (bound > ZERO_KEY) { // so that what is dropped stays below it
      let above = hold(lane, i, n, bound);
      if (above <= ABOVE) {
        take_held(lane, i, above, k);
        return;
      }
    }
  }
  let found = ranked(lane, i, n, k);
  compact(lane, i, n, found.x, found.y);
}`;

export const selectLargest = program({
  name: 'selectLargest',
  views: { values: 'write', indices: 'write', a: 'write' },
  numbers: { columns: 'u32', k: 'u32' },
  code: `
${KEYS}
${PAIRS}
fn listed(lane: u32) -> u32 { return p.columns; }
fn tell(i: u32, k: u32) {}
${SELECT}`,
});

/** Of the columns that are listed, `found` of them. What is left of z is void. */
export const selectListed = program({
  name: 'selectSilent',
  views: { values: 'write', indices: 'write', lengths: 'write', z: 'read', list: 'read', found: 'read' },
  numbers: { k: 'u32' },
  code: `
${KEYS}
const DROPS = false;
fn key_of(i: u32, s: u32) -> u32 { return key(z(i, list1(s))); }
fn take(i: u32, t: u32, s: u32) { let j = list1(s); set_values(i, t, z(i, j)); set_indices(i, t, j); }
fn drop(i: u32, s: u32) {}
var<workgroup> all: u32;
fn listed(lane: u32) -> u32 {
  if (lane == 0u) { all = found1(0u); }
  return workgroupUniformLoad(&all);
}
fn tell(i: u32, k: u32) { set_lengths1(i, k); }
${SELECT}`,
});
