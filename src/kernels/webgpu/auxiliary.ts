import type { View } from '../../array/matrix.ts';
import { toPair } from './block.ts';
import { call, element, extent, groupsOf, program, type Stage, vectorOf } from './call.ts';
import { COUNTERS, countOf } from './counters.ts';
import { PRODUCTS } from './pair-products.ts';
import { slotOf, sumTo } from './sums.ts';

/** Rows that a lane goes through at least, and parts of a column at most. */
const ROWS = 32;
const PARTS = 64;

/** Of a part of the rows Σ e by column, and Σ e² of the group. */
const momentsOfParts = program({
  name: 'residualMoments',
  views: { sums: 'write', squares: 'write', e: 'read' },
  numbers: { rows: 'u32', columns: 'u32', each: 'u32', across: 'u32' },
  code: `
${PRODUCTS}
fn run(group: u32, lane: u32) {
  let j = (group % p.across) * 256u + lane;
  let part = group / p.across;
  var sum = vec2<f32>(0.0, 0.0);
  var square = vec2<f32>(0.0, 0.0);
  if (j < p.columns) {
    let end = min(p.rows, (part + 1u) * p.each);
    for (var i = part * p.each; i < end; i++) {
      let value = e(i, j);
      sum = add_to_pair(sum, value);
      square = add_pairs(square, product_pair(value, value));
    }
    set_sums_pair(0u, part * p.columns + j, sum);
  }
  let all = sum_lanes(lane, square);
  if (lane == 0u) { set_squares_pair(0u, group, all); }
}`,
});

const momentsOfColumns = program({
  name: 'sum moments of columns',
  views: { moments: 'write', sums: 'read' },
  numbers: { columns: 'u32', parts_count: 'u32' },
  code: `
fn run(group: u32, lane: u32) {
  let j = group * 256u + lane;
  if (j >= p.columns) { return; }
  var sum = vec2<f32>(0.0, 0.0);
  for (var n = 0u; n < p.parts_count; n++) { sum = add_pairs(sum, sums_pair(0u, n * p.columns + j)); }
  set_moments_pair(0u, j, sum);
}`,
});

const sumSquares = program({
  name: 'sum squares of residuals',
  views: { moment: 'write', squares: 'read' },
  numbers: { count: 'u32' },
  code: `
fn run(group: u32, lane: u32) {
  var own = vec2<f32>(0.0, 0.0);
  for (var n = lane; n < p.count; n += 256u) { own = add_pairs(own, squares_pair(0u, n)); }
  let sum = sum_lanes(lane, own);
  if (lane == 0u) { set_moment_pair(0u, 0u, sum); }
}`,
});

/** `silent(lane)`: how many units have been silent for the limit, for all lanes. */
const SILENT = `
${COUNTERS}
var<workgroup> silent_count: atomic<u32>;
fn silent(lane: u32) -> u32 {
  if (lane == 0u) { atomicStore(&silent_count, 0u); }
  workgroupBarrier();
  var own = 0u;
  for (var j = lane; j < p.units; j += 256u) {
    if (is_least(count_of(silence_pair(0u, j)), vec2<u32>(p.limit_high, p.limit_low))) { own++; }
  }
  atomicAdd(&silent_count, own);
  workgroupBarrier();
  return atomicLoad(&silent_count);
}`;

/**
 * Below this share of Σ‖e‖² the spread of residuals is what rounding leaves of equal ones: pairs of float32 have 48 bits.
 */
const LEAST_SPREAD = 2 ** -37;

const scaleOfSpread = program({
  name: 'auxiliaryScale',
  views: { scale: 'write', moments: 'read', silence: 'read' },
  numbers: {
    d: 'u32',
    units: 'u32',
    limit_high: 'u32',
    limit_low: 'u32',
    alpha: 'f32',
    alpha_low: 'f32',
    m: 'f32',
    m_low: 'f32',
    least: 'f32',
  },
  code: `
${PRODUCTS}
${SILENT}
fn run(group: u32, lane: u32) {
  let count = silent(lane);
  var own = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.d; j += 256u) {
    let sum = moments_pair(0u, j);
    own = add_pairs(own, divide_pairs(multiply_pairs(sum, sum), vec2<f32>(p.m, p.m_low)));
  }
  let squares = sum_lanes(lane, own);
  if (lane != 0u) { return; }
  let all = moments_pair(0u, p.d);
  let spread = add_pairs(all, -squares);
  var value = vec2<f32>(0.0, 0.0);
  let shows = is_nan(spread.x) || is_nan(all.x);
  if (count > 0u && shows) { value = vec2<f32>(spread.x + all.x, 0.0); }
  else if (count > 0u && spread.x > p.least * all.x) { value = divide_pairs(vec2<f32>(p.alpha, p.alpha_low), spread); }
  set_scale_pair(0u, 0u, value);
}`,
});

