import type { View } from '../../array/matrix.ts';
import { call, extent, groupsOf, program, type Stage, vectorOf } from './call.ts';
import { inRows } from './row-blocks.ts';
import { COMPACT, DIGITS, KEYS, PAIRS, SCAN } from './selection-code.ts';

/** Elements that a group counts at least, and groups at most. */
const LEAST = 4096;
const MOST = 1024;
/** Counts beyond which there is nothing to count. */
const ALL = 2 ** 32 - 1;

// What the kernels of one selection tell each other: the key of the smallest survivor as far as it is known; how many of those that
// equal it survive; whether the key is final; whether all that equal it survive.
const [BOUND, LEFT, FINAL, ALL_TIES] = ['0u', '1u', '2u', '3u'];

/** parts_gd = how many numbers above 0, NaN included, have digit d, of those that agree with the bound above it; first parts_g0: NaNs. */
const countDigits = program({
  name: 'count digits of a batch',
  views: { parts: 'write', a: 'read', state: 'read' },
  numbers: { rows: 'u32', columns: 'u32', turned: 'u32', shift: 'u32' },
  code: `
${KEYS}
var<workgroup> counts: array<atomic<u32>, 256>;
fn run(group: u32, lane: u32) {
  atomicStore(&counts[lane], 0u);
  workgroupBarrier();
  let first = p.shift == 24u;
  let like = select(state1(${BOUND}), 0u, first);
  if (first || state1(${FINAL}) == 0u) {
    for (var e = group * 256u + lane; e < p.rows * p.columns; e += p.groups * 256u) {
      let turned = p.turned == 1u;
      let i = select(e / p.columns, e % p.rows, turned);
      let j = select(e % p.columns, e / p.rows, turned);
      let own = key(a(i, j));
      if (own <= ZERO_KEY) { continue; }
      if (first && own == NAN_KEY) { atomicAdd(&counts[0], 1u); } // digits of what is above 0 begin at 128
      if (first || ((own ^ like) >> (p.shift + 8u)) == 0u) { atomicAdd(&counts[(own >> p.shift) & 255u], 1u); }
    }
  }
  workgroupBarrier();
  set_parts1(group * 256u + lane, atomicLoad(&counts[lane]));
}`,
});

/** The next digit of the bound. In the first turn the rank is settled: NaNs survive whatever it is; where it is one of theirs, all do. */
const findDigit = program({
  name: 'find a digit of a batch',
  views: { state: 'write', parts: 'read' },
  numbers: { count: 'u32', parts_count: 'u32', shift: 'u32' },
  code: `
${SCAN}
${DIGITS}
fn run(group: u32, lane: u32) {
  var own = 0u;
  for (var n = 0u; n < p.parts_count; n++) { own += parts1(n * 256u + lane); }
  atomicStore(&counts[lane], own);
  let first = p.shift == 24u;
  let sum = scan(lane, own).y;
  var rank = 0u;
  if (first) {
    let nans = atomicLoad(&counts[0]);
    rank = min(p.count, sum - nans);
    if (rank > 0u && rank <= nans) { rank = sum - nans; } // a NaN is the rank-th: it bounds nothing
  } else if (state1(${FINAL}) == 0u) {
    rank = state1(${LEFT});
  }
  storageBarrier();
  let found = digit_of(lane, rank);
  if (lane != 0u) { return; }
  if (first) {
    set_state1(${BOUND}, 0xfffffffeu);
    set_state1(${LEFT}, 0u);
    set_state1(${FINAL}, select(0u, 1u, rank == 0u));
    set_state1(${ALL_TIES}, 1u);
  }
  if (rank == 0u) { return; }
  set_state1(${BOUND}, select(state1(${BOUND}), 0u, first) | (found.x << p.shift));
  set_state1(${LEFT}, found.y);
  set_state1(${ALL_TIES}, select(0u, 1u, found.y == atomicLoad(&counts[found.x])));
}`,
});

/** ties_i = how many of row i equal the bound, where not all of them survive. */
const countTies = program({
  name: 'count ties of a batch',
  views: { ties: 'write', a: 'read', state: 'read' },
  numbers: { columns: 'u32' },
  code: `
${KEYS}
${SCAN}
fn run(group: u32, lane: u32) {
  var own = 0u;
  if (state1(${ALL_TIES}) == 0u) {
    let bound = state1(${BOUND});
    for (var j = lane; j < p.columns; j += 256u) { if (key(a(group, j)) == bound) { own++; } }
  }
  let all = scan(lane, own).y;
  if (lane == 0u) { set_ties1(group, all); }
}`,
});

/** ties_i = how many there are in the rows before. */
const ordered = program({
  name: 'order ties of a batch',
  views: { ties: 'write' },
  numbers: { rows: 'u32' },
  code: `
${SCAN}
fn run(group: u32, lane: u32) {
  var before = 0u;
  for (var base = 0u; base < p.rows; base += 256u) {
    let i = base + lane;
    var own = 0u;
    if (i < p.rows) { own = ties1(i); }
    let sums = scan(lane, own);
    if (i < p.rows) { set_ties1(i, before + sums.x); }
    before += sums.y;
  }
}`,
});

