import { at } from './lanes';

/** out = α·sums + β·from for a whole tile of `rows` rows of `width` numbers each, side by side. β = 0 does not read from. */
export function storeTile(
  out: usize,
  outRow: i32,
  from: usize,
  fromRow: i32,
  sums: usize,
  width: i32,
  rows: i32,
  alpha: f32,
  beta: f32,
): void {
  const scale = f32x4.splat(alpha);
  const keep = f32x4.splat(beta);
  const bytes = width << 2;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < bytes; j += 16) {
      const scaled = f32x4.mul(scale, v128.load(sums + j));
      v128.store(out + j, beta == 0 ? scaled : f32x4.add(scaled, f32x4.mul(keep, v128.load(from + j))));
    }
    out = at(out, 1, outRow);
    from = at(from, 1, fromRow);
    sums += bytes;
  }
}

/** The same for a part of a tile, or for any strides: the same arithmetic, a number at a time. */
export function storeCorner(
  out: usize,
  outRow: i32,
  outStep: i32,
  from: usize,
  fromRow: i32,
  fromStep: i32,
  sums: usize,
  width: i32,
  rows: i32,
  columns: i32,
  alpha: f32,
  beta: f32,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const scaled = alpha * load<f32>(at(sums, i * width + j, 1));
      const kept = beta == 0 ? scaled : scaled + beta * load<f32>(at(at(from, i, fromRow), j, fromStep));
      store<f32>(at(at(out, i, outRow), j, outStep), kept);
    }
  }
}
