import { at } from '../lanes';
import { begin as open, certain, close, count, DONE, GUESSED_WRONG, kth, LEFT, OPEN, standing, threshold } from './candidates';
import * as job from './job';
import { mayHave, refine, screenAll } from './sweep';

/** The least number above 0: of a = relu(z) no other z matters. */
const ABOVE_ZERO: f32 = 1.401298464324817e-45;
/** Below every z of a row that is screened, and above −∞, the bound of units that there are not. */
const LOWEST: f32 = -3.4028234663852886e38;

// @ts-ignore: decorator
@inline
function floor(self: usize): f32 {
  return job.rectified(self) ? ABOVE_ZERO : LOWEST;
}

/** Values and columns of the survivors of row i, of whose candidates z is known. @returns the least of them. */
function write(self: usize, i: i32): f32 {
  const k = job.survivors(self);
  const n = count(job.stateOf(self, i));
  const z = job.lowerOf(self, i);
  const list = job.columnsOf(self, i);
  const values = at(job.values(self), i, job.valuesRow(self));
  const indices = at(job.indices(self), i, job.indicesRow(self));
  const least = floor(self);
  let t = n >= k ? kth(z, n, k) : least;
  if (t < least) t = least;
  let ties = k; // of those that equal t, from the left
  for (let q = 0; q < n; q++) if (load<f32>(at(z, q, 1)) > t) ties--;
  // Of relu(z) fewer than k may be above 0: then the first units that are 0 survive with them.
  let reached = 0;
  for (let q = 0; q < n; q++) if (load<f32>(at(z, q, 1)) >= t) reached++;
  let zeros = max(0, k - reached);
  let to = 0;
  let column = 0;
  let last: f32 = Infinity;
  for (let q = 0; q < n && to < k; q++) {
    const v = load<f32>(at(z, q, 1));
    if (v < t) continue;
    if (v == t && ties-- <= 0) continue;
    const j = load<i32>(at(list, q, 1));
    for (; zeros > 0 && column < j && to < k; column++, zeros--, to++) {
      store<i32>(at(indices, to, 1), column);
      store<f32>(at(values, to, 1), 0);
    }
    column = max(column, j + 1);
    store<i32>(at(indices, to, 1), j);
    store<f32>(at(values, to, 1), v);
    last = min(last, v);
    to++;
  }
  for (; to < k; column++, to++) {
    store<i32>(at(indices, to, 1), column);
    store<f32>(at(values, to, 1), 0);
    last = 0;
  }
  return last;
}

/** z of a row's candidates, and its survivors; or the row is to be screened again. */
function finish(self: usize, i: i32, guess: bool, scratch: usize): bool {
  const state = job.stateOf(self, i);
  if (standing(state) != OPEN) return false;
  refine(self, i, true, scratch);
  const k = job.survivors(self);
  const t = threshold(state);
  if (t > floor(self) && certain(self, i, t) < k) {
    close(state, guess ? GUESSED_WRONG : LEFT);
    return guess;
  }
  const least = write(self, i);
  close(state, DONE);
  store<f32>(state, least); // for the next guess
  return false;
}

/**
 * The k largest of f(x_i·W + b), f linear or relu, as `selectLargest` finds them after `gemm`: values and columns to the bit. A row
 * that is LEFT has none. Unit: a group of rows.
 */
function largest(narrow: bool, self: usize, begin: i32, end: i32, scratch: usize): void {
  for (let u = begin; u < end; u++) {
    const i0 = u * job.group(self);
    const i1 = min(i0 + job.group(self), job.rows(self));
    const padded = i0 + job.group(self);
    for (let i = i0; i < padded; i++) {
      const norm = load<f32>(job.xNumbers(self) + (<usize>i << 4), 8);
      const guessed: f32 = job.start(self) * norm; // NaN where x is 0 and nothing is guessed, −∞·0
      open(job.stateOf(self, i), guessed > floor(self) ? guessed : floor(self));
      mayHave(self, i);
    }
    screenAll(narrow, self, i0, i1, true, scratch);
    let again = 0;
    for (let i = i0; i < i1; i++) if (finish(self, i, true, scratch)) again++;
    if (again == 0) continue;
    atomic.add<i32>(job.counts(self) + 4, again);
    for (let i = i0; i < i1; i++) {
      const state = job.stateOf(self, i);
      if (standing(state) == GUESSED_WRONG) open(state, floor(self));
    }
    screenAll(narrow, self, i0, i1, false, scratch);
    for (let i = i0; i < i1; i++) finish(self, i, false, scratch);
  }
}

export function screenLargest16(job: usize, begin: i32, end: i32, scratch: usize): void {
  largest(false, job, begin, end, scratch);
}

export function screenLargest8(job: usize, begin: i32, end: i32, scratch: usize): void {
  largest(true, job, begin, end, scratch);
}
