import { sumLanes, width } from '../lanes';
import { constants } from './constants';
import { log1p2 } from './exp';
import { decay2, positive2, sigmoidOf } from './functions';
import { at, firstOf, load2, store2 } from './lanes';

/** As ../losses.ts: sums[i] = Σ e·(x̂ − x)², or Σ e·(log(1 + eᶻ) − x·z) where `logistic`; out = e·slope; e = 1 where `emphasis` is 0. */
// @ts-ignore: decorator
@inline
function compare(
  logistic: bool,
  c: usize,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  emphasis: usize,
  eRow: i32,
  eStep: i32,
  sums: usize,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(z, i, zRow);
    let r = at(x, i, xRow);
    let s = at(emphasis, i, eRow);
    let sum = f64x2.splat(0);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      const a = load2(q, zStep, n);
      const b = load2(r, xStep, n);
      let error: v128;
      let value: v128;
      if (logistic) {
        const u = decay2(c, a);
        error = f64x2.sub(sigmoidOf(c, a, u), b);
        value = firstOf(f64x2.add(log1p2(c, u), f64x2.sub(positive2(a), f64x2.mul(b, a))), n);
      } else {
        error = f64x2.sub(a, b);
        value = f64x2.mul(error, error);
      }
      if (emphasis != 0) {
        const e = load2(s, eStep, n);
        error = f64x2.mul(e, error);
        value = f64x2.mul(e, value);
      }
      sum = f64x2.add(sum, value);
      store2(p, outStep, n, error);
      p = at(p, 2, outStep);
      q = at(q, 2, zStep);
      r = at(r, 2, xStep);
      s = at(s, 2, eStep);
    }
    store<f64>(sums + (i << 3), sumLanes(sum));
  }
}

/** sums[i] = Σ e·(x̂ − x)²; out = e·(x̂ − x). */
export function squaredError(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  emphasis: usize,
  eRow: i32,
  eStep: i32,
  sums: usize,
  begin: i32,
  end: i32,
): void {
  compare(
    false, 0, columns, total, out, outRow, outStep, z, zRow, zStep, x, xRow, xStep, emphasis, eRow, eStep,
    sums, begin, end,
  );
}

/** sums[i] = Σ e·(log(1 + eᶻ) − x·z); out = e·(σ(z) − x). */
export function crossEntropy(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  emphasis: usize,
  eRow: i32,
  eStep: i32,
  sums: usize,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  compare(
    true, constants(scratch), columns, total, out, outRow, outStep, z, zRow, zStep, x, xRow, xStep, emphasis,
    eRow, eStep, sums, begin, end,
  );
}
