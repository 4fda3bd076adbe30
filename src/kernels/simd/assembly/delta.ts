import { constants } from './constants';
import { LINEAR, RELU, SIGMOID, SOFTPLUS, TANH, timesDerivative } from './derivatives';
import { at, gather, scatter, width } from './lanes';

/** out = (upstream + push)·f′ over rows begin … end−1 of a walk; push is one for all rows, a 0 pointer where absent. */
// @ts-ignore: decorator
@inline
function backward(
  f: i32,
  c: usize,
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
        v128.store(p, timesDerivative(f, c, u, v128.load(r)));
        p += 16;
        q += 16;
        r += 16;
        s += 16;
      }
    }
    for (; n > 0; n -= 4) {
      let u = gather(q, upStep, n);
      if (push != 0) u = f32x4.add(u, gather(s, pushStep, n));
      scatter(p, outStep, n, timesDerivative(f, c, u, gather(r, aStep, n)));
      p = at(p, 4, outStep);
      q = at(q, 4, upStep);
      r = at(r, 4, aStep);
      s = at(s, 4, pushStep);
    }
  }
}

/** out = (upstream + push)·f′, f′ from a = f(z). */
export function delta(
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
  f: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  if (f == SIGMOID) {
    backward(
      SIGMOID, 0, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep,
      push, pushStep, begin, end,
    );
  } else if (f == TANH) {
    backward(
      TANH, 0, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep,
      push, pushStep, begin, end,
    );
  } else if (f == RELU) {
    backward(
      RELU, 0, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep,
      push, pushStep, begin, end,
    );
  } else if (f == SOFTPLUS) {
    backward(
      SOFTPLUS, constants(scratch), columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep,
      push, pushStep, begin, end,
    );
  } else {
    backward(
      LINEAR, 0, columns, total, out, outRow, outStep, upstream, upRow, upStep, a, aRow, aStep,
      push, pushStep, begin, end,
    );
  }
}
