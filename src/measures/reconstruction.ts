import type { TypedNumbers, View } from '../array/matrix.ts';
import { finiteSum } from './finite-sum.ts';
import type { MeanRow } from './mean-row.ts';

/** How near outputs ŷ come to targets y, both (m, d); ȳ is the mean target of the whole set, of no batch. */
export interface Reconstruction {
  /**
   * 1 − Σₖ‖yₖ−ŷₖ‖² / Σₖ‖yₖ−ȳ‖², the ratio of the sums: 1 is perfect, 0 no better than ȳ, below 0 worse, and never clamped.
   * 1 − varianceUnexplained, to rounding. NaN where all targets are equal.
   */
  readonly explainedVariance: number;
  /**
   * The mean over examples of 1 − ‖yₖ−ŷₖ‖²/‖yₖ−ȳ‖², which earlier papers and libraries call explained variance: examples
   * near ȳ outweigh all others. Those that are ȳ to rounding, ‖yₖ−ȳ‖ ≤ 1e-12 ‖ȳ‖, have no ratio and are left out. NaN where
   * all are, or all targets are equal.
   */
  readonly explainedVarianceLegacy: number;
  /** The mean of cos(yₖ, ŷₖ), in [−1, 1], over the examples with ‖yₖ‖ > 1e-6; 0 where ŷₖ is 0. NaN where there are none. */
  readonly cosine: number;
  /** The mean of ‖ŷₖ‖/‖yₖ‖ over the examples with ‖yₖ‖ > 1e-6: below 1 is shrinkage. NaN where there are none. */
  readonly normRatio: number;
}

const LEAST_NORM = 1e-6;
/** (1e-12)²: of ‖ȳ‖², what its rounding may leave of ‖y−ȳ‖². */
const ROUNDING = 1e-24;

/** Gathers `Reconstruction` row by row, each sum in the order of the rows: its bits do not depend on the chunks. */
export class ReconstructionCounter {
  private readonly given: MeanRow;
  private readonly least: number;
  readonly tally = { error: 0, variation: 0, ratios: 0, rated: 0, cosines: 0, norms: 0, long: 0 };

  /** `given`: of all targets. */
  constructor(given: MeanRow) {
    this.given = given;
    this.least = ROUNDING * given.mean.reduce((sum, value) => sum + value * value, 0);
  }

  /** Some targets and their outputs, views of one shape without a unit. @returns Σ‖ŷ − y‖² of these. */
  add(target: View<TypedNumbers>, output: View<TypedNumbers>): number {
    const [m, d] = target.shape;
    const [data, outputs] = [target.data, output.data];
    const [step, stepMade] = [target.stride[1], output.stride[1]];
    const { tally } = this;
    const { mean } = this.given;
    let { error: errors, variation } = tally;
    let total = 0;
    for (let k = 0; k < m; k++) {
      let p = target.offset + k * target.stride[0];
      let q = output.offset + k * output.stride[0];
      let [error, spread, dot, square, made] = [0, 0, 0, 0, 0];
      for (let i = 0; i < d; i++, p += step, q += stepMade) {
        const y = data[p];
        const yHat = outputs[q];
        const e = (y - yHat) * (y - yHat);
        const s = (y - mean[i]) * (y - mean[i]);
        // Element by element, both alike: outputs that are the mean have the sum of the variation, and explain exactly 0.
        errors += e;
        variation += s;
        total += e;
        error += e;
        spread += s;
        dot += y * yHat;
        square += y * y;
        made += yHat * yHat;
      }
      if (spread > this.least) {
        tally.ratios += 1 - error / spread;
        tally.rated++;
      }
      const norm = Math.sqrt(square);
      if (norm <= LEAST_NORM) continue;
      const ratio = Math.sqrt(made) / norm;
      tally.norms += ratio;
      tally.cosines += made === 0 ? 0 : Math.max(-1, Math.min(1, dot / (norm * Math.sqrt(made)))); // rounding may leave ±1
      tally.long++;
    }
    tally.error = errors;
    tally.variation = variation;
    return total;
  }

  /** Σₖ‖yₖ−ȳ‖²; NaN where all are equal. */
  get totalVariation(): number {
    return this.given.varies ? this.tally.variation : Number.NaN;
  }

  /** @throws InputError where a sum overflows. */
  result(): Reconstruction {
    const { given, tally } = this;
    const { varies } = given;
    const error = finiteSum(tally.error, 'the squared error');
    const variation = finiteSum(tally.variation, 'the variance of the targets');
    const ratios = finiteSum(tally.ratios, 'the sum of the ratios of error and variance');
    return {
      explainedVariance: varies ? 1 - error / variation : Number.NaN,
      explainedVarianceLegacy: varies && tally.rated > 0 ? ratios / tally.rated : Number.NaN,
      cosine: finiteSum(tally.cosines, 'the sum of the cosines') / tally.long,
      normRatio: finiteSum(tally.norms, 'the sum of the ratios of norms') / tally.long,
    };
  }
}
