import type { Kernels } from '../kernels.ts';
import { call, program, type Stage } from './call.ts';
import { zeroed } from './clear.ts';
import { sumColumns } from './columns.ts';
import { each } from './elementwise.ts';
import { FUNCTIONS } from './functions.ts';
import { inRows } from './row-blocks.ts';
import { slotOf, sumTo } from './sums.ts';

const scaleColumns = program({
  name: 'scaleColumns',
  views: { out: 'write', a: 'read', squares: 'read' },
  numbers: { inverse: 'u32' },
  code: `
fn each(i: u32, j: u32) {
  let norm = sqrt(squares1(j));
  let v = a(i, j);
  var scaled = v * norm;
  if (p.inverse == 1u) { scaled = v / norm; }
  set_out(i, j, select(scaled, v, norm == 0.0));
}`,
});

/** Σₖ |a| of each column, and dA += γ‖D_j‖ sign(a). */
const l1 = {
  ...program({
    name: 'normWeightedL1',
    views: { d_a: 'write', a: 'read', squares: 'read' },
    numbers: { gamma: 'f32' },
    code: `${FUNCTIONS}
fn values(i: u32, j: u32) -> array<f32, 1> {
  let v = a(i, j);
  set_d_a(i, j, d_a(i, j) + p.gamma * sqrt(squares1(j)) * sign_of(v));
  return array<f32, 1>(abs(v));
}`,
  }),
  sums: 1,
};

/** Σₖ tanh u and Σₖ s·a·sech² u of each column, u = s·a‖D_j‖, and dA += λ s‖D_j‖ sech² u = 4e/(1 + e)², e = e^−2|u|. */
const tanhOfColumns = {
  ...program({
    name: 'tanhPenalty',
    views: { d_a: 'write', a: 'read', squares: 'read' },
    numbers: { scale: 'f32', weight: 'f32' },
    code: `${FUNCTIONS}
fn values(i: u32, j: u32) -> array<f32, 2> {
  let norm = sqrt(squares1(j));
  let v = p.scale * a(i, j);
  let u = v * norm;
  let e = exp_of(-2.0 * abs(u));
  let slope = 4.0 * e / ((1.0 + e) * (1.0 + e));
  set_d_a(i, j, d_a(i, j) + p.weight * norm * slope);
  return array<f32, 2>(tanh_of(u), v * slope);
}`,
  }),
  sums: 2,
};

/** pull_j = factor·(Σₖ …)/‖D_j‖, 0 where there is no norm. */
const PULL = `
fn set_pulled(j: u32, norm: f32, sum: f32) {
  var pulled = 0.0;
  if (norm > 0.0) { pulled = p.factor * sum / norm; }
  set_pull1(j, pulled);
}`;
const finishL1 = program({
  name: 'normWeightedL1 of columns',
  views: { pull: 'write', sums: 'read', squares: 'read' },
  numbers: { factor: 'f32' },
  code: `${PULL}
fn value(i: u32, j: u32) -> f32 {
  let norm = sqrt(squares1(j));
  set_pulled(j, norm, sums1(j));
  return norm * sums1(j);
}`,
});
const finishTanh = program({
  name: 'tanhPenalty of columns',
  views: { pull: 'write', sums: 'read', slopes: 'read', squares: 'read' },
  numbers: { factor: 'f32' },
  code: `${PULL}
fn value(i: u32, j: u32) -> f32 {
  set_pulled(j, sqrt(squares1(j)), slopes1(j));
  return sums1(j);
}`,
});

/** A group a row. */
const projectRows = program({
  name: 'projectRows',
  views: { gradient: 'write', rows: 'read' },
  numbers: { columns: 'u32' },
  code: `
fn run(group: u32, lane: u32) {
  var dots = vec2<f32>(0.0, 0.0);
  var squares = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) {
    let v = rows(group, j);
    dots = add_to_pair(dots, gradient(group, j) * v);
    squares = add_to_pair(squares, v * v);
  }
  let along = sum_lanes(lane, dots);
  let square = sum_lanes(lane, squares);
  if (square.x == 0.0) { return; }
  let share = (along.x + along.y) / (square.x + square.y);
  for (var j = lane; j < p.columns; j += 256u) { set_gradient(group, j, gradient(group, j) - share * rows(group, j)); }
}`,
});
const normalizeRows = program({
  name: 'normalizeRows',
  views: { rows: 'write' },
  numbers: { columns: 'u32' },
  code: `
fn run(group: u32, lane: u32) {
  var squares = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) { let v = rows(group, j); squares = add_to_pair(squares, v * v); }
  let square = sum_lanes(lane, squares);
  if (square.x == 0.0) { return; }
  let norm = sqrt(square.x + square.y);
  for (var j = lane; j < p.columns; j += 256u) { set_rows(group, j, rows(group, j) / norm); }
}`,
});

type Of = Pick<Kernels, 'scaleColumns' | 'normWeightedL1' | 'tanhPenalty' | 'projectRows' | 'normalizeRows'>;

/** Norms of the decoder's rows. */
export function createRowNorms(stage: Stage): Of {
  return {
    scaleColumns: (out, a, squares, inverse) =>
      each(stage, scaleColumns, a, { out, a, squares }, { inverse: Number(inverse) }),
    normWeightedL1(dA, pull, results, slot, a, squares, gamma, m) {
      const sums = zeroed(stage, 'sums of columns', 'doubles', a.shape[1]);
      sumColumns(stage, l1, a, { d_a: dA, a, squares }, { gamma }, [sums], [1]);
      const factor = gamma / m;
      sumTo(stage, finishL1, pull, { pull, sums, squares }, { factor }, slotOf(results, slot), factor);
    },
    tanhPenalty(dA, pull, results, slot, a, squares, { weight, scale, m }) {
      const sums = zeroed(stage, 'sums of columns', 'doubles', a.shape[1]);
      const slopes = zeroed(stage, 'slopes of columns', 'doubles', a.shape[1]);
      const numbers = { scale, weight: weight * scale };
      sumColumns(stage, tanhOfColumns, a, { d_a: dA, a, squares }, numbers, [sums, slopes], [1, 1]);
      const factor = weight / m;
      sumTo(stage, finishTanh, pull, { pull, sums, slopes, squares }, { factor }, slotOf(results, slot), factor);
    },
    projectRows: (gradient, rows) =>
      inRows(stage, rows.shape[0], [gradient, rows], (part, count) =>
        call(stage, projectRows, { gradient: part(gradient), rows: part(rows) }, { columns: rows.shape[1] }, count),
      ),
    normalizeRows: (rows) =>
      inRows(stage, rows.shape[0], [rows], (part, count) =>
        call(stage, normalizeRows, { rows: part(rows) }, { columns: rows.shape[1] }, count),
      ),
  };
}
