import { at } from './lanes';
import { countOf } from './lengths';
import { addRows } from './rows';

// Pairs by example: row i of `values` and `indices`, both (m, k), indices of column stride 1.

/** out_i += Σₜ values_it · rows[indices_it]. Unit i. */
export function addSparseRows(
  k: i32,
  columns: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  values: usize,
  valuesRow: i32,
  valuesStep: i32,
  indices: usize,
  indicesRow: i32,
  rows: usize,
  rowsRow: i32,
  rowsStep: i32,
  lengths: usize,
  lengthsStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const target = at(out, i, outRow);
    const index = at(indices, i, indicesRow);
    addRows(target, outStep, columns, index, at(values, i, valuesRow), valuesStep, countOf(lengths, lengthsStep, i, k), rows, rowsRow, rowsStep);
  }
}

/** out_it = dense[i, indices_it]. Unit i. */
export function gatherColumns(
  k: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  dense: usize,
  denseRow: i32,
  denseStep: i32,
  indices: usize,
  indicesRow: i32,
  lengths: usize,
  lengthsStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = at(dense, i, denseRow);
    const target = at(out, i, outRow);
    const index = at(indices, i, indicesRow);
    const n = countOf(lengths, lengthsStep, i, k);
    for (let t = 0; t < n; t++) {
      store<f32>(at(target, t, outStep), load<f32>(at(row, load<i32>(at(index, t, 1)), denseStep)));
    }
  }
}

/** out[indices_it] += α·values_it, example by example, each sum rounded once. One unit: examples meet in out. */
export function addSparseSums(
  m: i32,
  k: i32,
  out: usize,
  outStep: i32,
  alpha: f64,
  values: usize,
  valuesRow: i32,
  valuesStep: i32,
  indices: usize,
  indicesRow: i32,
  lengths: usize,
  lengthsStep: i32,
): void {
  for (let i = 0; i < m; i++) {
    const n = countOf(lengths, lengthsStep, i, k);
    const value = at(values, i, valuesRow);
    const index = at(indices, i, indicesRow);
    for (let t = 0; t < n; t++) {
      const p = at(out, load<i32>(at(index, t, 1)), outStep);
      store<f32>(p, <f32>(<f64>load<f32>(p) + alpha * <f64>load<f32>(at(value, t, valuesStep))));
    }
  }
}
