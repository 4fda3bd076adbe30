import type { View } from '../../array/matrix.ts';
import type { Kernels } from '../kernels.ts';
import { call, groupsOf, program, type Stage } from './call.ts';
import { PRODUCTS } from './pair-products.ts';
import { PairSorter } from './pairs-by-unit.ts';
import { inRows, rowsAtOnce, rowsOf } from './row-blocks.ts';
import { LENGTH, PLACE, teamsOf, teamsOfPairs } from './teams.ts';

/** A lane an element of out. */
const addSparseRows = program({
  name: 'addSparseRows',
  views: { out: 'write', values: 'read', indices: 'read', rows: 'read', lengths: 'read' },
  numbers: { m: 'u32', k: 'u32', d: 'u32', bits: 'u32', across: 'u32' },
  code: `
${PLACE}
${LENGTH}
fn run(group: u32, lane: u32) {
  let at = place(group, lane);
  if (at.x >= p.m || at.y >= p.d) { return; }
  let n = length_of(at.x);
  var sum = out(at.x, at.y);
  for (var t = 0u; t < n; t++) { sum += values(at.x, t) * rows(indices(at.x, t), at.y); }
  set_out(at.x, at.y, sum);
}`,
});

/** A group a row; 32 lanes sum one of its pairs. */
const sparseDots = program({
  name: 'sparseDots',
  views: { out: 'write', dense: 'read', indices: 'read', rows: 'read', lengths: 'read' },
  numbers: { k: 'u32', d: 'u32' },
  code: `
${LENGTH}
${PRODUCTS}
var<workgroup> length: u32;
var<workgroup> sums: array<vec2<f32>, 256>;
fn run(group: u32, lane: u32) {
  if (lane == 0u) { length = length_of(group); }
  let n = workgroupUniformLoad(&length);
  let own = lane & 31u;
  for (var base = 0u; base < n; base += 8u) {
    let t = base + (lane >> 5u);
    var sum = vec2<f32>(0.0, 0.0);
    if (t < n) {
      let j = indices(group, t);
      for (var c = own; c < p.d; c += 32u) { sum = add_pairs(sum, product_pair(dense(group, c), rows(j, c))); }
    }
    sums[lane] = sum;
    workgroupBarrier();
    for (var reach = 16u; reach > 0u; reach = reach >> 1u) {
      if (own < reach) { sums[lane] = add_pairs(sums[lane], sums[lane + reach]); }
      workgroupBarrier();
    }
    if (own == 0u && t < n) { set_out(group, t, sums[lane].x + sums[lane].y); }
    workgroupBarrier();
  }
}`,
});

const gatherColumns = program({
  name: 'gatherColumns',
  views: { out: 'write', dense: 'read', indices: 'read', lengths: 'read' },
  numbers: { m: 'u32', k: 'u32', bits: 'u32', across: 'u32' },
  code: `
${PLACE}
${LENGTH}
fn run(group: u32, lane: u32) {
  let at = place(group, lane);
  if (at.x >= p.m) { return; }
  let n = length_of(at.x);
  for (var t = at.y; t < n; t += at.z) { set_out(at.x, t, dense(at.x, indices(at.x, t))); }
}`,
});

/** A lane an element of out, which goes through the pairs of its unit in the order of their rows. */
const addSparseOuter = program({
  name: 'addSparseOuter',
  views: { out: 'write', values: 'read', dense: 'read', starts: 'read', pairs: 'read' },
  numbers: { units: 'u32', k: 'u32', d: 'u32', alpha: 'f32', bits: 'u32', across: 'u32' },
  code: `
${PLACE}
fn run(group: u32, lane: u32) {
  let at = place(group, lane);
  if (at.x >= p.units || at.y >= p.d) { return; }
  let begin = starts1(at.x);
  let end = starts1(at.x + 1u);
  if (begin == end) { return; }
  var sum = out(at.x, at.y);
  for (var n = begin; n < end; n++) {
    let e = pairs1(n);
    let i = e / p.k;
    sum += p.alpha * values(i, e - i * p.k) * dense(i, at.y);
  }
  set_out(at.x, at.y, sum);
}`,
});

