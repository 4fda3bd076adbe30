import { type AnyNumbers, matrixView, toFlat, transposed, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { createGemm } from '../kernels/reference/gemm.ts';

/** Cosines that differ by less are equal: rounding decides between them. */
const TIE = 1e-12;

/** How the rows of a dictionary lie to true features; cosᵢⱼ is between decoder row i (h) and feature j (F). */
export interface Matching {
  /** Mean of |cos| over the min(h, F) pairs of the one-to-one matching that makes it largest. */
  readonly mcc: number;
  /** Mean over features of the largest signed cosine of any row. */
  readonly mmcs: number;
  /** Distinct best features / h. */
  readonly uniqueness: number;
  /** (h): the feature of the largest |cos| with each row, the lower index of equal ones. */
  readonly best: Uint32Array;
}

/**
 * Matches decoder rows (h, d) with directions (F, d), both scaled to length 1; cos with a row of 0 is 0. Takes 8·h·F bytes.
 * @throws InputError where a direction is 0.
 */
export async function match(rows: View<AnyNumbers>, directions: View<AnyNumbers>, name: string): Promise<Matching> {
  const [h, d] = rows.shape;
  const [features] = directions.shape;
  const a = unitRows(rows, new Float64Array(h * d));
  const b = unitRows(directions, new Float64Array(features * d));
  const zero = b.lengths.indexOf(0);
  if (zero >= 0) throw new InputError(`${name} is 0 in row ${zero}: a feature must have a direction; leave it out`);
  const cosines = new Float64Array(h * features);
  createGemm()(matrixView(cosines, h, features), a.view, transposed(b.view), 1, 0);
  const best = new Uint32Array(h);
  const largest = new Float64Array(features).fill(-1);
  const costs: Float64Array[] = [];
  for (let i = 0; i < h; i++) {
    const row = cosines.subarray(i * features, (i + 1) * features);
    for (let j = 0; j < features; j++) {
      const cos = Math.max(-1, Math.min(1, row[j])); // rounding may leave ±1
      largest[j] = Math.max(largest[j], cos);
      row[j] = -Math.abs(cos);
      if (row[j] < row[best[i]] - TIE) best[i] = j;
    }
    costs.push(row);
  }
  const { munkres } = await import('munkres');
  const pairs = munkres(costs);
  return {
    mcc: -pairs.reduce((sum, [i, j]) => sum + costs[i][j], 0) / pairs.length,
    mmcs: largest.reduce((sum, cos) => sum + cos, 0) / features,
    uniqueness: new Set(best).size / h,
    best,
  };
}

/** Rows divided by their lengths in `out`; rows of 0 stay. */
function unitRows(rows: View<AnyNumbers>, out: Float64Array): { view: View<Float64Array>; lengths: number[] } {
  const [n, d] = rows.shape;
  toFlat(rows, out);
  const lengths: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * d, (i + 1) * d);
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest > 0) divide(row, largest); // squares neither overflow nor vanish
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) divide(row, length);
    lengths.push(length);
  }
  return { view: matrixView(out, n, d), lengths };
}

function divide(row: Float64Array, by: number): void {
  for (let j = 0; j < row.length; j++) row[j] /= by;
}
