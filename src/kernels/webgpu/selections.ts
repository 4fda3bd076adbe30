import type { Kernels } from '../kernels.ts';
import { toPair } from './block.ts';
import { addByteCounts, addEqualCounts } from './byte-counts.ts';
import { call, program, type Stage, vectorOf } from './call.ts';
import { each } from './elementwise.ts';
import { keepLargest } from './keep-largest.ts';
import { PRODUCTS } from './pair-products.ts';
import { inRows } from './row-blocks.ts';
import { selectAbove, selectLargestOfAll } from './select-batch.ts';
import { selectLargest } from './select-rows.ts';

/** indices of a row rise. */
const countBelow = program({
  name: 'countBelow',
  views: { lengths: 'write', indices: 'read', within: 'read' },
  numbers: { width: 'u32', bound: 'u32' },
  code: `
fn each(row: u32, i: u32) {
  var low = 0u;
  var high = select(p.width, u32(within1(i)), has_within);
  while (low < high) {
    let middle = (low + high) / 2u;
    if (indices(i, middle) < p.bound) { low = middle + 1u; } else { high = middle; }
  }
  set_lengths1(i, low);
}`,
});

/** Thresholds in doubles. */
const moveThreshold = program({
  name: 'moveThreshold',
  views: { threshold: 'write', least: 'read' },
  numbers: { high: 'f32', low: 'f32' },
  code: `
${PRODUCTS}
fn each(i: u32, j: u32) {
  let smallest = least_pair(0u, 0u);
  if (smallest.x == 0.0 && smallest.y == 0.0) { return; }
  let before = threshold_pair(0u, 0u);
  if (before.x == 0.0 && before.y == 0.0) { set_threshold_pair(0u, 0u, smallest); return; }
  let way = multiply_pairs(vec2<f32>(p.high, p.low), add_pairs(smallest, -before));
  set_threshold_pair(0u, 0u, add_pairs(before, way));
}`,
});

type Of = Pick<
  Kernels,
  | 'selectLargest'
  | 'countBelow'
  | 'selectLargestOfAll'
  | 'selectAbove'
  | 'keepLargest'
  | 'moveThreshold'
  | 'countBytes'
  | 'countEqual'
>;

/** Selections of the units that survive, by the bits of their values: exact, ties included. */
export function createSelections(stage: Stage): Of {
  return {
    selectLargest: (values, indices, a) =>
      inRows(stage, a.shape[0], [values, indices, a], (part, count) => {
        const views = { values: part(values), indices: part(indices), a: part(a) };
        call(stage, selectLargest, views, { columns: a.shape[1], k: values.shape[1] }, count);
      }),
    selectLargestOfAll: (values, indices, lengths, least, a, count) =>
      selectLargestOfAll(stage, [values, indices, lengths], least, a, count),
    selectAbove: (values, indices, lengths, a, threshold) =>
      selectAbove(stage, [values, indices, lengths], a, threshold),
    keepLargest(values, indices, lengths, within, a, keep) {
      const [m, width] = values.shape;
      if (m === 0) return;
      const given = stage.scratch('rows to keep', 'indices', m);
      stage.device.upload(given, 0, new Uint8Array(Uint32Array.from(keep.subarray(0, m)).buffer));
      const kept = vectorOf(given, m);
      inRows(stage, m, [values, indices, a], (part, count) => {
        const pairs = { values: part(values), indices: part(indices), lengths: part(lengths), within: part(within) };
        call(stage, keepLargest, { ...pairs, a: part(a), keep: part(kept) }, { width }, count);
      });
    },
    countBelow(lengths, indices, within, bound) {
      const width = indices.shape[1];
      each(stage, countBelow, lengths, { lengths, indices, within }, { width, bound: Math.min(2 ** 32 - 1, bound) });
    },
    moveThreshold(threshold, least, rate) {
      const [high, low] = toPair(rate);
      each(stage, moveThreshold, threshold, { threshold, least }, { high, low });
    },
    countBytes: (results, slot, a, byte, like) => addByteCounts(stage, results, slot, a, byte, like),
    countEqual: (results, slot, a, value) => addEqualCounts(stage, results, slot, a, value),
  };
}