/** 32 lanes a unit. */
const addSparseSums = program({
  name: 'addSparseSums',
  views: { out: 'write', values: 'read', starts: 'read', pairs: 'read' },
  numbers: { units: 'u32', k: 'u32', alpha: 'f32' },
  code: `
var<workgroup> sums: array<vec2<f32>, 256>;
fn run(group: u32, lane: u32) {
  let own = lane & 31u;
  let j = group * 8u + (lane >> 5u);
  var sum = vec2<f32>(0.0, 0.0);
  var any = false;
  if (j < p.units) {
    let end = starts1(j + 1u);
    let begin = starts1(j);
    any = begin < end;
    for (var n = begin + own; n < end; n += 32u) {
      let e = pairs1(n);
      let i = e / p.k;
      sum = add_to_pair(sum, values(i, e - i * p.k));
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var reach = 16u; reach > 0u; reach = reach >> 1u) {
    if (own < reach) { sums[lane] = add_pairs(sums[lane], sums[lane + reach]); }
    workgroupBarrier();
  }
  if (own == 0u && any) { set_out1(j, out1(j) + p.alpha * (sums[lane].x + sums[lane].y)); }
}`,
});

type Of = Pick<Kernels, 'addSparseRows' | 'sparseDots' | 'gatherColumns' | 'addSparseOuter' | 'addSparseSums'>;

/** Products of sparse codes: pairs of value and index. What goes to units is summed in the order of the rows. */
export function createSparse(stage: Stage): Of {
  const sorter = new PairSorter(stage);
  /** Calls `use` with blocks of rows, as many as can be sorted at once. */
  const inBlocks = (
    { values, indices, lengths }: { values: View; indices: View; lengths: View | null },
    dense: View | null,
    units: number,
    use: (values: View, begin: number, sorted: ReturnType<PairSorter['sort']>) => void,
  ) => {
    const [m, k] = values.shape;
    if (m === 0 || k === 0 || units === 0) return;
    const most = Math.min(PairSorter.rowsAtOnce(k, units), rowsAtOnce(stage, [values, indices, dense]));
    for (let begin = 0; begin < m; begin += most) {
      const count = Math.min(most, m - begin);
      const pairs = { ...rowsOf(indices, begin, count), shape: [count, k] };
      const sorted = sorter.sort(pairs, lengths && rowsOf(lengths, begin, count), units);
      use(rowsOf(values, begin, count), begin, sorted);
    }
  };
  return {
    addSparseRows(out, values, indices, rows, lengths = null) {
      const [m, d] = out.shape;
      inRows(stage, m, [out, values, indices], (part, count) => {
        const { groups, ...teams } = teamsOf(count, d);
        const numbers = { m: count, k: values.shape[1], d, ...teams };
        const pairs = { values: part(values), indices: part(indices), lengths: part(lengths) };
        call(stage, addSparseRows, { out: part(out), ...pairs, rows }, numbers, groups);
      });
    },
    sparseDots(out, dense, indices, rows, lengths = null) {
      const [m, k] = out.shape;
      inRows(stage, k === 0 ? 0 : m, [out, dense, indices], (part, count) => {
        const views = { out: part(out), dense: part(dense), indices: part(indices), lengths: part(lengths) };
        call(stage, sparseDots, { ...views, rows }, { k, d: dense.shape[1] }, count);
      });
    },
    gatherColumns(out, dense, indices, lengths = null) {
      const [m, k] = out.shape;
      inRows(stage, m, [out, dense, indices], (part, count) => {
        const { groups, ...teams } = teamsOfPairs(count, k, lengths !== null);
        const views = { out: part(out), dense: part(dense), indices: part(indices), lengths: part(lengths) };
        call(stage, gatherColumns, views, { m: count, k, ...teams }, groups);
      });
    },
    addSparseOuter(out, alpha, values, indices, dense, lengths = null) {
      const [units, d] = out.shape;
      const { groups, ...teams } = teamsOf(units, d);
      const k = values.shape[1];
      inBlocks({ values, indices, lengths }, dense, d === 0 ? 0 : units, (some, begin, { starts, pairs }) => {
        const views = { out, values: some, dense: rowsOf(dense, begin, some.shape[0]), starts, pairs };
        call(stage, addSparseOuter, views, { units, k, d, alpha, ...teams }, groups);
      });
    },
    addSparseSums(out, alpha, values, indices, lengths = null) {
      const [units] = out.shape;
      const k = values.shape[1];
      inBlocks({ values, indices, lengths }, null, units, (some, _begin, { starts, pairs }) => {
        call(stage, addSparseSums, { out, values: some, starts, pairs }, { units, k, alpha }, groupsOf(units, 8));
      });
    },
  };
}
