import { at } from '../lanes';
import { begin as open, close, count, DONE, standing, OPEN } from './candidates';
import * as job from './job';
import { mayHave, refine, screenBlock } from './sweep';

/** Candidates of row i to a: z where z > θ, or where it may be. Then there are none. */
// @ts-ignore: decorator
@inline
function write(self: usize, i: i32, scratch: usize): void {
  const state = job.stateOf(self, i);
  if (standing(state) != OPEN) return;
  const n = count(state);
  if (n == 0) return;
  refine(self, i, true, scratch);
  const z = job.lowerOf(self, i);
  const list = job.columnsOf(self, i);
  const a = at(job.values(self), i, job.valuesRow(self));
  for (let q = 0; q < n; q++) {
    const j = load<i32>(at(list, q, 1));
    const v = load<f32>(at(z, q, 1));
    if (job.rectified(self) && !(v > load<f32>(at(job.bounds(self), j, 1)))) continue;
    store<f32>(at(a, j, 1), v);
  }
  open(state, 0);
}

/**
 * a_ij ← z = x_i·W_j + b_j, to the bits of `gemm`, where z > θ_j; without `rectified` wherever the bounds leave that open. The rest of a
 * stays. A row that is LEFT has none. Unit: a group of rows.
 */
function above(narrow: bool, self: usize, begin: i32, end: i32, scratch: usize): void {
  for (let u = begin; u < end; u++) {
    const i0 = u * job.group(self);
    const i1 = min(i0 + job.group(self), job.rows(self));
    const padded = i0 + job.group(self);
    for (let i = i0; i < padded; i++) {
      open(job.stateOf(self, i), 0);
      mayHave(self, i);
    }
    let j0 = 0;
    for (let c = 0; c < job.cutCount(self); c++) {
      const j1 = load<i32>(job.cuts(self) + (<usize>c << 3));
      screenBlock(narrow, self, i0, i1, j0, j1, 0, scratch);
      for (let i = i0; i < i1; i++) write(self, i, scratch);
      j0 = j1;
    }
    for (let i = i0; i < i1; i++) {
      const state = job.stateOf(self, i);
      if (standing(state) == OPEN) close(state, DONE);
    }
  }
}

export function screenAbove16(job: usize, begin: i32, end: i32, scratch: usize): void {
  above(false, job, begin, end, scratch);
}

export function screenAbove8(job: usize, begin: i32, end: i32, scratch: usize): void {
  above(true, job, begin, end, scratch);
}
