import type { Kernels } from '../kernels.ts';
import { toPair } from './block.ts';
import { call, element, program, type Stage } from './call.ts';
import { zeroed } from './clear.ts';
import { sumColumns } from './columns.ts';
import { each } from './elementwise.ts';
import { FUNCTIONS } from './functions.ts';
import { slotOf, sumTo } from './sums.ts';

const thresholds = program({
  name: 'thresholds',
  views: { theta: 'write', x: 'read' },
  numbers: { log: 'u32' },
  code: `${FUNCTIONS}
fn each(i: u32, j: u32) {
  let v = x1(j);
  if (p.log == 1u) { set_theta1(j, exp_of(v)); }
  else { set_theta1(j, select(0.0, v, is_nan(v) || v > 0.0)); }
}`,
});

const jumpRelu = program({
  name: 'jumpRelu',
  views: { a: 'write', z: 'read', theta: 'read' },
  numbers: {},
  code: `
fn each(i: u32, j: u32) {
  let v = z(i, j);
  let t = theta1(j);
  set_a(i, j, select(v, 0.0, v <= t && !is_nan(v) && !is_nan(t)));
}`,
});

/** K: |z − θ| < ε/2, without a division that may round to either side of it. */
const NEAR = 'fn is_near(z: f32, t: f32) -> bool { return abs(z - t) < p.reach && !is_nan(z) && !is_nan(t); }';

/** Σₖ (θ/ε) K·∂J/∂a of each column, and delta. */
const jumpReluDelta = {
  ...program({
    name: 'jumpReluDelta',
    views: { delta: 'write', z: 'read', theta: 'read' },
    numbers: { reach: 'f32', steepness: 'f32', to_input: 'u32' },
    code: `${NEAR}
fn values(i: u32, j: u32) -> array<f32, 1> {
  let above = delta(i, j);
  let v = z(i, j);
  let t = theta1(j);
  var estimate = 0.0;
  if (is_near(v, t)) { estimate = p.steepness * t * above; }
  var passed = 0.0;
  if (v > t) { passed = above; }
  if (p.to_input == 1u) { passed += estimate; }
  set_delta(i, j, passed);
  return array<f32, 1>(estimate);
}`,
  }),
  sums: 1,
};

const countOn = program({
  name: 'countOn',
  views: { z: 'read', theta: 'read' },
  numbers: {},
  code: 'fn value(i: u32, j: u32) -> f32 { return select(0.0, 1.0, z(i, j) > theta1(j)); }',
});

/** One lane: n and the target are pairs, as their difference counts. `inverse` = 1/target, 0 where there is none. */
const l0Penalty = program({
  name: 'l0Penalty',
  views: { slope: 'write', total: 'write', count: 'read' },
  numbers: { weight: 'f32', most: 'f32', most_low: 'f32', inverse: 'f32' },
  code: `
fn run(group: u32, lane: u32) {
  if (lane > 0u) { return; }
  let n = count_pair(0u, 0u);
  var slope = p.weight;
  var cost = vec2<f32>(p.weight * n.x, p.weight * n.y);
  if (p.inverse > 0.0) {
    let off = add_pairs(n, vec2<f32>(-p.most, -p.most_low));
    let gap = (off.x + off.y) * p.inverse;
    slope = 2.0 * p.weight * gap * p.inverse;
    cost = vec2<f32>(p.weight * gap * gap, 0.0);
  }
  set_slope1(0u, slope);
  set_total_pair(0u, 0u, add_pairs(total_pair(0u, 0u), cost));
}`,
});

/** Σₖ λK/ε of each column, and dZ. */
const l0Delta = {
  ...program({
    name: 'l0Delta',
    views: { d_z: 'write', z: 'read', theta: 'read', slope: 'read' },
    numbers: { reach: 'f32', steepness: 'f32' },
    code: `${NEAR}
fn values(i: u32, j: u32) -> array<f32, 1> {
  if (!is_near(z(i, j), theta1(j))) { return array<f32, 1>(0.0); }
  let share = slope1(0u) * p.steepness;
  if (has_d_z) { set_d_z(i, j, d_z(i, j) + share); }
  return array<f32, 1>(share);
}`,
  }),
  sums: 1,
};

const thresholdDelta = program({
  name: 'thresholdDelta',
  views: { d_p: 'write', d_theta: 'read', x: 'read' },
  numbers: { log: 'u32' },
  code: `${FUNCTIONS}
fn each(i: u32, j: u32) {
  let v = x1(j);
  var slope = select(0.0, 1.0, v > 0.0);
  if (p.log == 1u) { slope = exp_of(v); }
  set_d_p1(j, d_p1(j) + d_theta1(j) * slope);
}`,
});

