import { absolute, bent, count, moments, scaled } from './column-norms';
import { constants } from './constants';
import { gated, gatedDelta, mask } from './gated';
import { jump, jumpDelta, l0Delta, preActivation } from './jump-relu';
import { at } from './lanes';

const JUMP: i32 = 0;
const JUMP_DELTA: i32 = 1;
const L0_DELTA: i32 = 2;
const PRE_ACTIVATION: i32 = 3;
const GATED: i32 = 4;
const GATED_DELTA: i32 = 5;
const MASK: i32 = 6;
const SCALED: i32 = 7;
const COUNT: i32 = 8;
const MOMENTS: i32 = 9;
const ABSOLUTE: i32 = 10;
const BENT: i32 = 11;

/** Numbers of a row that are put together where they do not lie one after the other, or are no whole fours. */
const PIECE: i32 = 1024;

/** What a kind does with n numbers of a row, n a multiple of four. */
function step(
  kind: i32,
  c: usize,
  n: i32,
  p: usize,
  q: usize,
  r: usize,
  s: usize,
  u: usize,
  nextVector: usize,
  sum: usize,
  nextSum: usize,
  alpha: f32,
  beta: f32,
  flag: bool,
): void {
  const v = u + nextVector;
  const next = sum + nextSum;
  if (kind == JUMP) jump(n, p, q, u);
  else if (kind == JUMP_DELTA) jumpDelta(n, p, q, u, sum, alpha, beta, flag);
  else if (kind == L0_DELTA) l0Delta(n, p, q, u, sum, alpha, beta, flag);
  else if (kind == PRE_ACTIVATION) preActivation(n, p, q, u, v, sum, next);
  else if (kind == GATED) gated(n, p, q, u, v, v + nextVector);
  else if (kind == GATED_DELTA) gatedDelta(n, p, q, r, s, u, v, sum, next, next + nextSum);
  else if (kind == MASK) mask(n, p, q, r);
  else if (kind == SCALED) scaled(n, p, q, u);
  else if (kind == COUNT) count(n, q, u, sum, flag);
  else if (kind == MOMENTS) moments(n, q, sum, next);
  else if (kind == ABSOLUTE) absolute(n, p, q, u, sum);
  else bent(c, n, p, q, u, v, sum, next);
}

/** y = x, n numbers; nothing where either is absent. */
function transfer(n: i32, y: usize, yStep: i32, x: usize, xStep: i32): void {
  if (x == 0 || y == 0) return;
  for (let i = 0; i < n; i++) store<f32>(at(y, i, yStep), load<f32>(at(x, i, xStep)));
}

/**
 * One pass over matrices p, q, r, s of one shape, 0 where absent, whose columns have numbers of their own: `vectors`, `room`
 * floats each. What columns gain is left in `sums`, `room` doubles each, rows added in order. Unit: a block of `width` columns;
 * a row where they gain nothing. Scratch has room for four pieces.
 */
export function columnPass(
  kind: i32,
  rows: i32,
  columns: i32,
  width: i32,
  room: i32,
  p: usize,
  pRow: i32,
  pStep: i32,
  q: usize,
  qRow: i32,
  qStep: i32,
  r: usize,
  rRow: i32,
  rStep: i32,
  s: usize,
  sRow: i32,
  sStep: i32,
  vectors: usize,
  sums: usize,
  gains: i32,
  alpha: f32,
  beta: f32,
  flag: bool,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const flat = pStep == 1 && qStep == 1 && rStep == 1 && sStep == 1;
  const nextVector = (<usize>room) << 2;
  const nextSum = (<usize>room) << 3;
  const a = scratch;
  const b = at(a, PIECE, 1);
  const c = at(b, PIECE, 1);
  const d = at(c, PIECE, 1);
  const constantsAt: usize = kind == BENT ? constants(scratch) : 0;
  for (let unit = begin; unit < end; unit++) {
    const first = gains == 0 ? 0 : unit * width;
    const past = gains == 0 ? columns : min(columns, first + width);
    const lastRow = gains == 0 ? unit + 1 : rows;
    for (let k = 0; k < gains; k++) {
      memory.fill(sums + (<usize>k) * nextSum + ((<usize>first) << 3), 0, (<usize>(past - first + 3) >> 2) << 5);
    }
    for (let i = gains == 0 ? unit : 0; i < lastRow; i++) {
      for (let j = first; j < past; ) {
        const u = at(vectors, j, 1);
        const sum = sums + ((<usize>j) << 3);
        const direct = flat && past - j >= 4;
        const n = direct ? (past - j) & -4 : min(past - j, PIECE);
        const pj = p == 0 ? 0 : at(at(p, i, pRow), j, pStep);
        const qj = at(at(q, i, qRow), j, qStep);
        const rj = r == 0 ? 0 : at(at(r, i, rRow), j, rStep);
        const sj = s == 0 ? 0 : at(at(s, i, sRow), j, sStep);
        if (direct) {
          step(kind, constantsAt, n, pj, qj, rj, sj, u, nextVector, sum, nextSum, alpha, beta, flag);
        } else {
          transfer(n, a, 1, pj, pStep);
          transfer(n, b, 1, qj, qStep);
          transfer(n, c, 1, rj, rStep);
          transfer(n, d, 1, sj, sStep);
          step(kind, constantsAt, (n + 3) & -4, a, b, c, d, u, nextVector, sum, nextSum, alpha, beta, flag);
          transfer(n, pj, pStep, a, 1);
        }
        j += n;
      }
    }
  }
}
