import { addTo } from './column-sums';
import { constants } from './constants';
import { LINEAR, RELU, secondDerivative, SIGMOID, SOFTPLUS, TANH, timesDerivative } from './derivatives';
import { at, gather, scatter } from './lanes';

/**
 * For blocks begin … end−1 of `width` columns, with q_j = Σₖ f′(z_kj)²: dA_kj += 2κ·r_j·f″(z_kj), pull_j = 2κ/m·q_j,
 * sums[block] = Σⱼ q_j·r_j.
 */
// @ts-ignore: decorator
@inline
function contract(
  f: i32,
  rows: i32,
  columns: i32,
  width: i32,
  dA: usize,
  dRow: i32,
  dStep: i32,
  pull: usize,
  pullStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  norms: usize,
  normStep: i32,
  sums: usize,
  twoKappa: f32,
  perExample: f64,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const one = f32x4.splat(1);
  const k = f == SOFTPLUS ? constants(scratch) : 0;
  const factor = f32x4.splat(twoKappa);
  for (let block = begin; block < end; block++) {
    const j = block * width;
    const wide = min(width, columns - j);
    memory.fill(scratch, 0, (<usize>width) << 3);
    for (let i = 0; i < rows; i++) {
      let p = at(at(dA, i, dRow), j, dStep);
      let q = at(at(a, i, aRow), j, aStep);
      let r = at(norms, j, normStep);
      for (let c = 0; c < wide; c += 4) {
        const n = wide - c;
        const whole = n >= 4 && aStep == 1 && dStep == 1 && normStep == 1;
        const x = whole ? v128.load(q) : gather(q, aStep, n);
        const first = timesDerivative(f, k, one, x);
        const norm = whole ? v128.load(r) : gather(r, normStep, n);
        const gain = f32x4.mul(f32x4.mul(factor, norm), secondDerivative(f, k, first, x));
        addTo(scratch + (c << 3), f32x4.mul(first, first));
        if (whole) v128.store(p, f32x4.add(v128.load(p), gain));
        else scatter(p, dStep, n, f32x4.add(gather(p, dStep, n), gain));
        p = at(p, 4, dStep);
        q = at(q, 4, aStep);
        r = at(r, 4, normStep);
      }
    }
    let sum: f64 = 0;
    for (let c = 0; c < wide; c++) {
      const squares = load<f64>(scratch + (c << 3));
      sum += squares * <f64>load<f32>(at(norms, j + c, normStep));
      store<f32>(at(pull, j + c, pullStep), <f32>(perExample * squares));
    }
    store<f64>(sums + (block << 3), sum);
  }
}

/** The contraction for f. */
export function contraction(
  rows: i32,
  columns: i32,
  width: i32,
  dA: usize,
  dRow: i32,
  dStep: i32,
  pull: usize,
  pullStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  norms: usize,
  normStep: i32,
  sums: usize,
  twoKappa: f32,
  perExample: f64,
  f: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  if (f == SIGMOID) {
    contract(
      SIGMOID, rows, columns, width, dA, dRow, dStep, pull, pullStep, a, aRow, aStep, norms, normStep, sums,
      twoKappa, perExample, begin, end, scratch,
    );
  } else if (f == TANH) {
    contract(
      TANH, rows, columns, width, dA, dRow, dStep, pull, pullStep, a, aRow, aStep, norms, normStep, sums,
      twoKappa, perExample, begin, end, scratch,
    );
  } else if (f == RELU) {
    contract(
      RELU, rows, columns, width, dA, dRow, dStep, pull, pullStep, a, aRow, aStep, norms, normStep, sums,
      twoKappa, perExample, begin, end, scratch,
    );
  } else if (f == SOFTPLUS) {
    contract(
      SOFTPLUS, rows, columns, width, dA, dRow, dStep, pull, pullStep, a, aRow, aStep, norms, normStep, sums,
      twoKappa, perExample, begin, end, scratch,
    );
  } else {
    contract(
      LINEAR, rows, columns, width, dA, dRow, dStep, pull, pullStep, a, aRow, aStep, norms, normStep, sums,
      twoKappa, perExample, begin, end, scratch,
    );
  }
}
