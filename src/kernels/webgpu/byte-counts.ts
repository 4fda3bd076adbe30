import type { View } from '../../array/matrix.ts';
import { call, extent, groupsOf, program, type Stage, vectorOf } from './call.ts';
import { COUNTERS } from './counters.ts';
import { inRows } from './row-blocks.ts';
import { SCAN } from './selection-code.ts';
import { slotOf } from './sums.ts';

/** Elements that a group counts at least, and groups at most. */
const LEAST = 4096;
const MOST = 1024;

const countBytes = program({
  name: 'countBytes',
  views: { parts: 'write', a: 'read' },
  numbers: { rows: 'u32', columns: 'u32', turned: 'u32', shift: 'u32', like: 'f32' },
  code: `
var<workgroup> counts: array<atomic<u32>, 256>;
fn run(group: u32, lane: u32) {
  atomicStore(&counts[lane], 0u);
  workgroupBarrier();
  let like = bitcast<u32>(p.like);
  for (var e = group * 256u + lane; e < p.rows * p.columns; e += p.groups * 256u) {
    let turned = p.turned == 1u;
    let own = bitcast<u32>(a(select(e / p.columns, e % p.rows, turned), select(e % p.columns, e / p.rows, turned)));
    if (own == 0u || own > 0x7f800000u) { continue; } // not above 0, or NaN
    if (p.shift == 24u || ((own ^ like) >> (p.shift + 8u)) == 0u) { atomicAdd(&counts[(own >> p.shift) & 255u], 1u); }
  }
  workgroupBarrier();
  set_parts1(group * 256u + lane, atomicLoad(&counts[lane]));
}`,
});

const addBytes = program({
  name: 'add counts of bytes',
  views: { sums: 'write', parts: 'read' },
  numbers: { parts_count: 'u32' },
  code: `
${COUNTERS}
fn run(group: u32, lane: u32) {
  var own = 0u;
  for (var n = 0u; n < p.parts_count; n++) { own += parts1(n * 256u + lane); }
  if (own > 0u) { set_sums_pair(0u, lane, add_count(sums_pair(0u, lane), own)); }
}`,
});

const countEqual = program({
  name: 'countEqual',
  views: { sums: 'write', a: 'read' },
  numbers: { columns: 'u32', value: 'f32' },
  code: `
${COUNTERS}
${SCAN}
fn run(group: u32, lane: u32) {
  let wanted = bitcast<u32>(p.value);
  var own = 0u;
  for (var j = lane; j < p.columns; j += 256u) {
    let bits = bitcast<u32>(a(group, j));
    if (bits == wanted || ((bits | wanted) & 0x7fffffffu) == 0u) { own++; }
  }
  let all = scan(lane, own).y;
  if (lane == 0u && all > 0u) { set_sums_pair(0u, group, add_count(sums_pair(0u, group), all)); }
}`,
});

/** Slots from one on, `length` of them. */
function slotsOf(results: unknown, slot: number, length: number): View {
  return { ...slotOf(results, slot), shape: [length] };
}

export function addByteCounts(stage: Stage, results: unknown, slot: number, a: View, byte: number, like: number): void {
  const [rows, columns] = extent(a);
  if (rows * columns === 0) return;
  const parts = vectorOf(stage.scratch('bytes', 'indices', MOST * 256));
  const turned = Math.abs(a.stride[0]) < Math.abs(a.stride[1]) ? 1 : 0;
  const sums = slotsOf(results, slot, 256);
  inRows(stage, rows, [a], (part, count) => {
    const groups = Math.min(MOST, groupsOf(count * columns, LEAST));
    const numbers = { rows: count, columns, turned, shift: 24 - 8 * byte, like };
    call(stage, countBytes, { parts, a: part(a) }, numbers, groups);
    call(stage, addBytes, { sums, parts }, { parts_count: groups }, 1);
  });
}

export function addEqualCounts(stage: Stage, results: unknown, slot: number, a: View, value: number): void {
  const [rows, columns] = extent(a);
  if (Math.fround(value) !== value || columns === 0) return; // no float32 equals it
  const sums = slotsOf(results, slot, rows);
  inRows(stage, rows, [a], (part, count) => {
    call(stage, countEqual, { sums: part(sums), a: part(a) }, { columns, value }, count);
  });
}
