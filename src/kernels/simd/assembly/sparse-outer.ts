import { at } from './lanes';
import { countOf } from './lengths';
import { addRows } from './rows';

// Pairs by feature: the pairs of feature f are numbers starts[f] … starts[f + 1] − 1 of `examples` and `scaled`.

/**
 * Sorts pairs (m, k) by feature, and those of a feature by example: a counting sort. scaled = α·value. `starts` has
 * room for features + 2. One unit, a small one beside what the lists are for.
 */
export function listByFeature(
  starts: usize,
  examples: usize,
  scaled: usize,
  features: i32,
  m: i32,
  k: i32,
  alpha: f64,
  values: usize,
  valuesRow: i32,
  valuesStep: i32,
  indices: usize,
  indicesRow: i32,
  lengths: usize,
  lengthsStep: i32,
): void {
  memory.fill(starts, 0, (<usize>features + 2) << 2);
  // Counts lie two places up; sums turn them into starts one place up, which filling the lists moves to their own.
  for (let i = 0; i < m; i++) {
    const index = at(indices, i, indicesRow);
    const n = countOf(lengths, lengthsStep, i, k);
    for (let t = 0; t < n; t++) {
      const p = at(starts, load<i32>(at(index, t, 1)) + 2, 1);
      store<i32>(p, load<i32>(p) + 1);
    }
  }
  for (let f = 0, sum = 0; f < features; f++) {
    const p = at(starts, f + 2, 1);
    sum += load<i32>(p);
    store<i32>(p, sum);
  }
  for (let i = 0; i < m; i++) {
    const index = at(indices, i, indicesRow);
    const value = at(values, i, valuesRow);
    const n = countOf(lengths, lengthsStep, i, k);
    for (let t = 0; t < n; t++) {
      const p = at(starts, load<i32>(at(index, t, 1)) + 1, 1);
      const e = load<i32>(p);
      store<i32>(p, e + 1);
      store<i32>(at(examples, e, 1), i);
      store<f32>(at(scaled, e, 1), <f32>(alpha * <f64>load<f32>(at(value, t, valuesStep))));
    }
  }
}

/**
 * out_f += Σₑ scaled_e · dense[examples_e] over the pairs e of feature f, in rising order of examples. Unit f. The row of
 * a feature without pairs is not touched.
 */
export function addSparseOuter(
  starts: usize,
  examples: usize,
  scaled: usize,
  columns: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  dense: usize,
  denseRow: i32,
  denseStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let f = begin; f < end; f++) {
    const first = load<i32>(at(starts, f, 1));
    const pairs = load<i32>(at(starts, f + 1, 1)) - first;
    if (pairs == 0) continue;
    const target = at(out, f, outRow);
    const rows = at(examples, first, 1);
    addRows(target, outStep, columns, rows, at(scaled, first, 1), 1, pairs, dense, denseRow, denseStep);
  }
}
