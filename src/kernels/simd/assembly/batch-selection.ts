import { COMPACTION_BYTES, fillCompaction } from './compact';
import { at } from './lanes';
import { keepStrongest } from './select';

/**
 * Numbers above 0 are in the order of their bits. counts[digit] += how many of them have the digit `(bits >> shift) & mask`, of
 * those whose bits above it are `prefix` and whose own are at most `most`. NaNs are the largest. Unit: a row; scratch has room for mask + 1 counts.
 */
export function countDigits(
  units: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  shift: i32,
  bits: i32,
  prefix: i32,
  most: i32,
  counts: usize,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const digits = 1 << bits;
  const mask = digits - 1;
  memory.fill(scratch, 0, (<usize>digits) << 2);
  for (let i = begin; i < end; i++) {
    let p = at(a, i, aRow);
    const step = (<usize>aStep) << 2;
    for (let j = 0; j < units; j++, p += step) {
      const x = load<i32>(p);
      if (x > 0 && x <= most && x >> shift >> bits == prefix) {
        const place = at(scratch, (x >> shift) & mask, 1);
        store<i32>(place, load<i32>(place) + 1);
      }
    }
  }
  for (let digit = 0; digit < digits; digit++) {
    const own = load<i32>(at(scratch, digit, 1));
    if (own != 0) atomic.add<i32>(at(counts, digit, 1), own);
  }
}

/** Pairs of the a_ij above the bound, and NaNs; the rest of a becomes 0. Unit: a row; scratch has room for one. */
export function keepAbove(
  units: i32,
  values: usize,
  valuesRow: i32,
  valuesStep: i32,
  indices: usize,
  indicesRow: i32,
  lengths: usize,
  lengthsStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  bound: f32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const table = scratch;
  const buffer = table + COMPACTION_BYTES;
  fillCompaction(table);
  for (let i = begin; i < end; i++) {
    const row = at(a, i, aRow);
    const n = <i32>((keepStrongest(buffer, row, aStep, units, bound, 0, false, table) - buffer) >> 2);
    const target = at(values, i, valuesRow);
    const index = at(indices, i, indicesRow);
    for (let t = 0; t < n; t++) {
      const column = load<i32>(at(buffer, t, 1));
      store<i32>(at(index, t, 1), column);
      store<f32>(at(target, t, valuesStep), load<f32>(at(row, column, aStep)));
    }
    store<i32>(at(lengths, i, lengthsStep), n);
  }
}
