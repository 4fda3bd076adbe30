import { at, gather } from '../lanes';
import { multiplyAdd } from '../tile';
import * as job from './job';

// z of single units to the bits of the float path: z = (b + Σ of the first block of the depth) + Σ of the next …, each sum
// from 0 on, one product after the other. A lane is a unit; three vectors at once hide the latency of the sums.

/** Four numbers of which n ≥ 1 are left. */
// @ts-ignore: decorator
@inline
function four(p: usize, n: i32): v128 {
  return n >= 4 ? v128.load(p) : gather(p, 1, n);
}

/** Σ ← Σ + x_l·w_l for up to four l of four units. */
// @ts-ignore: decorator
@inline
function step(s: v128, x: usize, w0: usize, w1: usize, w2: usize, w3: usize, n: i32): v128 {
  const r0 = four(w0, n);
  const r1 = four(w1, n);
  const r2 = four(w2, n);
  const r3 = four(w3, n);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  s = multiplyAdd(v128.load32_splat(x), v128.shuffle<f64>(low01, low23, 0, 2), s);
  if (n > 1) s = multiplyAdd(v128.load32_splat(x, 4), v128.shuffle<f64>(low01, low23, 1, 3), s);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  if (n > 2) s = multiplyAdd(v128.load32_splat(x, 8), v128.shuffle<f64>(high01, high23, 0, 2), s);
  if (n > 3) s = multiplyAdd(v128.load32_splat(x, 12), v128.shuffle<f64>(high01, high23, 1, 3), s);
  return s;
}

/** The same where fewer than four are left. */
function lastStep(s: v128, x: usize, w0: usize, w1: usize, w2: usize, w3: usize, n: i32): v128 {
  return step(s, x, w0, w1, w2, w3, n);
}

/** z of up to twelve units of a list, of which `left` are there; the last stands in for the others. out has room for twelve. */
export function exact12(self: usize, x: usize, list: usize, left: i32, out: usize): void {
  const last = left - 1;
  const w = job.w(self);
  const row = job.wRow(self);
  const p0 = at(w, load<i32>(list), row);
  const p1 = at(w, load<i32>(at(list, min(1, last), 1)), row);
  const p2 = at(w, load<i32>(at(list, min(2, last), 1)), row);
  const p3 = at(w, load<i32>(at(list, min(3, last), 1)), row);
  const p4 = at(w, load<i32>(at(list, min(4, last), 1)), row);
  const p5 = at(w, load<i32>(at(list, min(5, last), 1)), row);
  const p6 = at(w, load<i32>(at(list, min(6, last), 1)), row);
  const p7 = at(w, load<i32>(at(list, min(7, last), 1)), row);
  const p8 = at(w, load<i32>(at(list, min(8, last), 1)), row);
  const p9 = at(w, load<i32>(at(list, min(9, last), 1)), row);
  const pa = at(w, load<i32>(at(list, min(10, last), 1)), row);
  const pb = at(w, load<i32>(at(list, min(11, last), 1)), row);
  for (let q = 0; q < 12; q++) {
    store<f32>(at(out, q, 1), load<f32>(at(job.bias(self), load<i32>(at(list, min(q, last), 1)), 1)));
  }
  const d = job.depth(self);
  const height = job.blockDepth(self);
  for (let first = 0; first < d; first += height) {
    const end = min(first + height, d);
    const whole = first + ((end - first) & ~3);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let o = <usize>first << 2;
    for (let l = first; l < whole; l += 4) {
      s0 = step(s0, x + o, p0 + o, p1 + o, p2 + o, p3 + o, 4);
      s1 = step(s1, x + o, p4 + o, p5 + o, p6 + o, p7 + o, 4);
      s2 = step(s2, x + o, p8 + o, p9 + o, pa + o, pb + o, 4);
      o += 16;
    }
    if (whole < end) {
      const n = end - whole;
      s0 = lastStep(s0, x + o, p0 + o, p1 + o, p2 + o, p3 + o, n);
      s1 = lastStep(s1, x + o, p4 + o, p5 + o, p6 + o, p7 + o, n);
      s2 = lastStep(s2, x + o, p8 + o, p9 + o, pa + o, pb + o, n);
    }
    v128.store(out, f32x4.add(s0, v128.load(out)));
    v128.store(out, f32x4.add(s1, v128.load(out, 16)), 16);
    v128.store(out, f32x4.add(s2, v128.load(out, 32)), 32);
  }
}
