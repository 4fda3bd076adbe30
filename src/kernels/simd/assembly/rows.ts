import { at, load4, store4 } from './lanes';

// Sums of rows of a matrix that pairs (index, value) name: what out gains by pairs, whether they are listed by
// example or by feature. Every number of out adds its pairs in their order, whatever the strides.

/** Four pairs, whole eights of columns of stride 1: out is read and written once for all four. */
function addFourRows(
  out: usize,
  columns: i32,
  indices: usize,
  values: usize,
  valueStep: i32,
  rows: usize,
  rowsRow: i32,
): void {
  const v0 = v128.load_splat<f32>(values);
  const v1 = v128.load_splat<f32>(at(values, 1, valueStep));
  const v2 = v128.load_splat<f32>(at(values, 2, valueStep));
  const v3 = v128.load_splat<f32>(at(values, 3, valueStep));
  let r0 = at(rows, load<i32>(indices), rowsRow);
  let r1 = at(rows, load<i32>(indices, 4), rowsRow);
  let r2 = at(rows, load<i32>(indices, 8), rowsRow);
  let r3 = at(rows, load<i32>(indices, 12), rowsRow);
  for (; columns >= 8; columns -= 8) {
    let s = f32x4.add(v128.load(out), f32x4.mul(v0, v128.load(r0)));
    let t = f32x4.add(v128.load(out, 16), f32x4.mul(v0, v128.load(r0, 16)));
    s = f32x4.add(s, f32x4.mul(v1, v128.load(r1)));
    t = f32x4.add(t, f32x4.mul(v1, v128.load(r1, 16)));
    s = f32x4.add(s, f32x4.mul(v2, v128.load(r2)));
    t = f32x4.add(t, f32x4.mul(v2, v128.load(r2, 16)));
    s = f32x4.add(s, f32x4.mul(v3, v128.load(r3)));
    t = f32x4.add(t, f32x4.mul(v3, v128.load(r3, 16)));
    v128.store(out, s);
    v128.store(out, t, 16);
    out += 32;
    r0 += 32;
    r1 += 32;
    r2 += 32;
    r3 += 32;
  }
}

/** One pair, the same columns. */
function addOneRow(out: usize, columns: i32, value: v128, row: usize): void {
  for (; columns >= 8; columns -= 8) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(value, v128.load(row))));
    v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(value, v128.load(row, 16))), 16);
    out += 32;
    row += 32;
  }
}

/** All pairs, n ≤ 4 columns of any strides. */
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
    let e = 0;
    for (; e + 4 <= pairs; e += 4) {
      addFourRows(out, columns, at(indices, e, 1), at(values, e, valueStep), valueStep, rows, rowsRow);
    }
    for (; e < pairs; e++) {
      const row = at(rows, load<i32>(at(indices, e, 1)), rowsRow);
      addOneRow(out, columns, v128.load_splat<f32>(at(values, e, valueStep)), row);
    }
    const done = columns & ~7;
    out = at(out, done, 1);
    rows = at(rows, done, 1);
    columns -= done;
  }
  for (; columns > 0; columns -= 4) {
    addFour(out, outStep, columns, indices, values, valueStep, pairs, rows, rowsRow, rowsStep);
    out = at(out, 4, outStep);
    rows = at(rows, 4, rowsStep);
  }
}
