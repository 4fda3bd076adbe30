import { addTo } from './column-sums';
import { ONE } from './constants';
import { tanh4 } from './functions';
import { high, low, signed } from './lanes';

// What goes by numbers of the columns, n columns of a row, n a multiple of four: x at q, the numbers at u and v. See column-pass.ts.

/** out = u·x, out at p. */
export function scaled(n: i32, p: usize, q: usize, u: usize): void {
  for (; n > 0; n -= 4) {
    v128.store(p, f32x4.mul(v128.load(u), v128.load(q)));
    p += 16;
    q += 16;
    u += 16;
  }
}

/** sum += [x > u], or [x ≠ u] where `unlike`: of that a NaN is one. */
export function count(n: i32, q: usize, u: usize, sum: usize, unlike: bool): void {
  const there = i32x4.splat(-<i32>unlike);
  for (; n > 0; n -= 4) {
    const x = v128.load(q);
    const y = v128.load(u);
    addTo(sum, v128.and(f32x4.splat(1), v128.bitselect(f32x4.ne(x, y), f32x4.gt(x, y), there)));
    q += 16;
    u += 16;
    sum += 32;
  }
}

/** sums += x, x². */
export function moments(n: i32, q: usize, sum: usize, next: usize): void {
  for (; n > 0; n -= 4) {
    const x = v128.load(q);
    const a = low(x);
    const b = high(x);
    addTo(sum, x);
    v128.store(next, f64x2.add(v128.load(next), f64x2.mul(a, a)));
    v128.store(next, f64x2.add(v128.load(next, 16), f64x2.mul(b, b)), 16);
    q += 16;
    sum += 32;
    next += 32;
  }
}

/** sum += |x|; dX += u·sign(x), at p. */
export function absolute(n: i32, p: usize, q: usize, u: usize, sum: usize): void {
  for (; n > 0; n -= 4) {
    const x = v128.load(q);
    addTo(sum, f32x4.abs(x));
    v128.store(p, f32x4.add(v128.load(p), signed(v128.load(u), x)));
    p += 16;
    q += 16;
    u += 16;
    sum += 32;
  }
}

/** t = tanh(u·x), `c` being where the constants lie: sums += t, x·(1 − t²); dX += v·(1 − t²), at p. */
export function bent(c: usize, n: i32, p: usize, q: usize, u: usize, v: usize, sum: usize, next: usize): void {
  for (; n > 0; n -= 4) {
    const x = v128.load(q);
    const t = tanh4(c, f32x4.mul(v128.load(u), x));
    const slope = f32x4.sub(v128.load(c, ONE), f32x4.mul(t, t)); // sech²
    addTo(sum, t);
    addTo(next, f32x4.mul(x, slope));
    v128.store(p, f32x4.add(v128.load(p), f32x4.mul(v128.load(v), slope)));
    p += 16;
    q += 16;
    u += 16;
    v += 16;
    sum += 32;
    next += 32;
  }
}
