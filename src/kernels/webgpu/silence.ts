import type { View } from '../../array/matrix.ts';
import type { Kernels } from '../kernels.ts';
import { auxiliaryScale, residualMoments, scaledSquaredError, silentScale } from './auxiliary.ts';
import { call, extent, groupsOf, program, type Stage, vectorOf } from './call.ts';
import { COUNTERS, countOf } from './counters.ts';
import { each } from './elementwise.ts';
import { inRows } from './row-blocks.ts';
import { selectListed } from './select-rows.ts';
import { COMPACT, SCAN } from './selection-code.ts';
import { LENGTH, PLACE, teamsOfPairs } from './teams.ts';

/** Rows that a lane goes through at least, and parts of a column at most. */
const ROWS = 32;
const PARTS = 64;

const countRows = program({
  name: 'countActive',
  views: { parts: 'write', a: 'read' },
  numbers: { rows: 'u32', columns: 'u32', each: 'u32', across: 'u32' },
  code: `
fn run(group: u32, lane: u32) {
  let j = (group % p.across) * 256u + lane;
  let part = group / p.across;
  if (j >= p.columns) { return; }
  var count = 0u;
  let end = min(p.rows, (part + 1u) * p.each);
  for (var i = part * p.each; i < end; i++) {
    if ((bitcast<u32>(a(i, j)) & 0x7fffffffu) != 0u) { count++; }
  }
  set_parts1(part * p.columns + j, count);
}`,
});

const countPairs = program({
  name: 'countActivePairs',
  views: { parts: 'atomic', values: 'read', indices: 'read', lengths: 'read' },
  numbers: { m: 'u32', k: 'u32', bits: 'u32', across: 'u32' },
  code: `
${PLACE}
${LENGTH}
fn run(group: u32, lane: u32) {
  let at = place(group, lane);
  if (at.x >= p.m) { return; }
  let n = length_of(at.x);
  for (var t = at.y; t < n; t += at.z) {
    if ((bitcast<u32>(values(at.x, t)) & 0x7fffffffu) != 0u) { add_parts(0u, indices(at.x, t), 1u); }
  }
}`,
});

const addCounts = program({
  name: 'add counts',
  views: { counts: 'write', parts: 'read' },
  numbers: { columns: 'u32', parts_count: 'u32' },
  code: `
${COUNTERS}
fn run(group: u32, lane: u32) {
  let j = group * 256u + lane;
  if (j >= p.columns) { return; }
  var count = 0u;
  for (var n = 0u; n < p.parts_count; n++) { count += parts1(n * p.columns + j); }
  if (count > 0u) { set_counts_pair(0u, j, add_count(counts_pair(0u, j), count)); }
}`,
});

const advanceSilence = program({
  name: 'advanceSilence',
  views: { next: 'write', silence: 'read', counts: 'read' },
  numbers: { high: 'u32', low: 'u32' },
  code: `
${COUNTERS}
fn each(row: u32, j: u32) {
  var after = vec2<f32>(0.0, 0.0);
  if (!(counts(0u, j) > 0.0)) { after = pair_of(sum_of(count_of(silence_pair(0u, j)), vec2<u32>(p.high, p.low))); }
  set_next_pair(0u, j, after);
}`,
});

/** One group: the silent units, rising, and how many. */
const listSilent = program({
  name: 'list silent units',
  views: { list: 'write', found: 'write', silence: 'read' },
  numbers: { units: 'u32', high: 'u32', low: 'u32' },
  code: `
${COUNTERS}
const DROPS = false;
fn key_of(i: u32, j: u32) -> u32 { return select(0u, 1u, is_least(count_of(silence_pair(0u, j)), vec2<u32>(p.high, p.low))); }
fn take(i: u32, t: u32, j: u32) { set_list1(t, j); }
fn drop(i: u32, j: u32) {}
${SCAN}
${COMPACT}
fn run(group: u32, lane: u32) {
  let n = compact(lane, 0u, p.units, 0u, 0u);
  if (lane == 0u) { set_found1(0u, n); }
}`,
});

type Of = Pick<
  Kernels,
  | 'countActive'
  | 'countActivePairs'
  | 'advanceSilence'
  | 'selectSilent'
  | 'residualMoments'
  | 'auxiliaryScale'
  | 'silentScale'
  | 'scaledSquaredError'
>;

/** Units that have been silent, and the auxiliary loss. Counters are whole numbers, exact to 2^48. */
export function createSilence(stage: Stage): Of {
  const add = (counts: View, parts: View, columns: number, parts_count: number) =>
    call(stage, addCounts, { counts, parts }, { columns, parts_count }, groupsOf(columns));
  return {
    countActive(counts, a) {
      const [rows, columns] = extent(a);
      if (rows * columns === 0) return;
      inRows(stage, rows, [a], (part, some) => {
        const rowsEach = Math.max(ROWS, Math.ceil(some / PARTS));
        const count = Math.ceil(some / rowsEach);
        const across = groupsOf(columns);
        const parts = vectorOf(stage.scratch('counted parts', 'indices', count * columns));
        const numbers = { rows: some, columns, each: rowsEach, across };
        call(stage, countRows, { parts, a: part(a) }, numbers, across * count);
        add(counts, parts, columns, count);
      });
    },
    countActivePairs(counts, values, indices, lengths) {
      const [m, k] = values.shape;
      const columns = counts.shape[0];
      if (columns === 0) return;
      const block = stage.scratch('counted parts', 'indices', columns);
      stage.device.clear(block, 0, 4 * columns);
      const parts = vectorOf(block);
      inRows(stage, m, [values, indices], (part, count) => {
        const { groups, ...teams } = teamsOfPairs(count, k, lengths !== null);
        const views = { parts, values: part(values), indices: part(indices), lengths: part(lengths) };
        call(stage, countPairs, views, { m: count, k, ...teams }, groups);
      });
      add(counts, parts, columns, 1);
    },
    advanceSilence: (next, silence, counts, examples) =>
      each(stage, advanceSilence, next, { next, silence, counts }, countOf(examples)),
    selectSilent(values, indices, lengths, z, silence, limit) {
      const [m, k] = values.shape;
      const [units] = silence.shape;
      const list = vectorOf(stage.scratch('silent units', 'indices', Math.max(1, units)));
      const found = vectorOf(stage.scratch('number of silent units', 'indices', 1));
      call(stage, listSilent, { list, found, silence }, { units, ...countOf(limit) }, 1);
      inRows(stage, m, [values, indices, z], (part, count) => {
        const views = { values: part(values), indices: part(indices), lengths: part(lengths), z: part(z) };
        call(stage, selectListed, { ...views, list, found }, { k }, count);
      });
    },
    residualMoments: (moments, e) => residualMoments(stage, moments, e),
    auxiliaryScale: (scale, moments, silence, limit, alpha, m) =>
      auxiliaryScale(stage, scale, moments, { silence, limit }, alpha, m),
    silentScale: (scale, silence, limit, most, alpha, m) =>
      silentScale(stage, scale, { silence, limit }, most, alpha, m),
    scaledSquaredError: (dEHat, results, slot, eHat, e, scale, m) =>
      scaledSquaredError(stage, dEHat, results, slot, eHat, e, scale, m),
  };
}
