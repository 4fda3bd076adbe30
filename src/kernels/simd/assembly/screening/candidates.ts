import { at } from '../lanes';
import * as job from './job';

// The candidates of a row, in rising order of their columns, with bounds: lower ≤ z ≤ upper. Those up to `exact` have z itself for
// both. State of a row: how many, how many of them exact, the threshold, and how the row stands.

/** Columns that reach the threshold are candidates. */
export const OPEN: i32 = 0;
/** The survivors are known. */
export const DONE: i32 = 1;
/** There was no room for all candidates, or the row is not finite: the float path has it. */
export const LEFT: i32 = 2;
/** A threshold was guessed that fewer than k units reach: the row is screened again without. */
export const GUESSED_WRONG: i32 = 3;

// @ts-ignore: decorator
@inline
export function count(state: usize): i32 {
  return load<i32>(state);
}
// @ts-ignore: decorator
@inline
export function exact(state: usize): i32 {
  return load<i32>(state, 4);
}
// @ts-ignore: decorator
@inline
export function threshold(state: usize): f32 {
  return load<f32>(state, 8);
}
// @ts-ignore: decorator
@inline
export function standing(state: usize): i32 {
  return load<i32>(state, 12);
}
/** Nothing found yet; whatever reaches `floor` is a candidate. */
// @ts-ignore: decorator
@inline
export function begin(state: usize, floor: f32): void {
  store<i32>(state, 0);
  store<i32>(state, 0, 4);
  store<f32>(state, floor, 8);
  store<i32>(state, OPEN, 12);
}
/** From now on no column is a candidate. */
// @ts-ignore: decorator
@inline
export function close(state: usize, standing: i32): void {
  store<f32>(state, Infinity, 8);
  store<i32>(state, standing, 12);
}

/** How many of n numbers, behind which there is room for three more, are at least t. */
// @ts-ignore: decorator
@inline
function countAtLeast(p: usize, n: i32, t: f32): i32 {
  for (let q = n; q & 3; q++) store<f32>(at(p, q, 1), -Infinity);
  const limit = f32x4.splat(t);
  let c = i32x4.splat(0);
  for (let q = 0; q < n; q += 4) c = i32x4.sub(c, f32x4.ge(v128.load(at(p, q, 1)), limit));
  c = i32x4.add(c, v128.shuffle<i32>(c, c, 2, 3, 0, 1));
  return i32x4.extract_lane(c, 0) + i32x4.extract_lane(c, 1);
}

/** How many candidates have z of at least t for certain. */
export function certain(self: usize, i: i32, t: f32): i32 {
  return countAtLeast(job.lowerOf(self, i), count(job.stateOf(self, i)), t);
}

/** Nearly the largest t that at least `rank` of the n ≥ rank lower bounds reach, no less than `start` if that is one. */
function rankOf(lower: usize, n: i32, rank: i32, start: f32, passes: i32): f32 {
  let least: f32 = Infinity;
  let most: f32 = -Infinity;
  for (let q = 0; q < n; q++) {
    const v = load<f32>(at(lower, q, 1));
    least = min(least, v);
    most = max(most, v);
  }
  if (countAtLeast(lower, n, most) >= rank) return most;
  if (start > least && countAtLeast(lower, n, start) >= rank) least = start;
  for (let pass = 0; pass < passes; pass++) {
    const middle: f32 = least + (most - least) * 0.5;
    if (!(middle > least && middle < most)) break;
    const reached = countAtLeast(lower, n, middle);
    if (reached >= rank) {
      least = middle;
      if (reached == rank) break;
    } else {
      most = middle;
    }
  }
  return least;
}

/** The rank-th largest of n ≥ rank numbers, or, where just `rank` of them reach one below it, that. */
export function kth(numbers: usize, n: i32, rank: i32): f32 {
  return rankOf(numbers, n, rank, -Infinity, 400); // until no float lies between
}