/** Σₖ relu(θ − z) and Σₖ [z < θ] of each column that counts, and dZ. */
const gaps = (silent: boolean) => ({
  ...program({
    name: `preActivationLoss${silent ? ' of silent units' : ''}`,
    views: { d_z: 'write', z: 'read', theta: 'read', squares: 'read', counts: 'read' },
    numbers: { mu: 'f32', limit: 'f32', limit_low: 'f32' },
    code: `
fn values(i: u32, j: u32) -> array<f32, 2> {
  let gap = theta1(j) - z(i, j);
  ${silent ? 'if (add_pairs(counts_pair(0u, j), vec2<f32>(-p.limit, -p.limit_low)).x < 0.0) { return array<f32, 2>(0.0, 0.0); }' : ''}
  if (gap <= 0.0 && !is_nan(gap)) { return array<f32, 2>(0.0, 0.0); }
  set_d_z(i, j, d_z(i, j) - p.mu * sqrt(squares1(j)));
  return array<f32, 2>(gap, 1.0);
}`,
  }),
  sums: 2,
});
const [gapsOfAll, gapsOfSilent] = [gaps(false), gaps(true)];
const finishGaps = program({
  name: 'preActivationLoss of columns',
  views: { d_theta: 'write', pull: 'write', sums: 'read', below: 'read', squares: 'read' },
  numbers: { factor: 'f32' },
  code: `
fn value(i: u32, j: u32) -> f32 {
  let norm = sqrt(squares1(j));
  var pulled = 0.0;
  if (norm > 0.0) { pulled = p.factor * sums1(j) / norm; }
  set_pull1(j, pulled);
  set_d_theta1(j, d_theta1(j) + p.factor * norm * below1(j));
  return norm * sums1(j);
}`,
});

type Of = Pick<
  Kernels,
  | 'thresholds'
  | 'jumpRelu'
  | 'jumpReluDelta'
  | 'countOn'
  | 'l0Penalty'
  | 'l0Delta'
  | 'thresholdDelta'
  | 'preActivationLoss'
>;

/** JumpReLU units and what makes them sparse. */
export function createJumpRelu(stage: Stage): Of {
  return {
    thresholds: (theta, p, log) => each(stage, thresholds, p, { theta, x: p }, { log: Number(log) }),
    jumpRelu: (a, z, theta) => each(stage, jumpRelu, z, { a, z, theta }, {}),
    jumpReluDelta(delta, dTheta, z, { theta, bandwidth }, toInput, m) {
      const numbers = { reach: bandwidth / 2, steepness: 1 / bandwidth, to_input: Number(toInput) };
      sumColumns(stage, jumpReluDelta, z, { delta, z, theta }, numbers, [dTheta], [-1 / m]);
    },
    countOn: (count, z, theta, m) => sumTo(stage, countOn, z, { z, theta }, {}, element(count, 0), 1 / m),
    l0Penalty(slope, results, slot, count, weight, target) {
      const [most, most_low] = toPair(target ?? 0);
      const numbers = { weight, most, most_low, inverse: target === null ? 0 : 1 / target };
      call(stage, l0Penalty, { slope, total: slotOf(results, slot), count }, numbers, 1);
    },
    l0Delta(dZ, dTheta, z, { theta, bandwidth }, slope, m) {
      const numbers = { reach: bandwidth / 2, steepness: 1 / bandwidth };
      sumColumns(stage, l0Delta, z, { d_z: dZ, z, theta, slope }, numbers, [dTheta], [-1 / m]);
    },
    thresholdDelta: (dP, dTheta, p, log) =>
      each(stage, thresholdDelta, p, { d_p: dP, d_theta: dTheta, x: p }, { log: Number(log) }),
    preActivationLoss({ dZ, dTheta, pull }, results, slot, z, theta, squares, silence, mu, m) {
      const units = z.shape[1];
      const sums = zeroed(stage, 'sums of columns', 'doubles', units);
      const below = zeroed(stage, 'counts of columns', 'doubles', units);
      const [limit, limit_low] = toPair(silence?.limit ?? 0);
      const views = { d_z: dZ, z, theta, squares, counts: silence?.counts ?? null };
      const kernel = silence === null ? gapsOfAll : gapsOfSilent;
      sumColumns(stage, kernel, z, views, { mu, limit, limit_low }, [sums, below], [1, 1]);
      const finished = { d_theta: dTheta, pull, sums, below, squares };
      sumTo(stage, finishGaps, pull, finished, { factor: mu / m }, slotOf(results, slot), mu / m);
    },
  };
}
