import type { AnyNumbers, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import { isRowSource, type RowSource } from '../stream/row-source.ts';

/** Numbers read at a time from a source. */
const BLOCK = 2 ** 22;
/** Of the median: it moves by less than 1e-7 of the spread long before. */
const MOST_ROUNDS = 200;
const STILL = 1e-7;

/** Calls `use` with every row of x, as numbers, one after the other: a block of a source at a time. */
async function eachRow(x: View<AnyNumbers> | RowSource, use: (row: Float64Array) => void): Promise<void> {
  const [m, d] = x.shape;
  const row = new Float64Array(d);
  const size = Math.max(1, Math.floor(BLOCK / d));
  for (let begin = 0; begin < m; begin += size) {
    const end = Math.min(m, begin + size);
    const rows = isRowSource(x) ? await x.read(begin, end) : x;
    const first = isRowSource(x) ? 0 : begin;
    const { data, stride, offset, unit = 1 } = rows;
    for (let i = 0; i < end - begin; i++) {
      let p = offset + (first + i) * stride[0];
      for (let j = 0; j < d; j++, p += stride[1]) row[j] = numberAt(data, p) / unit;
      use(row);
    }
  }
}

/** x̄ = (1/m) Σₖ xₖ of x (m, d), in float64. */
export async function meanRow(x: View<AnyNumbers> | RowSource): Promise<Float64Array> {
  const [m, d] = x.shape;
  const mean = new Float64Array(d);
  await eachRow(x, (row) => {
    for (let j = 0; j < d; j++) mean[j] += row[j] / m;
  });
  return mean;
}

/**
 * The y with the least Σₖ ‖xₖ − y‖, from the mean by Weiszfeld's steps, one pass over x each. Where y meets examples, η of them,
 * these are left out of the step T and hold y back: y ← (1 − γ)T + γy, γ = min(1, η/‖R‖), R = Σ (xₖ − y)/‖xₖ − y‖ of the
 * others. [Vardi & Zhang, PNAS 97 (2000) 1423, eq. 2.6]
 * @throws InputError if an example holds a value that is not finite.
 */
export async function geometricMedian(x: View<AnyNumbers> | RowSource): Promise<Float64Array> {
  const d = x.shape[1];
  let y = await meanRow(x);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sum = new Float64Array(d);
    const pull = new Float64Array(d);
    let weights = 0;
    let met = 0;
    let spread = 0;
    await eachRow(x, (row) => {
      let square = 0;
      for (let j = 0; j < d; j++) square += (row[j] - y[j]) ** 2;
      const distance = Math.sqrt(square);
      if (!Number.isFinite(distance))
        throw new InputError('x holds a value that is not finite: examples must be finite');
      if (distance === 0) {
        met++;
        return;
      }
      spread += distance;
      weights += 1 / distance;
      for (let j = 0; j < d; j++) {
        sum[j] += row[j] / distance;
        pull[j] += (row[j] - y[j]) / distance;
      }
    });
    if (weights === 0) return y; // all examples are one
    const strength = Math.hypot(...pull);
    const held = met === 0 ? 0 : Math.min(1, met / strength);
    const next = y.map((value, j) => (1 - held) * (sum[j] / weights) + held * value);
    const moved = Math.sqrt(next.reduce((total, value, j) => total + (value - y[j]) ** 2, 0));
    y = next;
    if (moved <= (STILL * spread) / x.shape[0]) break;
  }
  return y;
}
