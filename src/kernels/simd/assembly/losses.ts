import { constants } from './constants';
import { log1p4 } from './exp';
import { decay4, positive4, sigmoidOf } from './functions';
import { at, firstLanes, high, load4, low, store4, sumLanes, width } from './lanes';

const SQUARED: i32 = 0;
const LOGISTIC: i32 = 1;

/** The derivative of one element without emphasis: x̂ − x, or σ(z) − x. `u` is e^−|z|. */
// @ts-ignore: decorator
@inline
function slope(loss: i32, c: usize, z: v128, x: v128, u: v128): v128 {
  return f32x4.sub(loss == SQUARED ? z : sigmoidOf(c, z, u), x);
}

/** log(1 + u), u being e^−|z|; in the relaxed build log(1 + eᶻ) − x·z from it, in float32. */
// @ts-ignore: decorator
@inline
function aboveOf(c: usize, u: v128, z: v128, x: v128, positive: v128): v128 {
  const above = log1p4(c, u);
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.add(above, f32x4.relaxed_nmadd(x, z, positive));
  return above;
}

/** Twice the squared error, or log(1 + eᶻ) − x·z, of two lanes in float64; positive = max(z, 0). */
// @ts-ignore: decorator
@inline
function value(loss: i32, error: v128, z: v128, x: v128, above: v128, positive: v128): v128 {
  if (loss == SQUARED) return f64x2.mul(error, error);
  if (ASC_FEATURE_RELAXED_SIMD) return above;
  return f64x2.add(above, f64x2.sub(positive, f64x2.mul(x, z)));
}

/**
 * sums[i] = Σ e·value over row i, out = e·slope; e = 1 where `emphasis` is 0. Both losses: `loss` is a constant wherever
 * this is put in. log(1 + u) would be log 2 in the lanes past the end, so it is masked there. Whole fours that lie one
 * after the other go through a loop without questions.
 */
// @ts-ignore: decorator
@inline
function compare(
  loss: i32,
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
  const unit = outStep == 1 && zStep == 1 && xStep == 1 && emphasis == 0;
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(z, i, zRow);
    let r = at(x, i, xRow);
    let s = at(emphasis, i, eRow);
    let first = f64x2.splat(0);
    let second = first;
    let n = width(columns, total, i);
    if (unit) {
      for (; n >= 4; n -= 4) {
        const a = v128.load(q);
        const b = v128.load(r);
        const u = loss == SQUARED ? a : decay4(c, a);
        const error = slope(loss, c, a, b, u);
        v128.store(p, error);
        const positive = positive4(a);
        const above = loss == SQUARED ? a : aboveOf(c, u, a, b, positive);
        first = f64x2.add(first, value(loss, low(error), low(a), low(b), low(above), low(positive)));
        second = f64x2.add(second, value(loss, high(error), high(a), high(b), high(above), high(positive)));
        p += 16;
        q += 16;
        r += 16;
      }
    }
    for (; n > 0; n -= 4) {
      const a = load4(q, zStep, n);
      const b = load4(r, xStep, n);
      const u = loss == SQUARED ? a : decay4(c, a);
      let error = slope(loss, c, a, b, u);
      const positive = positive4(a);
      const above = loss == SQUARED ? a : v128.and(aboveOf(c, u, a, b, positive), firstLanes(n));
      let lower = value(loss, low(error), low(a), low(b), low(above), low(positive));
      let upper = value(loss, high(error), high(a), high(b), high(above), high(positive));
      if (emphasis != 0) {
        const e = load4(s, eStep, n);
        error = f32x4.mul(e, error);
        lower = f64x2.mul(low(e), lower);
        upper = f64x2.mul(high(e), upper);
        s = at(s, 4, eStep);
      }
      first = f64x2.add(first, lower);
      second = f64x2.add(second, upper);
      store4(p, outStep, n, error);
      p = at(p, 4, outStep);
      q = at(q, 4, zStep);
      r = at(r, 4, xStep);
    }
    store<f64>(sums + (i << 3), sumLanes(f64x2.add(first, second)));
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
  scratch: usize,
): void {
  compare(
    SQUARED, 0, columns, total, out, outRow, outStep, z, zRow, zStep, x, xRow, xStep, emphasis, eRow, eStep,
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
    LOGISTIC, constants(scratch), columns, total, out, outRow, outStep, z, zRow, zStep, x, xRow, xStep, emphasis, eRow, eStep,
    sums, begin, end,
  );
}
