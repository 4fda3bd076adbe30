import { readFileSync } from 'node:fs';
import type { FiringPlan } from '../../../../src/data/generated/synth-sae-bench/firing.ts';
import { plantForest } from '../../../../src/data/generated/synth-sae-bench/forest.ts';
import { type FullOptions, fullOptions } from '../../../../src/data/generated/synth-sae-bench/options.ts';

/** data/oracles/synth-sae-bench.json: see the script beside it. */
export interface Oracle {
  readonly options: Partial<FullOptions>;
  readonly rows: number;
  readonly probabilities: readonly number[];
  readonly parent: readonly number[];
  readonly drawn: readonly number[];
  readonly shares: readonly number[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** (F, F): rows in which both are on; on the diagonal, one. */
  readonly pairs: readonly number[];
  /** (F): of strengths. */
  readonly sums: readonly number[];
  /** (F): of their squares. */
  readonly squares: readonly number[];
  readonly directions: {
    readonly n: number;
    readonly d: number;
    readonly steps: number;
    readonly rate: number;
    readonly start: readonly number[];
    readonly end: readonly number[];
  };
}

export function readOracle(): Oracle {
  return JSON.parse(readFileSync('data/oracles/synth-sae-bench.json', 'utf8'));
}

/** The oracle's instance, by its own numbers wherever it has them. */
export function planOf(oracle: Oracle, seed: number): FiringPlan {
  const options = fullOptions({ ...oracle.options, seed, width: 2 });
  const { features, rank } = options;
  const shares = Float64Array.from(oracle.shares);
  const own = Float64Array.from({ length: features }, (_, i) =>
    shares.subarray(i * rank, (i + 1) * rank).reduce((left, share) => left - share * share, 1),
  );
  return {
    options,
    forest: plantForest(options),
    correlation: { rank, shares, own },
    drawn: Float64Array.from(oracle.drawn),
    means: Float64Array.from(oracle.means),
    deviations: Float64Array.from(oracle.deviations),
  };
}
