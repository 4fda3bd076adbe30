import { COMPACTION_BYTES, fillCompaction } from './compact';
import { at, load4, store4 } from './lanes';
import { countAbove, fillBuffer, greatest, keepAbove, keepRest, least, pivotOf } from './threshold';

/**
 * Writes the numbers above the threshold and, from the left, `ties` of those equal to it, with their columns; zeroes the
 * others. With `nans` the NaNs are the ties, and nothing is above; without, they are above.
 */
function keepStrongest(
  values: usize,
  valuesStep: i32,
  indices: usize,
  a: usize,
  step: i32,
  units: i32,
  threshold: f32,
  ties: i32,
  nans: bool,
): void {
  const limit = f32x4.splat(threshold);
  const zero = f32x4.splat(0);
  for (let c = 0; c < units; c += 4) {
    const n = units - c;
    const x = load4(a, step, n);
    const above = nans ? zero : v128.not(f32x4.le(x, limit));
    const equal = nans ? f32x4.ne(x, x) : f32x4.eq(x, limit);
    if (v128.any_true(ties > 0 ? v128.or(above, equal) : above)) {
      const strong = i32x4.bitmask(above);
      const tied = i32x4.bitmask(equal);
      for (let lane = 0; lane < min(n, 4); lane++) {
        const p = at(a, lane, step);
        const isTie = (tied >> lane) & 1 && ties > 0;
        if (isTie || (strong >> lane) & 1) {
          if (isTie) ties--;
          store<f32>(values, load<f32>(p));
          store<i32>(indices, c + lane);
          values = at(values, 1, valuesStep);
          indices += 4;
        } else {
          store<f32>(p, 0);
        }
      }
    } else {
      store4(a, step, n, zero);
    }
    a = at(a, 4, step);
  }
}

/**
 * values, indices (m, k): the k largest of each row of a (m, units) and their columns, rising; of equal ones the lower
 * column; NaN is the largest. The rest of a becomes 0. Unit i; scratch has room for a row.
 */
export function selectLargest(
  k: i32,
  units: i32,
  values: usize,
  valuesRow: i32,
  valuesStep: i32,
  indices: usize,
  indicesRow: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const table = scratch;
  const bounds = table + COMPACTION_BYTES;
  const buffer = bounds + 16;
  fillCompaction(table);
  for (let i = begin; i < end; i++) {
    const row = at(a, i, aRow);
    let numbers = fillBuffer(buffer, row, aStep, units, bounds);
    let need = k - (units - numbers); // of the numbers, behind all NaNs
    const nans = need <= 0;
    if (nans) need = k;
    let length = units; // of the buffer: NaNs go with the first pass
    for (let pass = 0; !nans && need < numbers && least(bounds) < greatest(bounds); pass++) {
      const pivot = pivotOf(least(bounds), greatest(bounds), pass);
      const above = countAbove(buffer, length, pivot);
      if (above >= need) {
        numbers = keepAbove(buffer, length, pivot, bounds, table);
      } else {
        numbers = keepRest(buffer, length, pivot, bounds, table);
        need -= above;
      }
      length = numbers;
    }
    // All that are left survive, or they are equal and `need` of them do: either way no more than `need` equal the least.
    const target = at(values, i, valuesRow);
    keepStrongest(target, valuesStep, at(indices, i, indicesRow), row, aStep, units, least(bounds), need, nans);
  }
}
