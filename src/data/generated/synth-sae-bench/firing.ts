import { normalQuantile } from '../../../array/normal-quantile.ts';
import type { Correlation } from './correlation.ts';
import type { Forest } from './forest.ts';
import { LoneFeatures } from './lone-features.ts';
import type { FullOptions } from './options.ts';
import { RowDraws } from './row-draws.ts';

/** What decides over the features of a row. */
export interface FiringPlan {
  readonly options: FullOptions;
  readonly forest: Forest;
  readonly correlation: Correlation;
  /** (F): of being drawn on. */
  readonly drawn: Float64Array;
  /** (F), of their strengths. */
  readonly means: Float64Array;
  /** (F), likewise. */
  readonly deviations: Float64Array;
}

/**
 * The features that are on in a row, and how strongly. Feature i is drawn on where zᵢ > Φ⁻¹(1 − pᵢ), z ~ N(0, A·Aᵀ + diag(own)),
 * with strength max(0, meanᵢ + deviationᵢ·n); then, from the roots down, a child of a feature that is not on goes out, of several
 * that are on one stays, each as likely, and its strength is multiplied by parent's strength / parent's mean. Below a feature
 * that is not on nothing is drawn, for it would go out.
 */
export class Firing {
  /** The features that are on, rising. */
  readonly on: Uint32Array;
  /** Their strengths. */
  readonly strengths: Float64Array;
  /** How many there are. */
  count = 0;
  private readonly plan: FiringPlan;
  private readonly draws: RowDraws;
  private readonly thresholds: Float64Array;
  private readonly roots: Float64Array;
  private readonly factors: Float64Array;
  private readonly lone: LoneFeatures;

  constructor(plan: FiringPlan) {
    const { features, seed } = plan.options;
    const { rank, own } = plan.correlation;
    this.plan = plan;
    this.draws = new RowDraws(seed);
    this.on = new Uint32Array(features);
    this.strengths = new Float64Array(features);
    this.factors = new Float64Array(rank);
    this.thresholds = plan.drawn.map((p) => (p >= 1 ? -Infinity : -normalQuantile(p)));
    this.roots = own.map(Math.sqrt);
    const median = plan.drawn[Math.floor((plan.forest.size + features - 1) / 2)];
    this.lone = new LoneFeatures(plan.correlation, this.thresholds, Math.min(median, 0.5), plan.forest.size);
  }

  /** Goes to a row. */
  draw(row: number): void {
    const { draws, factors } = this;
    const { forest, options } = this.plan;
    draws.begin(row);
    for (let k = 0; k < factors.length; k++) {
      if (k % 2 === 0) draws.at(3 * options.features + k / 2);
      factors[k] = k % 2 === 0 ? draws.firstNormal : draws.secondNormal;
    }
    this.count = 0;
    for (let i = 0; i < forest.size && forest.parent[i] < 0; i++) this.light(i);
    for (let at = 0; at < this.count; at++) this.lightBelow(at);
    this.lone.find(draws, factors, (i) => this.keep(i));
  }

  /** Children of a feature that is on: each level of the forest comes to lie behind the one above it. */
  private lightBelow(at: number): void {
    const { options, means, forest } = this.plan;
    const above = this.on[at];
    const begin = this.count;
    const end = forest.firstChild[above] + forest.children[above];
    for (let i = forest.firstChild[above]; i < end; i++) this.light(i);
    if (options.exclusive && this.count > begin + 1) {
      this.draws.at(options.features + above);
      const stays = begin + Math.floor(this.draws.first * (this.count - begin));
      this.on[begin] = this.on[stays];
      this.strengths[begin] = this.strengths[stays];
      this.count = begin + 1;
    }
    if (!options.scaleByParent) return;
    for (let i = begin; i < this.count; i++) this.strengths[i] *= this.strengths[at] / means[above];
  }

  /** Draws a feature of the forest. */
  private light(i: number): void {
    const { draws, factors } = this;
    const { shares, rank } = this.plan.correlation;
    draws.at(i);
    let sum = 0;
    for (let k = 0, p = i * rank; k < rank; k++, p++) sum += shares[p] * factors[k];
    if (sum + this.roots[i] * draws.firstNormal > this.thresholds[i]) this.keep(i);
  }

  /** With the strength that goes with the draw at hand, unless that is 0. */
  private keep(i: number): void {
    const { means, deviations } = this.plan;
    const strength = means[i] + deviations[i] * this.draws.secondNormal;
    if (!(strength > 0)) return;
    this.on[this.count] = i;
    this.strengths[this.count++] = strength;
  }
}
