import type { View } from '../../array/matrix.ts';
import type { Kernels } from '../kernels.ts';
import { call, program, type Stage, vectorOf } from './call.ts';
import { flattened } from './elementwise.ts';
import { FUNCTIONS, LARGEST_OF_ROW } from './functions.ts';
import { PRODUCTS } from './pair-products.ts';
import { slotOf, sumTo } from './sums.ts';

/** Σ e·(x̂ − x)² over examples and coordinates, of which the caller's factor is ½·1/m; dXHat = e·(x̂ − x), without 1/m. */
const squaredError = program({
  name: 'squaredError',
  views: { d_x_hat: 'write', x_hat: 'read', x: 'read', emphasis: 'read' },
  numbers: {},
  code: `${PRODUCTS}
fn value_pair(i: u32, j: u32) -> vec2<f32> {
  let error = x_hat(i, j) - x(i, j);
  var weighted = error;
  if (has_emphasis) { weighted = emphasis(i, j) * error; }
  set_d_x_hat(i, j, weighted);
  return product_pair(weighted, error);
}`,
});

/**
 * Σ e·(log(1 + eᶻ) − xz) over examples and coordinates, of which the caller's factor is 1/m; delta without it.
 * With e = e^−|z|: log(1 + eᶻ) − xz is log(1 + e) + z(1 − x) above 0 and log(1 + e) − xz below, σ(z) − x is 1 − x − e/(1 + e) and
 * e/(1 + e) − x: nothing is lost where the model is right.
 */
const crossEntropy = program({
  name: 'crossEntropy',
  views: { delta: 'write', z: 'read', x: 'read', emphasis: 'read' },
  numbers: {},
  code: `${FUNCTIONS}
fn value(i: u32, j: u32) -> f32 {
  let logit = z(i, j);
  let wanted = x(i, j);
  let small = exp_of(-abs(logit));
  let low = small / (1.0 + small);
  var slope = low - wanted;
  var cost = log1p_of(small) - wanted * logit;
  if (logit > 0.0) {
    slope = (1.0 - wanted) - low;
    cost = log1p_of(small) + logit * (1.0 - wanted);
    if (is_infinite(logit)) { cost = logit - wanted * logit; }
  }
  var weight = 1.0;
  if (has_emphasis) { weight = emphasis(i, j); }
  set_delta(i, j, weight * slope);
  return weight * cost;
}`,
});

/** A group a row, costs of rows apart, of which the caller sums 1/m: log Σ exp(z − max) − (z − max) for what is wanted, and softmax(z) − y. */
const softmaxCrossEntropy = program({
  name: 'softmaxCrossEntropy',
  views: { delta: 'write', costs: 'write', z: 'read', y: 'read' },
  numbers: { columns: 'u32' },
  code: `${FUNCTIONS}${LARGEST_OF_ROW}
fn run(group: u32, lane: u32) {
  let top = largest_of_row(group, lane);
  var sum = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) { sum = add_to_pair(sum, exp_of(z(group, j) - top)); }
  let total = sum_lanes(lane, sum);
  let log_total = log_of(total);
  var cost = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) {
    let logit = z(group, j) - top;
    let wanted = y(group, j);
    cost = add_to_pair(cost, wanted * (log_total - logit));
    // e/Σ − y, to the last digits of 1 − e/Σ
    let off = (exp_of(logit) - wanted * total.x) - wanted * total.y;
    set_delta(group, j, off / (total.x + total.y));
  }
  let row = sum_lanes(lane, cost);
  if (lane == 0u) { set_costs_pair(0u, group, row); }
}`,
});
const sumCosts = program({
  name: 'sum of costs',
  views: { costs: 'read' },
  numbers: {},
  code: 'fn value(i: u32, j: u32) -> f32 { return costs1(j); }',
});

type Of = Pick<Kernels, 'squaredError' | 'crossEntropy' | 'softmaxCrossEntropy'>;

/** Losses: value and derivative in one pass. */
export function createLosses(stage: Stage): Of {
  return {
    squaredError(dXHat, results, slot, xHat, x, emphasis, m) {
      const [out, of, wanted, e] = flattened<View | null>(dXHat, xHat, x, emphasis);
      const views = { d_x_hat: out, x_hat: of, x: wanted, emphasis: e };
      sumTo(stage, squaredError, out as View, views, {}, slotOf(results, slot), 1 / (2 * m));
    },
    crossEntropy(delta, results, slot, z, x, emphasis, m) {
      const [out, of, wanted, e] = flattened<View | null>(delta, z, x, emphasis);
      const views = { delta: out, z: of, x: wanted, emphasis: e };
      sumTo(stage, crossEntropy, out as View, views, {}, slotOf(results, slot), 1 / m);
    },
    softmaxCrossEntropy(delta, results, slot, z, y, m) {
      const [rows, columns] = z.shape;
      const costs = vectorOf(stage.scratch('costs of rows', 'doubles', rows), rows);
      call(stage, softmaxCrossEntropy, { delta, costs, z, y }, { columns }, rows);
      sumTo(stage, sumCosts, costs, { costs }, {}, slotOf(results, slot), 1 / m);
    },
  };
}
