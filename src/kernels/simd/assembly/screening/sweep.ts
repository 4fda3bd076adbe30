import { exact12 } from './exact-dots';
import { close, count, exact, LEFT, prune, screenTile, threshold } from './candidates';
import * as job from './job';
import { at } from '../lanes';
import { tile6x8 } from './narrow-tile';
import { ROWS_16, ROWS_8, tile4x8 } from './whole-tiles';

/** Candidates above the rank at which a row is pruned. */
const MORE_16: i32 = 48;
const MORE_8: i32 = 24;
/** z of so many candidates is computed at once. */
const TOGETHER: i32 = 12;

/** Bytes at the start of a thread's own memory: the sums of a tile, four upper and lower bounds, z of a dozen units. */
const LANES: usize = 256;
const DOZEN: usize = 320;

// @ts-ignore: decorator
@inline
export function tileRows(narrow: bool): i32 {
  return narrow ? ROWS_8 : ROWS_16;
}

/** z itself in the place of the bounds of a row's candidates, a dozen at a time; of a rest too where `all`. */
export function refine(self: usize, i: i32, all: bool, scratch: usize): void {
  const state = job.stateOf(self, i);
  const n = count(state);
  const columns = job.columnsOf(self, i);
  const upper = job.upperOf(self, i);
  const lower = job.lowerOf(self, i);
  const x = at(job.x(self), i, job.xRow(self));
  const dozen = scratch + DOZEN;
  let q = exact(state);
  const from = q;
  while (all ? q < n : n - q >= TOGETHER) {
    const left = min(TOGETHER, n - q);
    exact12(self, x, at(columns, q, 1), left, dozen);
    for (let r = 0; r < left; r++) {
      const z = load<f32>(at(dozen, r, 1));
      store<f32>(at(upper, q + r, 1), z);
      store<f32>(at(lower, q + r, 1), z);
    }
    q += left;
  }
  store<i32>(state, q, 4);
  if (q > from) atomic.add<i32>(job.counts(self), q - from);
}

/** Whether a column of any row of a tile can still be a candidate. */
// @ts-ignore: decorator
@inline
function open(self: usize, i: i32, rows: i32): bool {
  for (let r = 0; r < rows; r++) if (threshold(job.stateOf(self, i + r)) != Infinity) return true;
  return false;
}

/** Candidates of rows i0 … i1−1 among the units j0 … j1−1, by the thresholds of the rows. */
export function screenBlock(narrow: bool, self: usize, i0: i32, i1: i32, j0: i32, j1: i32, rank: i32, scratch: usize): void {
  const rows = tileRows(narrow);
  const padded = (job.depth(self) + 15) & ~15;
  const groups = narrow ? padded >> 2 : padded >> 1;
  for (let j = j0; j < j1; j += 8) {
    const w = job.wPanels(self) + ((<usize>(j * groups)) << 2);
    const columns = job.wNumbers(self) + (<usize>j << 4);
    for (let i = i0; i < i1; i += rows) {
      if (!open(self, i, rows)) continue;
      const x = job.xPanels(self) + ((<usize>(i * groups)) << 2);
      if (narrow) tile6x8(scratch, x, w, groups, job.xNumbers(self) + (<usize>i << 4));
      else tile4x8(scratch, x, w, groups);
      screenTile(self, scratch, i, rows, columns, j, rank, scratch + LANES);
    }
  }
}

/** Candidates of rows i0 … i1−1 among all units: the threshold of a row rises with what is found. */
export function screenAll(narrow: bool, self: usize, i0: i32, i1: i32, guess: bool, scratch: usize): void {
  const k = job.survivors(self);
  const last = min(i1, job.rows(self));
  let j0 = 0;
  for (let c = 0; c < job.cutCount(self); c++) {
    const cut = job.cuts(self) + (<usize>c << 3);
    const j1 = load<i32>(cut);
    const rank = guess ? load<i32>(cut, 4) : k;
    screenBlock(narrow, self, i0, i1, j0, j1, k, scratch);
    // Each time that the units have doubled, the threshold is worth its while.
    const more = (j1 & (j1 - 1)) == 0 ? 0 : narrow ? MORE_8 : MORE_16;
    for (let i = i0; i < last; i++) {
      const state = job.stateOf(self, i);
      if (threshold(state) == Infinity) continue;
      if (narrow) {
        if (c == 0 && count(state) > 2 * rank) prune(self, i, rank, 12);
        refine(self, i, false, scratch);
      }
      if (count(state) > rank + more) prune(self, i, rank, 14);
    }
    j0 = j1;
  }
}

/** A row that is not finite, or is none, has no candidates. @returns whether it has. */
// @ts-ignore: decorator
@inline
export function mayHave(self: usize, i: i32): bool {
  const state = job.stateOf(self, i);
  if (load<f32>(job.xNumbers(self) + (<usize>i << 4), 8) < Infinity) return true;
  close(state, LEFT);
  return false;
}
