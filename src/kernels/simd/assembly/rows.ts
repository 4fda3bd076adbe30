import { at, load4, store4 } from './lanes';

// Sums of rows of a matrix that pairs (index, value) name: what out gains by survivors, whether they are listed by
// example or by feature. Every number of out adds its pairs in their order, whatever the blocks and strides.

/** Numbers of out in registers while all pairs are added: eight vectors. */
const WIDE = 32;

/** out += Σₑ value_e · rows[index_e] for 32 columns of stride 1. */
// @ts-ignore: decorator
@inline
function addWide(out: usize, indices: usize, values: usize, valueStep: i32, pairs: i32, rows: usize, rowsRow: i32): void {
  let s0 = v128.load(out);
  let s1 = v128.load(out, 16);
  let s2 = v128.load(out, 32);
  let s3 = v128.load(out, 48);
  let s4 = v128.load(out, 64);
  let s5 = v128.load(out, 80);
  let s6 = v128.load(out, 96);
  let s7 = v128.load(out, 112);
  for (let e = pairs; e > 0; e--) {
    const value = v128.load_splat<f32>(values);
    const row = at(rows, load<i32>(indices), rowsRow);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(row)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(row, 16)));
    s2 = f32x4.add(s2, f32x4.mul(value, v128.load(row, 32)));
    s3 = f32x4.add(s3, f32x4.mul(value, v128.load(row, 48)));
    s4 = f32x4.add(s4, f32x4.mul(value, v128.load(row, 64)));
    s5 = f32x4.add(s5, f32x4.mul(value, v128.load(row, 80)));
    s6 = f32x4.add(s6, f32x4.mul(value, v128.load(row, 96)));
    s7 = f32x4.add(s7, f32x4.mul(value, v128.load(row, 112)));
    indices += 4;
    values = at(values, 1, valueStep);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
}

/** The same for n ≤ 4 columns of any strides. */
function addFour(
  out: usize,
  outStep: i32,
  n: i32,
  indices: usize,
  values: usize,
  valueStep: i32,
  pairs: i32,
  rows: usize,
  rowsRow: i32,
  rowsStep: i32,
): void {
  let sum = load4(out, outStep, n);
  for (let e = 0; e < pairs; e++) {
    const value = v128.load_splat<f32>(at(values, e, valueStep));
    const row = at(rows, load<i32>(at(indices, e, 1)), rowsRow);
    sum = f32x4.add(sum, f32x4.mul(value, load4(row, rowsStep, n)));
  }
  store4(out, outStep, n, sum);
}

/** out_j += Σₑ value_e · rows[index_e, j], columns 0 … columns−1. Indices lie one after the other. */
export function addRows(
  out: usize,
  outStep: i32,
  columns: i32,
  indices: usize,
  values: usize,
  valueStep: i32,
  pairs: i32,
  rows: usize,
  rowsRow: i32,
  rowsStep: i32,
): void {
  if (outStep == 1 && rowsStep == 1) {
    for (; columns >= WIDE; columns -= WIDE) {
      addWide(out, indices, values, valueStep, pairs, rows, rowsRow);
      out += WIDE << 2;
      rows += WIDE << 2;
    }
  }
  for (; columns > 0; columns -= 4) {
    addFour(out, outStep, columns, indices, values, valueStep, pairs, rows, rowsRow, rowsStep);
    out = at(out, 4, outStep);
    rows = at(rows, 4, rowsStep);
  }
}
