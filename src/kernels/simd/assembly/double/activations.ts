import { SOFTPLUS } from '../derivatives';
import { width } from '../lanes';
import { constants } from './constants';
import { apply, timesDerivative } from './functions';
import { at, load2, store2 } from './lanes';

/** out = f(z) over rows begin … end−1 of a walk; linear is a copy and not among these. */
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
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(z, i, zRow);
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      store2(p, outStep, n, apply(f, c, load2(q, zStep, n)));
      p = at(p, 2, outStep);
      q = at(q, 2, zStep);
    }
  }
}

/** out = (upstream + push)·f′, f′ from a = f(z); push is one for all rows, a 0 pointer where absent. */
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
  const c = f == SOFTPLUS ? constants(scratch) : 0;
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = at(upstream, i, upRow);
    let r = at(a, i, aRow);
    let s = push;
    for (let n = width(columns, total, i); n > 0; n -= 2) {
      let u = load2(q, upStep, n);
      if (push != 0) u = f64x2.add(u, load2(s, pushStep, n));
      store2(p, outStep, n, timesDerivative(f, c, u, load2(r, aStep, n)));
      p = at(p, 2, outStep);
      q = at(q, 2, upStep);
      r = at(r, 2, aStep);
      s = at(s, 2, pushStep);
    }
  }
}
