import { at, scatter } from './lanes';

/** Four bytes as numbers, divided by the unit: the same bits as a division in float64 that is rounded to float32. */
// @ts-ignore: decorator
@inline
function fromBytes(bytes: v128, unit: v128): v128 {
  const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
  return f32x4.div(f32x4.convert_i32x4_u(words), unit);
}

/** out_ij = bytes_ij/unit; all bytes lie one after the other, and 3 more may be read. */
export function convertBytes(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  bytes: usize,
  unit: f32,
  begin: i32,
  end: i32,
): void {
  const divisor = f32x4.splat(unit);
  for (let i = begin; i < end; i++) {
    let p = at(out, i, outRow);
    let q = bytes + (<usize>i) * (<usize>columns);
    let n = columns;
    if (outStep == 1) {
      for (; n >= 4; n -= 4) {
        v128.store(p, fromBytes(v128.load32_zero(q), divisor));
        p += 16;
        q += 4;
      }
    }
    for (; n > 0; n -= 4) {
      scatter(p, outStep, n, fromBytes(v128.load32_zero(q), divisor));
      p = at(p, 4, outStep);
      q += 4;
    }
  }
}