const scaleOfSilent = program({
  name: 'silentScale',
  views: { scale: 'write', silence: 'read' },
  numbers: {
    units: 'u32',
    limit_high: 'u32',
    limit_low: 'u32',
    alpha: 'f32',
    alpha_low: 'f32',
    most: 'f32',
    most_low: 'f32',
  },
  code: `
${PRODUCTS}
${SILENT}
fn run(group: u32, lane: u32) {
  let count = silent(lane);
  if (lane != 0u) { return; }
  let most = vec2<f32>(p.most, p.most_low);
  let own = vec2<f32>(f32(count >> 16u) * 65536.0, f32(count & 0xffffu));
  let some = add_pairs(own, vec2<f32>(0.0, 0.0));
  let over = add_pairs(some, -most);
  var value = vec2<f32>(p.alpha, p.alpha_low);
  if (over.x < 0.0) { value = multiply_pairs(value, divide_pairs(some, most)); }
  set_scale_pair(0u, 0u, value);
}`,
});

/** s as float32: a gap's rounding is as large. */
const squaredError = program({
  name: 'scaledSquaredError',
  views: { dEHat: 'write', eHat: 'read', e: 'read', scale: 'read' },
  numbers: { m: 'f32' },
  code: `
fn value(i: u32, j: u32) -> f32 {
  let s = scale1(0u);
  let gap = eHat(i, j) - e(i, j);
  set_dEHat(i, j, (2.0 * s * p.m) * gap);
  return s * (gap * gap);
}`,
});

export function residualMoments(stage: Stage, moments: View, e: View): void {
  const [rows, columns] = extent(e);
  const rowsEach = Math.max(ROWS, Math.ceil(rows / PARTS));
  const count = Math.ceil(rows / rowsEach);
  const across = groupsOf(columns);
  const sums = vectorOf(stage.scratch('sums of residuals', 'doubles', Math.max(1, count * columns)));
  const squares = vectorOf(stage.scratch('squares of residuals', 'doubles', Math.max(1, count * across)));
  call(stage, momentsOfParts, { sums, squares, e }, { rows, columns, each: rowsEach, across }, count * across);
  call(stage, momentsOfColumns, { moments, sums }, { columns, parts_count: count }, across);
  call(stage, sumSquares, { moment: element(moments, columns), squares }, { count: count * across }, 1);
}

/** Units with silence_j ≥ limit. */
interface Silent {
  readonly silence: View;
  readonly limit: number;
}

function limits({ silence, limit }: Silent) {
  const { high, low } = countOf(limit);
  return { units: silence.shape[0], limit_high: high, limit_low: low };
}

export function auxiliaryScale(
  stage: Stage,
  scale: View,
  moments: View,
  silent: Silent,
  alpha: number,
  m: number,
): void {
  const [[high, low], [rows, rowsLow]] = [toPair(alpha), toPair(m)];
  const numbers = { alpha: high, alpha_low: low, m: rows, m_low: rowsLow, least: LEAST_SPREAD };
  const views = { scale, moments, silence: silent.silence };
  call(stage, scaleOfSpread, views, { d: moments.shape[0] - 1, ...limits(silent), ...numbers }, 1);
}

export function silentScale(stage: Stage, scale: View, silent: Silent, most: number, alpha: number, m: number): void {
  const [[high, low], [most_high, most_low]] = [toPair(alpha / m), toPair(most)];
  const numbers = { ...limits(silent), alpha: high, alpha_low: low, most: most_high, most_low };
  call(stage, scaleOfSilent, { scale, silence: silent.silence }, numbers, 1);
}

export function scaledSquaredError(
  stage: Stage,
  dEHat: View,
  results: unknown,
  slot: number,
  eHat: View,
  e: View,
  scale: View,
  m: number,
): void {
  sumTo(stage, squaredError, dEHat, { dEHat, eHat, e, scale }, { m }, slotOf(results, slot), 1);
}
