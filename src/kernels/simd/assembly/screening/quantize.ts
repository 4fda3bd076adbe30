import { at, gather } from '../lanes';
import * as job from './job';
import { ROWS_16, ROWS_8 } from './whole-tiles';

// Rows of numbers as whole ones: x ≈ s·q, with a bound on ‖x − s·q‖. A panel holds `lanes` rows side by side, group by group of
// four bytes: two int16, or four int8 of x, or four of W in seven bits and 64 more, as the relaxed dot product wants them.

/** 1.5·2²³: a sum with it is rounded to a whole number, which its lower bits hold. */
const MAGIC: f32 = 12582912;
const MAGIC_BITS: i32 = 0x4b400000;
/** Rows longer than this, or not finite, are left to the float path. */
const LONGEST: f32 = 1e15;
/**
 * Rows that are not 0 count as no shorter than this, a bound: their squares may vanish, and what products of denormal numbers
 * lose is then less than the slack of a product.
 */
const SHORTEST: f32 = 2e-15;
/** What is smaller counts as 0, within a bound. */
const SMALLEST: f32 = 1e-30;
/** Of rounding to x·k, to s and to s·q, each 2⁻²⁴ of the norm. */
const SCALE_SLACK: f32 = 3e-7;

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  const y = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(y, 0) + f32x4.extract_lane(y, 1);
}

// @ts-ignore: decorator
@inline
function mostOf(v: v128): f32 {
  const y = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return max(f32x4.extract_lane(y, 0), f32x4.extract_lane(y, 1));
}

/** Four numbers of which n are left; 0 for the others. */
// @ts-ignore: decorator
@inline
function four(p: usize, n: i32): v128 {
  return n >= 4 ? v128.load(p) : rest(p, n);
}

function rest(p: usize, n: i32): v128 {
  return n <= 0 ? f32x4.splat(0) : gather(p, 1, n);
}

/**
 * One row. bits: 16, 8, or 7 for those of W. numbers ← s, e ≥ ‖x − s·q‖, n ≥ ‖x‖ (∞: cannot be had), Σq of int8. `padded` is d rounded
 * up to 16.
 */
function quantizeRow(
  bits: i32,
  x: usize,
  d: i32,
  padded: i32,
  out: usize,
  step: usize,
  numbers: usize,
  slack: f32,
  longest: f32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let m0 = s0;
  let m1 = s0;
  for (let l = 0; l < d; l += 8) {
    const p = at(x, l, 1);
    const v0 = four(p, d - l);
    const v1 = four(p + 16, d - l - 4);
    s0 = f32x4.add(s0, f32x4.mul(v0, v0));
    s1 = f32x4.add(s1, f32x4.mul(v1, v1));
    m0 = f32x4.pmax(m0, f32x4.abs(v0));
    m1 = f32x4.pmax(m1, f32x4.abs(v1));
  }
  const most = mostOf(f32x4.pmax(m0, m1));
  const squares = sumOf(f32x4.add(s0, s1)); // NaN where a number is
  let norm = sqrt<f32>(squares) * (1 + slack);
  let inverse: f32 = 0;
  if (!(norm < LONGEST)) {
    norm = Infinity;
  } else {
    if (most > 0) norm = max(norm, SHORTEST);
    if (most > SMALLEST) {
      inverse = bits == 16 ? min<f32>(longest / norm, <f32>32700 / most) : (bits == 8 ? <f32>127 : <f32>63) / most;
    }
  }
  const k = f32x4.splat(inverse);
  const magic = f32x4.splat(MAGIC);
  const base = i32x4.splat(MAGIC_BITS);
  let e = f32x4.splat(0);
  let sum = i32x4.splat(0);
  const none = inverse == 0; // not a number of x is read: it may be a NaN
  for (let l = 0; l < padded; l += 16) {
    const p = at(x, l, 1);
    const left = none ? 0 : d - l;
    const v0 = f32x4.mul(four(p, left), k);
    const v1 = f32x4.mul(four(p + 16, left - 4), k);
    const v2 = f32x4.mul(four(p + 32, left - 8), k);
    const v3 = f32x4.mul(four(p + 48, left - 12), k);
    const r0 = f32x4.add(v0, magic);
    const r1 = f32x4.add(v1, magic);
    const r2 = f32x4.add(v2, magic);
    const r3 = f32x4.add(v3, magic);
    const d0 = f32x4.sub(v0, f32x4.sub(r0, magic));
    const d1 = f32x4.sub(v1, f32x4.sub(r1, magic));
    const d2 = f32x4.sub(v2, f32x4.sub(r2, magic));
    const d3 = f32x4.sub(v3, f32x4.sub(r3, magic));
    e = f32x4.add(e, f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)));
    e = f32x4.add(e, f32x4.add(f32x4.mul(d2, d2), f32x4.mul(d3, d3)));
    const q0 = i32x4.sub(r0, base);
    const q1 = i32x4.sub(r1, base);
    const q2 = i32x4.sub(r2, base);
    const q3 = i32x4.sub(r3, base);
    const low = i16x8.narrow_i32x4_s(q0, q1);
    const high = i16x8.narrow_i32x4_s(q2, q3);
    if (bits == 16) {
      v128.store32_lane(out, low, 0);
      v128.store32_lane(out + step, low, 1);
      v128.store32_lane(out + 2 * step, low, 2);
      v128.store32_lane(out + 3 * step, low, 3);
      out += 4 * step;
      v128.store32_lane(out, high, 0);
      v128.store32_lane(out + step, high, 1);
      v128.store32_lane(out + 2 * step, high, 2);
      v128.store32_lane(out + 3 * step, high, 3);
    } else {
      if (bits == 8) sum = i32x4.add(sum, i32x4.add(i32x4.add(q0, q1), i32x4.add(q2, q3)));
      let q = i8x16.narrow_i16x8_s(low, high);
      if (bits == 7) q = i8x16.add(q, i8x16.splat(64));
      v128.store32_lane(out, q, 0);
      v128.store32_lane(out + step, q, 1);
      v128.store32_lane(out + 2 * step, q, 2);
      v128.store32_lane(out + 3 * step, q, 3);
    }
    out += 4 * step;
  }
  const s: f32 = inverse > 0 ? 1 / inverse : 0;
  store<f32>(numbers, s);
  store<f32>(numbers, none ? norm : s * sqrt<f32>(sumOf(e)) * (1 + slack) + SCALE_SLACK * norm, 4);
  store<f32>(numbers, norm, 8);
  const y = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  store<i32>(numbers, i32x4.extract_lane(y, 0) + i32x4.extract_lane(y, 1), 12);
}