const takeRows = program({
  name: 'selectLargestOfAll',
  views: {
    values: 'write',
    indices: 'write',
    lengths: 'write',
    firsts: 'write',
    a: 'write',
    ties: 'read',
    state: 'read',
  },
  numbers: { columns: 'u32' },
  code: `
${KEYS}
${PAIRS}
${SCAN}
${COMPACT}
fn run(group: u32, lane: u32) {
  let left = state1(${LEFT});
  let open = select(left - min(left, ties1(group)), p.columns, state1(${ALL_TIES}) == 1u && left > 0u);
  let n = compact(lane, group, p.columns, state1(${BOUND}), open);
  storageBarrier();
  if (lane != 0u) { return; }
  set_lengths1(group, n);
  if (n > 0u) { set_firsts1(group, values(group, 0u)); }
}`,
});

/** The smallest survivor; a NaN where the first is one, as a sort by rows would have it. */
const smallest = program({
  name: 'find the smallest survivor',
  views: { least: 'write', firsts: 'read', lengths: 'read', state: 'read' },
  numbers: { rows: 'u32' },
  code: `
${KEYS}
var<workgroup> first: atomic<u32>;
fn run(group: u32, lane: u32) {
  if (lane == 0u) { atomicStore(&first, p.rows); }
  workgroupBarrier();
  for (var i = lane; i < p.rows; i += 256u) { if (lengths1(i) > 0u) { atomicMin(&first, i); break; } }
  workgroupBarrier();
  if (lane != 0u) { return; }
  let i = atomicLoad(&first);
  var value = 0.0;
  if (i < p.rows) {
    if (state1(${LEFT}) > 0u) { value = number_of(state1(${BOUND})); }
    let begin = firsts1(i);
    if (is_nan(begin)) { value = begin; }
  }
  set_least1(0u, value);
}`,
});

/** The a_ij above a threshold, in doubles, and above 0. A threshold of NaN bounds nothing. */
const above = program({
  name: 'selectAbove',
  views: { values: 'write', indices: 'write', lengths: 'write', a: 'write', threshold: 'read' },
  numbers: { columns: 'u32' },
  code: `
${KEYS}
${PAIRS}
${SCAN}
${COMPACT}
fn run(group: u32, lane: u32) {
  let t = threshold_pair(0u, 0u);
  var bound = max(ZERO_KEY, key(t.x));
  // A float32 that equals the high part exceeds the pair where the low one is below 0.
  if (bound > ZERO_KEY && (bitcast<u32>(t.y) >> 31u) == 1u && (bitcast<u32>(t.y) & 0x7fffffffu) != 0u) { bound--; }
  if (is_nan(t.x)) { bound = 0u; }
  let n = compact(lane, group, p.columns, bound, 0u);
  if (lane == 0u) { set_lengths1(group, n); }
}`,
});

export function selectLargestOfAll(
  stage: Stage,
  [values, indices, lengths]: readonly [View, View, View],
  least: View,
  a: View,
  count: number,
): void {
  const [rows, columns] = extent(a);
  const state = vectorOf(stage.scratch('state of a selection', 'indices', 4));
  const blocks: (readonly [part: <V extends View>(view: V) => V, count: number, first: number, groups: number])[] = [];
  let all = 0;
  inRows(stage, rows, [values, indices, a], (part, count) => {
    const groups = Math.max(1, Math.min(MOST, groupsOf(count * columns, LEAST)));
    blocks.push([part, count, all, groups]);
    all += groups;
  });
  const parts = vectorOf(stage.scratch('digits of a batch', 'indices', Math.max(1, all) * 256));
  const firsts = vectorOf(stage.scratch('first survivors', 'numbers', Math.max(1, rows)));
  const ties = vectorOf(stage.scratch('ties of a batch', 'indices', Math.max(1, rows)));
  const turned = Math.abs(a.stride[0]) < Math.abs(a.stride[1]) ? 1 : 0;
  for (const shift of [24, 16, 8, 0]) {
    for (const [part, count, first, groups] of blocks) {
      const digits = { ...parts, shape: [groups * 256], offset: first * 256 };
      const views = { parts: digits, a: part(a), state };
      call(stage, countDigits, views, { rows: count, columns, turned, shift }, groups);
    }
    const most = Math.max(0, Math.min(ALL, count));
    call(stage, findDigit, { state, parts }, { count: most, parts_count: all, shift }, 1);
  }
  for (const [part, count] of blocks)
    call(stage, countTies, { ties: part(ties), a: part(a), state }, { columns }, count);
  call(stage, ordered, { ties }, { rows }, 1);
  for (const [part, count] of blocks) {
    const pairs = { values: part(values), indices: part(indices), lengths: part(lengths), firsts: part(firsts) };
    call(stage, takeRows, { ...pairs, a: part(a), ties: part(ties), state }, { columns }, count);
  }
  call(stage, smallest, { least, firsts, lengths, state }, { rows }, 1);
}

export function selectAbove(
  stage: Stage,
  [values, indices, lengths]: readonly [View, View, View],
  a: View,
  threshold: View,
): void {
  const [rows, columns] = extent(a);
  inRows(stage, rows, [values, indices, a], (part, count) => {
    const pairs = { values: part(values), indices: part(indices), lengths: part(lengths) };
    call(stage, above, { ...pairs, a: part(a), threshold }, { columns }, count);
  });
}