/** Raises the row's threshold to the rank-th largest lower bound, about, and drops the candidates below it. */
export function prune(self: usize, i: i32, rank: i32, passes: i32): void {
  const state = job.stateOf(self, i);
  const n = count(state);
  if (n < rank || threshold(state) == Infinity) return;
  const columns = job.columnsOf(self, i);
  const upper = job.upperOf(self, i);
  const lower = job.lowerOf(self, i);
  const t = max(threshold(state), rankOf(lower, n, rank, threshold(state), passes));
  store<f32>(state, t, 8);
  let to = 0;
  let exactTo = 0;
  for (let q = 0; q < n; q++) {
    const u = load<f32>(at(upper, q, 1));
    if (u < t) continue;
    store<i32>(at(columns, to, 1), load<i32>(at(columns, q, 1)));
    store<f32>(at(upper, to, 1), u);
    store<f32>(at(lower, to, 1), load<f32>(at(lower, q, 1)));
    to++;
    if (q < exact(state)) exactTo++;
  }
  store<i32>(state, to);
  store<i32>(state, exactTo, 4);
}

/** Takes the columns of a mask, of four from `column` on, among the candidates of row i. `rank` is certain: it is no guess. */
function take(self: usize, i: i32, mask: i32, column: i32, upper: v128, lower: v128, rank: i32, lanes: usize): void {
  const state = job.stateOf(self, i);
  if (count(state) + 8 > job.room(self)) {
    if (rank > 0) prune(self, i, rank, 20);
    if (count(state) + 8 > job.room(self)) {
      close(state, LEFT);
      return;
    }
  }
  v128.store(lanes, upper);
  v128.store(lanes, lower, 16);
  let n = count(state);
  while (mask) {
    const lane = ctz<i32>(mask);
    mask &= mask - 1;
    store<i32>(at(job.columnsOf(self, i), n, 1), column + lane);
    store<f32>(at(job.upperOf(self, i), n, 1), load<f32>(at(lanes, lane, 1)));
    store<f32>(at(job.lowerOf(self, i), n, 1), load<f32>(at(lanes, lane, 1), 16));
    n++;
  }
  store<i32>(state, n);
}

/**
 * z of four units lies within s·S·q̂ + B ± (e·A + n·E): |z − s·ẑ| ≤ ‖x − x̂‖‖ŵ‖ + ‖x‖‖w − ŵ‖ + γ‖x‖‖w‖, γ the rounding of the float
 * path. B holds the bias and its slack.
 */
// @ts-ignore: decorator
@inline
function screen4(self: usize, i: i32, sums: v128, numbers: usize, columns: usize, column: i32, rank: i32, lanes: usize): void {
  const scale = f32x4.mul(v128.load32_splat(numbers), v128.load(columns));
  const bound = f32x4.add(
    f32x4.mul(v128.load32_splat(numbers, 4), v128.load(columns, 64)),
    f32x4.mul(v128.load32_splat(numbers, 8), v128.load(columns, 96)),
  );
  const bias = v128.load(columns, 32);
  const upper = f32x4.add(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sums), scale), bias), bound);
  const mask = i32x4.bitmask(f32x4.ge(upper, v128.load32_splat(job.stateOf(self, i), 8)));
  if (mask) {
    const slack = f32x4.mul(f32x4.abs(bias), f32x4.splat(3 * job.biasSlack(self)));
    const lower = f32x4.sub(f32x4.sub(upper, f32x4.add(bound, bound)), slack);
    take(self, i, mask, column, upper, lower, rank, lanes);
  }
}

/** A tile of `rows` rows and eight columns: its sums against the thresholds of the rows. `lanes`: 32 bytes of its own. */
// @ts-ignore: decorator
@inline
export function screenTile(self: usize, sums: usize, i: i32, rows: i32, columns: usize, column: i32, rank: i32, lanes: usize): void {
  for (let r = 0; r < rows; r++) {
    const numbers = job.xNumbers(self) + (<usize>(i + r) << 4);
    const row = sums + (r << 5);
    screen4(self, i + r, v128.load(row), numbers, columns, column, rank, lanes);
    screen4(self, i + r, v128.load(row, 16), numbers, columns + 16, column + 4, rank, lanes);
  }
}