/** Rows of x, `lanes` a panel; rows that there are not are 0, and of norm ∞. Unit: a panel. */
function quantizeRows(bits: i32, lanes: i32, self: usize, begin: i32, end: i32): void {
  const d = job.depth(self);
  const padded = (d + 15) & ~15;
  const panel = <usize>(padded * lanes * (bits == 16 ? 2 : 1));
  for (let u = begin; u < end; u++) {
    const out = job.xPanels(self) + <usize>u * panel;
    for (let r = 0; r < lanes; r++) {
      const i = u * lanes + r;
      const numbers = job.xNumbers(self) + (<usize>i << 4);
      const there = i < job.rows(self);
      const row = there ? at(job.x(self), i, job.xRow(self)) : 0;
      quantizeRow(bits, row, there ? d : 0, padded, out + (r << 2), lanes << 2, numbers, job.normSlack(self), job.longest(self));
      if (!there) store<f32>(numbers, Infinity, 8);
    }
  }
}

/** Rows of W, eight a panel, with b and what z is held against: see `bounds4`. Unit: a panel. */
function quantizeUnits(bits: i32, self: usize, begin: i32, end: i32, scratch: usize): void {
  const d = job.depth(self);
  const padded = (d + 15) & ~15;
  const panel = <usize>(padded * 8 * (bits == 16 ? 2 : 1));
  for (let u = begin; u < end; u++) {
    const out = job.wPanels(self) + <usize>u * panel;
    const columns = job.wNumbers(self) + (<usize>u << 7);
    for (let r = 0; r < 8; r++) {
      const j = u * 8 + r;
      const c = columns + (r << 2);
      if (j >= job.units(self)) {
        // No candidate, whatever x is.
        quantizeRow(bits, 0, 0, padded, out + (r << 2), 32, scratch, 0, 0);
        store<f32>(c, 0);
        store<f32>(c, -Infinity, 32);
        store<f32>(c, 0, 64);
        store<f32>(c, 0, 96);
        continue;
      }
      quantizeRow(bits, at(job.w(self), j, job.wRow(self)), d, padded, out + (r << 2), 32, scratch, job.normSlack(self), job.longest(self));
      const e = load<f32>(scratch, 4);
      const norm = load<f32>(scratch, 8);
      const bias = load<f32>(at(job.bias(self), j, 1));
      const bound: f32 = job.bounds(self) == 0 ? 0 : load<f32>(at(job.bounds(self), j, 1));
      const size = abs(bias) + abs(bound);
      if (!(norm < LONGEST && size < LONGEST)) store<i32>(job.refusal(self), 1);
      store<f32>(c, load<f32>(scratch));
      store<f32>(c, bias - bound + size * job.biasSlack(self), 32);
      store<f32>(c, (norm + e) * (1 + job.biasSlack(self)), 64);
      store<f32>(c, (e + job.productSlack(self) * norm) * (1 + job.biasSlack(self)), 96);
    }
  }
}

export function quantizeRows16(job: usize, begin: i32, end: i32): void {
  quantizeRows(16, ROWS_16, job, begin, end);
}

export function quantizeRows8(job: usize, begin: i32, end: i32): void {
  quantizeRows(8, ROWS_8, job, begin, end);
}

export function quantizeUnits16(job: usize, begin: i32, end: i32, scratch: usize): void {
  quantizeUnits(16, job, begin, end, scratch);
}

export function quantizeUnits7(job: usize, begin: i32, end: i32, scratch: usize): void {
  quantizeUnits(7, job, begin, end, scratch);
}
