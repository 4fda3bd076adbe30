import { type AnyNumbers, type Matrix, matrix, rowRange, toFlat, type View, zeros } from '../../array/matrix.ts';
import { asView, type MatrixLike } from '../../array/view-check.ts';
import { InputError, show } from '../../errors.ts';
import { refuseNonFinite } from '../finite.ts';
import { deviationOf } from './layer-norm.ts';
import { applyPreprocessing, type Preprocessing, precisionOf, widthAfter } from './preprocessing.ts';
import { centre, lengthOf, takeRow } from './row-length.ts';
import { inverseTransform } from './unwhiten.ts';
import type { Whitening } from './whitening.ts';

const BLOCK = 256; // rows that go through all steps together

/** Steps that say nothing of an example are constants; the others need what they were given of it. */
const ofTheRow = (step: Preprocessing) => ['contrast', 'layer-norm', 'constant-norm'].includes(step.kind);

/**
 * A reconstruction of preprocessed examples in the units of the raw ones: the steps are undone from the last to the first,
 * each u by: standardize u·deviation + mean; scale u·deviation; zca and pca u·transform⁺ᵀ + mean, transform⁺ the
 * pseudo-inverse, so that of pca with fewer components the rest is the mean's; and by what the step was given, r:
 * layer-norm u·std + mean (std without ε, as SAELens has it), contrast u·√(var + ε) + mean, constant-norm u·‖r‖/√d.
 * x: (m, d), the raw examples. reconstruction: (m, columns after the steps). (m, d), in the reconstruction's precision.
 * @throws InputError on cs294a, which cuts values off, on other shapes, and on values that are not finite.
 */
export function restore(steps: readonly Preprocessing[], x: MatrixLike, reconstruction: MatrixLike): Matrix {
  const [raw, made] = [asView(x, 'x'), asView(reconstruction, 'reconstruction')];
  const [m, d] = raw.shape;
  const width = widthAfter(steps, d);
  if (raw.shape.length !== 2 || made.shape.length !== 2 || made.shape[0] !== m || made.shape[1] !== width) {
    throw new InputError(
      `reconstruction is (${made.shape.join(', ')}) for x of (${raw.shape.join(', ')}): it must be (${m}, ${width}), a row for each of x`,
    );
  }
  const cut = steps.find(({ kind }) => kind === 'cs294a');
  if (cut)
    throw new InputError(`a step is ${show(cut.kind)}, which cuts values off and cannot be undone: leave x̂ as it is`);
  refuseNonFinite(made, 'reconstruction');
  const inverses = steps.map((step) => ('transform' in step ? inverseTransform(step) : null));
  const precision = precisionOf(made);
  const out = zeros(m * d, precision);
  for (let begin = 0; begin < m; begin += BLOCK) {
    const end = Math.min(begin + BLOCK, m);
    const given = inputsOf(steps, rowRange(raw, begin, end));
    const rows = toFlat(rowRange(made, begin, end), zeros((end - begin) * width, 'float64')) as Float64Array;
    let current = rows;
    for (let s = steps.length - 1; s >= 0; s--) current = undo(steps[s], inverses[s], current, given[s], end - begin);
    out.set(current, begin * d);
  }
  const result = matrix(out, m, d);
  refuseNonFinite(result, 'restored reconstruction');
  return result;
}

/** What each step that goes by the row was given; null of the others. Nothing is computed past the last of them. */
function inputsOf(steps: readonly Preprocessing[], x: View<AnyNumbers>): readonly (View<AnyNumbers> | null)[] {
  return steps.map((step, s) => (ofTheRow(step) ? applyPreprocessing(steps.slice(0, s), x, 'float64') : null));
}

/** One step undone on m rows. `given`: what the step was given of them. */
function undo(
  step: Preprocessing,
  inverse: Float64Array | null,
  u: Float64Array,
  given: View<AnyNumbers> | null,
  m: number,
): Float64Array {
  if (inverse !== null) return unwhitened(step as Whitening, inverse, u, m);
  const d = u.length / m;
  const row = new Float64Array(d);
  for (let i = 0; i < m; i++) {
    if (given !== null) takeRow(given, i, row);
    const [scale, mean] = given === null ? [1, 0] : ofRow(step, row);
    for (let j = 0, q = i * d; j < d; j++, q++) {
      if (step.kind === 'standardize') u[q] = u[q] * step.deviation.get(j) + step.mean.get(j);
      else if (step.kind === 'scale') u[q] *= step.deviation;
      else u[q] = u[q] * scale + mean;
    }
  }
  return u;
}

/** By what a row was divided, and what was taken off it before. The row is overwritten. */
function ofRow(step: Preprocessing, row: Float64Array): [scale: number, mean: number] {
  if (step.kind === 'constant-norm') return [lengthOf(row) / Math.sqrt(row.length), 0];
  const mean = centre(row);
  const deviation = deviationOf(row);
  return [step.kind === 'contrast' ? Math.hypot(deviation, Math.sqrt(step.epsilon)) : deviation, mean];
}

/** u·transform⁺ᵀ + mean. */
function unwhitened({ mean, transform }: Whitening, inverse: Float64Array, u: Float64Array, m: number): Float64Array {
  const [k, d] = transform.shape;
  const out = new Float64Array(m * d);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < d; j++) {
      let sum = mean.get(j);
      for (let c = 0; c < k; c++) sum += u[i * k + c] * inverse[j * k + c];
      out[i * d + j] = sum;
    }
  }
  return out;
}
