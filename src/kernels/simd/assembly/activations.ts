import { RELU, SIGMOID, SOFTPLUS, TANH } from './derivatives';
import { exp4 } from './exp';
import { sigmoid4, softplus4, tanh4 } from './functions';
import { at, gather, scatter, width } from './lanes';

/** Beside the numbers of activations. */
const EXP: i32 = -1;

/** f(z); `f` is a constant wherever this is put in, and so is its branch. */
// @ts-ignore: decorator
@inline
function apply(f: i32, z: v128): v128 {
  if (f == SIGMOID) return sigmoid4(z);
  if (f == TANH) return tanh4(z);
  if (f == RELU) return f32x4.max(z, f32x4.splat(0)); // a NaN stays a NaN
  if (f == SOFTPLUS) return softplus4(z);
  return exp4(z);
}

/** out = f(z) over rows begin … end−1 of a walk. */
// @ts-ignore: decorator
@inline
function map(
  f: i32,
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
        v128.store(p, apply(f, v128.load(q)));
        p += 16;
        q += 16;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, apply(f, gather(q, zStep, n)));
      p = at(p, 4, outStep);
      q = at(q, 4, zStep);
    }
  }
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
): void {
  if (f == SIGMOID) map(SIGMOID, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
  else if (f == TANH) map(TANH, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
  else if (f == RELU) map(RELU, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
  else map(SOFTPLUS, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}

/** out = eᶻ: for the test of exp4. */
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
): void {
  map(EXP, columns, total, out, outRow, outStep, z, zRow, zStep, begin, end);
}
