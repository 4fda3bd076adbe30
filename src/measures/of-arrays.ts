import type { MatrixLike } from '../array/view-check.ts';
import { activitiesOf } from './activities.ts';
import { type CodeUse, CodeUseCounter } from './code-use.ts';
import { meanRow } from './mean-row.ts';
import { type Reconstruction, ReconstructionCounter } from './reconstruction.ts';
import { rowChunks } from './row-chunks.ts';
import { assertRows, matrixOf } from './true-features.ts';

// The numbers that `measure` gives, of arrays: for outputs and codes that another program made, and for tests by hand.

/**
 * 1 − Σₖ‖yₖ−ŷₖ‖² / Σₖ‖yₖ−ȳ‖² of targets y and outputs ŷ, both (m, d), ȳ the mean target: 1 is perfect, 0 no better than ȳ,
 * negative worse. NaN where all targets are equal.
 * @throws InputError unless both are matrices of one shape whose values and sums are finite.
 */
export function explainedVariance(target: MatrixLike, output: MatrixLike): number {
  return compare(target, output).explainedVariance;
}

/**
 * The mean over examples of 1 − ‖yₖ−ŷₖ‖²/‖yₖ−ȳ‖², the legacy form; examples that are ȳ to rounding are left out. NaN where
 * all are, or all targets are equal.
 * @throws InputError as `explainedVariance` does.
 */
export function explainedVarianceLegacy(target: MatrixLike, output: MatrixLike): number {
  return compare(target, output).explainedVarianceLegacy;
}

/**
 * The mean of cos(yₖ, ŷₖ) over the examples with ‖yₖ‖ > 1e-6, 0 where ŷₖ is 0; in [−1, 1]. NaN where there are none.
 * @throws InputError as `explainedVariance` does.
 */
export function meanCosine(target: MatrixLike, output: MatrixLike): number {
  return compare(target, output).cosine;
}

/**
 * The mean of ‖ŷₖ‖/‖yₖ‖ over the examples with ‖yₖ‖ > 1e-6: below 1 is shrinkage. NaN where there are none.
 * @throws InputError as `explainedVariance` does.
 */
export function normRatio(target: MatrixLike, output: MatrixLike): number {
  return compare(target, output).normRatio;
}

/**
 * How codes (m, h) are used: L0, L1, how often each unit fires, the histogram of that, the dead.
 * @throws InputError unless codes are a matrix of finite numbers.
 */
export function codeUse(codes: MatrixLike): CodeUse {
  const rows = matrixOf(codes, 'codes');
  const counter = new CodeUseCounter(rows.shape[1]);
  for (const activity of activitiesOf(rows)) counter.add(activity);
  return counter.result();
}

function compare(target: MatrixLike, output: MatrixLike): Reconstruction {
  const y = matrixOf(target, 'target');
  const found = matrixOf(output, 'output', y.shape[1]);
  assertRows(found, 'output', y, 'target');
  const counter = new ReconstructionCounter(meanRow(y, 'float64'));
  const outputs = rowChunks(found, 'float64');
  for (const rows of rowChunks(y, 'float64')) counter.add(rows, outputs.next().value);
  return counter.result();
}
