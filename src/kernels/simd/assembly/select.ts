import { COMPACTION_BYTES, fillCompaction, storeLanes } from './compact';
import { at, load4, store4 } from './lanes';
import { countAbove, fillBuffer, greatest, keepAbove, keepRest, least, pivotOf } from './threshold';

/** The lowest `count` of the bits. */
// @ts-ignore: decorator
@inline
function lowest(bits: i32, count: i32): i32 {
  while (popcnt<i32>(bits) > count) bits ^= 1 << (31 - clz<i32>(bits));
  return bits;
}

/** All ones in the lanes that the mask names. */
// @ts-ignore: decorator
@inline
function lanesOf(mask: i32): v128 {
  const bit = i32x4(1, 2, 4, 8);
  return i32x4.eq(v128.and(i32x4.splat(mask), bit), bit);
}

/**
 * Zeroes a row but for the numbers above the threshold and, from the left, `ties` of those equal to it; lists the
 * columns of what is left. With `nans` the NaNs are the ties, and nothing is above; without, they are above. @returns the end
 * of the list.
 */
// @ts-ignore: decorator
@inline
export function keepStrongest(
  columns: usize,
  a: usize,
  step: i32,
  units: i32,
  threshold: f32,
  ties: i32,
  nans: bool,
  table: usize,
): usize {
  const limit = f32x4.splat(threshold);
  let column = i32x4(0, 1, 2, 3);
  for (let n = units; n > 0; n -= 4) {
    const there = n >= 4 ? 15 : (1 << n) - 1;
    const x = load4(a, step, n);
    let side = nans ? f32x4.splat(0) : v128.not(f32x4.le(x, limit));
    let mask = i32x4.bitmask(side) & there;
    const tied = i32x4.bitmask(nans ? f32x4.ne(x, x) : f32x4.eq(x, limit)) & there;
    if (tied && ties > 0) {
      mask |= lowest(tied, ties);
      side = lanesOf(mask);
      ties -= popcnt<i32>(tied);
    }
    store4(a, step, n, v128.and(x, side));
    storeLanes(columns, column, mask, table);
    columns += popcnt<i32>(mask) << 2;
    column = i32x4.add(column, i32x4.splat(4));
    a = at(a, 4, step);
  }
  return columns;
}

/** The numbers of a row that a list of columns names, one after the other. */
function collect(out: usize, row: usize, step: i32, list: usize, n: i32): void {
  for (let t = 0; t < n; t++) store<f32>(at(out, t, 1), load<f32>(at(row, load<i32>(at(list, t, 1)), step)));
}

/** Listed columns may be followed by rubbish: numbers that there is room for behind them. */
const RUBBISH: i32 = 8;

/**
 * values, indices (m, k): the k largest of each row of a (m, units) and their columns, rising; of equal ones the lower
 * column; NaN is the largest. The rest of a becomes 0. With a `list`, other than 0, its columns alone are seen, `units` of them,
 * rising, and a stays. Unit i; scratch has room for a row, and with a list for k + RUBBISH numbers more.
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
  list: usize,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const table = scratch;
  const bounds = table + COMPACTION_BYTES;
  const buffer = bounds + 16;
  fillCompaction(table);
  for (let i = begin; i < end; i++) {
    let row = at(a, i, aRow);
    let step = aStep;
    if (list != 0) collect(buffer, row, aStep, list, units);
    let numbers = fillBuffer(buffer, list == 0 ? row : buffer, list == 0 ? aStep : 1, units, bounds);
    let need = k - (units - numbers); // of the numbers, behind all NaNs
    const nans = need <= 0;
    if (nans) need = k;
    let length = units; // of the buffer: NaNs go with the first pass
    for (let pass = 0; !nans && need < numbers && least(bounds) < greatest(bounds); pass++) {
      const pivot = pivotOf(least(bounds), greatest(bounds), need, numbers, pass);
      const above = countAbove(buffer, length, pivot);
      if (above >= need) {
        numbers = keepAbove(buffer, length, pivot, bounds, table);
      } else {
        numbers = keepRest(buffer, length, pivot, bounds, table);
        need -= above;
      }
      length = numbers;
    }
    // All that are left survive, or they are equal and `need` of them do: at most `need` that equal the least, either way.
    if (list != 0) {
      const again = at(buffer, k + RUBBISH, 1); // a pass has left other numbers in the buffer
      collect(again, row, aStep, list, units);
      row = again;
      step = 1;
    }
    keepStrongest(buffer, row, step, units, least(bounds), need, nans, table);
    const target = at(values, i, valuesRow);
    const index = at(indices, i, indicesRow);
    for (let t = 0; t < min(k, units); t++) {
      const column = load<i32>(at(buffer, t, 1));
      store<i32>(at(index, t, 1), list == 0 ? column : load<i32>(at(list, column, 1)));
      store<f32>(at(target, t, valuesStep), load<f32>(at(row, column, step)));
    }
  }
}
