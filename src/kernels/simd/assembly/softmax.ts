import { constants } from './constants';
import { expBelow4 } from './exp';
import { at, firstLanes, high, load4, low, store4, sumLanes } from './lanes';

/** The first n ≤ 4 lanes of x, `other` in the rest. */
// @ts-ignore: decorator
@inline
function orElse(x: v128, n: i32, other: v128): v128 {
  return v128.bitselect(x, other, firstLanes(n));
}

/**
 * Per row, with s = z − max z: out = exp s/Σ exp s − y, and three float64 sums in sums[3i …]: Σ exp s, Σ y and Σ y·s.
 * The loss of the row is log(first)·second − third; the logarithm is the caller's. exp s waits in out, which may be z.
 */
export function softmaxCrossEntropy(
  columns: i32,
  total: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  z: usize,
  zRow: i32,
  zStep: i32,
  y: usize,
  yRow: i32,
  yStep: i32,
  sums: usize,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const k = constants(scratch);
  for (let i = begin; i < end; i++) {
    const zFirst = at(z, i, zRow);
    const yFirst = at(y, i, yRow);
    const outFirst = at(out, i, outRow);
    const corner = v128.load_splat<f32>(zFirst);
    let most = corner; // pmax passes over a NaN, which shows in Σ exp s
    for (let c = 0; c < columns; c += 4) {
      const n = columns - c;
      most = f32x4.pmax(most, orElse(load4(at(zFirst, c, zStep), zStep, n), n, corner));
    }
    most = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
    const top = f32x4.max(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
    const wideTop = low(top);
    let totalSum = f64x2.splat(0);
    let targets = totalSum;
    let products = totalSum;
    for (let c = 0; c < columns; c += 4) {
      const n = columns - c;
      const logits = orElse(load4(at(zFirst, c, zStep), zStep, n), n, top);
      const target = load4(at(yFirst, c, yStep), yStep, n);
      const e = v128.and(expBelow4(k, f32x4.sub(logits, top)), firstLanes(n));
      store4(at(outFirst, c, outStep), outStep, n, e);
      totalSum = f64x2.add(totalSum, f64x2.add(low(e), high(e)));
      targets = f64x2.add(targets, f64x2.add(low(target), high(target)));
      const lower = f64x2.mul(low(target), f64x2.sub(low(logits), wideTop));
      const upper = f64x2.mul(high(target), f64x2.sub(high(logits), wideTop));
      products = f64x2.add(products, f64x2.add(lower, upper));
    }
    const sum = sumLanes(totalSum);
    const divisor = f32x4.splat(<f32>sum);
    for (let c = 0; c < columns; c += 4) {
      const n = columns - c;
      const p = at(outFirst, c, outStep);
      store4(p, outStep, n, f32x4.sub(f32x4.div(load4(p, outStep, n), divisor), load4(at(yFirst, c, yStep), yStep, n)));
    }
    const row = sums + (<usize>i) * 24;
    store<f64>(row, sum);
    store<f64>(row, sumLanes(targets), 8);
    store<f64>(row, sumLanes(products), 16);
  }
}
