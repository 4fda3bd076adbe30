import type { View } from '../../array/matrix.ts';
import type { GpuBlock } from './block.ts';
import { call, groupsOf, program, type Stage, vectorOf } from './call.ts';
import { SCAN } from './selection-code.ts';
import { LENGTH, PLACE, teamsOfPairs } from './teams.ts';

/** Words of the bits that order rows, and pairs, at most: what needs more is done in several blocks of rows. */
export const LIMITS = { words: 1 << 24, pairs: 1 << 26 };
/** Units that a group numbers. */
const UNITS = 1024;

/** Pairs of each unit in the order of their rows: of unit j those from starts_j to starts_j+1; a pair is number i·k + t. */
export interface PairsByUnit {
  readonly starts: View;
  readonly pairs: View;
}

/** counts_j = in how many rows unit j is, and bit i of its bits: whether in row i. */
const mark = program({
  name: 'mark rows of units',
  views: { counts: 'atomic', rows_of: 'atomic', indices: 'read', lengths: 'read' },
  numbers: { rows: 'u32', k: 'u32', words: 'u32', bits: 'u32', across: 'u32' },
  code: `
${PLACE}
${LENGTH}
fn run(group: u32, lane: u32) {
  let at = place(group, lane);
  let i = at.x;
  if (i >= p.rows) { return; }
  let n = length_of(i);
  for (var t = at.y; t < n; t += at.z) {
    let j = indices(i, t);
    add_counts(0u, j, 1u);
    or_rows_of(0u, j * p.words + (i >> 5u), 1u << (i & 31u));
  }
}`,
});

/** sums_g = Σ counts of ${UNITS} units. */
const sumUnits = program({
  name: 'sum counts of units',
  views: { sums: 'write', counts: 'read' },
  numbers: { units: 'u32' },
  code: `
${SCAN}
fn run(group: u32, lane: u32) {
  var own = 0u;
  for (var q = 0u; q < 4u; q++) {
    let j = group * ${UNITS}u + 256u * q + lane;
    if (j < p.units) { own += counts1(j); }
  }
  let all = scan(lane, own).y;
  if (lane == 0u) { set_sums1(group, all); }
}`,
});

/** starts_j = Σ counts of the units before. */
const number = program({
  name: 'number pairs of units',
  views: { starts: 'write', counts: 'read', sums: 'read' },
  numbers: { units: 'u32' },
  code: `
${SCAN}
fn run(group: u32, lane: u32) {
  var before = 0u;
  for (var g = lane; g < group; g += 256u) { before += sums1(g); }
  var start = scan(lane, before).y;
  for (var q = 0u; q < 4u; q++) {
    let j = group * ${UNITS}u + 256u * q + lane;
    var own = 0u;
    if (j < p.units) { own = counts1(j); }
    let found = scan(lane, own);
    if (j < p.units) { set_starts1(j, start + found.x); }
    if (j + 1u == p.units) { set_starts1(p.units, start + found.x + own); }
    start += found.y;
  }
}`,
});

/** Pair (i, t) comes after those of its unit in rows before: their bits are counted. */
const sort = program({
  name: 'sort pairs by unit',
  views: { pairs: 'write', starts: 'read', rows_of: 'read', indices: 'read', lengths: 'read' },
  numbers: { rows: 'u32', k: 'u32', words: 'u32', bits: 'u32', across: 'u32' },
  code: `
${PLACE}
${LENGTH}
fn run(group: u32, lane: u32) {
  let own = place(group, lane);
  let i = own.x;
  if (i >= p.rows) { return; }
  let n = length_of(i);
  let last = i >> 5u;
  for (var t = own.y; t < n; t += own.z) {
    let j = indices(i, t);
    var at = starts1(j);
    for (var w = 0u; w < last; w++) { at += countOneBits(rows_of1(j * p.words + w)); }
    at += countOneBits(rows_of1(j * p.words + last) & ((1u << (i & 31u)) - 1u));
    set_pairs1(at, i * p.k + t);
  }
}`,
});

/** Orders that are kept: those of the codes, and of an auxiliary loss between the uses of these. */
const KEPT = 2;

/** Pairs that were sorted, and from what. */
interface Sorted {
  /** Number of its storage. */
  readonly place: number;
  readonly asked: readonly unknown[];
  readonly found: PairsByUnit;
}

/** Sorts pairs by unit. Of a row all units differ. */
export class PairSorter {
  private readonly stage: Stage;
  /** The last used comes last: the same indices are asked for several times in a step. */
  private kept: Sorted[] = [];

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** Rows of at most k pairs of so many units that can be sorted at once. */
  static rowsAtOnce(k: number, units: number): number {
    const { words, pairs } = LIMITS;
    return 32 * Math.max(1, Math.min(Math.floor(words / Math.max(1, units)), Math.floor(pairs / 32 / Math.max(1, k))));
  }

  /** Pairs (m, k) of `units` units. What was found is void after the next call but one. */
  sort(indices: View, lengths: View | null, units: number): PairsByUnit {
    const ragged = lengths === null ? [] : identity(lengths);
    const asked = [this.stage.device.generation, units, ...identity(indices), ...ragged];
    const { kept } = this;
    const known = kept.findIndex(
      (sorted) => sorted.asked.length === asked.length && asked.every((value, n) => value === sorted.asked[n]),
    );
    const place = kept.length < KEPT ? kept.length : kept[0].place;
    const sorted =
      known >= 0 ? kept.splice(known, 1)[0] : { place, asked, found: this.find(indices, lengths, units, place) };
    if (kept.length === KEPT) kept.shift();
    kept.push(sorted);
    return sorted.found;
  }

  private find(indices: View, lengths: View | null, units: number, place: number): PairsByUnit {
    const { stage } = this;
    const [rows, k] = indices.shape;
    const words = Math.ceil(rows / 32);
    const groups = groupsOf(units, UNITS);
    const marks = stage.scratch('rows of units', 'indices', units * words);
    const counted = stage.scratch('counts of units', 'indices', units);
    const [counts, rows_of] = [vectorOf(counted), vectorOf(marks)];
    const sums = vectorOf(stage.scratch('sums of counts', 'indices', groups));
    const starts = vectorOf(stage.scratch(`starts of units ${place}`, 'indices', units + 1));
    const pairs = vectorOf(stage.scratch(`pairs by unit ${place}`, 'indices', Math.max(1, rows * k)));
    stage.device.clear(marks, 0, 4 * units * words);
    stage.device.clear(counted, 0, 4 * units);
    const { bits, across, groups: all } = teamsOfPairs(rows, k, lengths !== null);
    const numbers = { rows, k, words, bits, across };
    call(stage, mark, { counts, rows_of, indices, lengths }, numbers, all);
    call(stage, sumUnits, { sums, counts }, { units }, groups);
    call(stage, number, { starts, counts, sums }, { units }, groups);
    call(stage, sort, { pairs, starts, rows_of, indices, lengths }, numbers, all);
    return { starts, pairs };
  }
}

/** What tells a view and its content from others. */
function identity({ data, shape, stride, offset }: View): readonly unknown[] {
  return [data, (data as GpuBlock).version, offset, ...shape, ...stride];
}
