import { RELU, SIGMOID, SOFTPLUS, TANH, timesDerivative } from './derivatives';
import { at, gather, scatter, width } from './lanes';

const LINEAR: i32 = 4;

/** out = (upstream + push)·f′ over rows begin … end−1 of a walk; push is the same for every row, 0 where it is absent. */
// @ts-ignore: decorator
@inline
function backward(
  f: i32,
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  upstream: usize,
  upRow: i32,
  upStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  push: usize,
  pushStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(upstream, i, upRow);
    let r = at(a, i, aRow);
    let s = push;
    let n = width(columns, total, i);
    if (outStep == 1 && upStep == 1 && aStep == 1 && pushStep == 1) {
      for (; n >= 4; n -= 4) {
        let u = v128.load(q);
        if (push != 0) u = f32x4.add(u, v128.load(s));
        v128.store(p, timesDerivative(f, u, v128.load(r)));
        p += 16;
        q += 16;
        r += 16;
        s += 16;
      }
    }
    for (; n > 0; n -= 4) {
      let u = gather(q, upStep, n);
      if (push != 0) u = f32x4.add(u, gather(s, pushStep, n));
      scatter(p, outStep, n, timesDerivative(f, u, gather(r, aStep, n)));
      p = at(p, 4, outStep);
      q = at(q, 4, upStep);
      r = at(r, 4, aStep);
      s = at(s, 4, pushStep);
    }
  }
}

/** f′ = a(1 − a). */
export function deltaSigmoid(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  upstream: usize,
  upRow: i32,
  upStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  push: usize,
  pushStep: i32,
  begin: i32,
  end: i32,
): void {
  backward(SIGMOID, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep, push, pushStep, begin, end);
}

/** f′ = 1 − a². */
export function deltaTanh(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  upstream: usize,
  upRow: i32,
  upStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  push: usize,
  pushStep: i32,
  begin: i32,
  end: i32,
): void {
  backward(TANH, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep, push, pushStep, begin, end);
}

/** f′ = 1 where a > 0, else 0. */
export function deltaRelu(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  upstream: usize,
  upRow: i32,
  upStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  push: usize,
  pushStep: i32,
  begin: i32,
  end: i32,
): void {
  backward(RELU, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep, push, pushStep, begin, end);
}

/** f′ = 1 − e⁻ᵃ. */
export function deltaSoftplus(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  upstream: usize,
  upRow: i32,
  upStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  push: usize,
  pushStep: i32,
  begin: i32,
  end: i32,
): void {
  backward(SOFTPLUS, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep, push, pushStep, begin, end);
}

/** f′ = 1. */
export function deltaLinear(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  upstream: usize,
  upRow: i32,
  upStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  push: usize,
  pushStep: i32,
  begin: i32,
  end: i32,
): void {
  backward(LINEAR, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep, push, pushStep, begin, end);
}
