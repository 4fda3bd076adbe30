import { constants } from './constants';
import { RELU, SIGMOID, SOFTPLUS, TANH } from './derivatives';
import { decay4, positive4, sigmoid4, softplus4, tanh4 } from './functions';
import { at, gather, scatter, width } from './lanes';

/** Beside the numbers of activations. */
const DECAY: i32 = -1;

/** f(z); `f` is a constant wherever this is put in, and so is its branch. */
// @ts-ignore: decorator
@inline
function apply(f: i32, c: usize, z: v128): v128 {
  if (f == SIGMOID) return sigmoid4(c, z);
  if (f == TANH) return tanh4(c, z);
  if (f == RELU) return f32x4.add(positive4(z), f32x4.splat(0)); // −0 becomes 0
  if (f == SOFTPLUS) return softplus4(c, z);
  return decay4(c, z);
}

/** out = f(z) over rows begin … end−1 of a walk. */
// @ts-ignore: decorator
@inline
function map(
  f: i32,
  c: usize,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(z, i, zRow);
    let n = width(columns, total, i);
    if (outStep == 1 && zStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, apply(f, c, v128.load(q)));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, apply(f, c, gather(q, zStep, n)));
      p = at(p, 4, outStep);
      q = at(q, 4, zStep);
    }
  }
}

// Functions of their own: within one, the optimizer makes one loop of all, with its questions inside.
function sigmoids(
  c: usize,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  begin: i32,
  end: i32,
): void {
  map(SIGMOID, c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}

function tanhs(
  c: usize,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  begin: i32,
  end: i32,
): void {
  map(TANH, c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}

function relus(
  c: usize,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  begin: i32,
  end: i32,
): void {
  map(RELU, c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}

function softpluses(
  c: usize,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  begin: i32,
  end: i32,
): void {
  map(SOFTPLUS, c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}

/** out = f(z); linear is a copy and not among these. */
export function activate(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  f: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const c = constants(scratch);
  if (f == SIGMOID) sigmoids(c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
  else if (f == TANH) tanhs(c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
  else if (f == RELU) relus(c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
  else softpluses(c, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}

/** out = e^−|z|: for its test. */
export function exponential(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  map(DECAY, constants(scratch), columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}
