import { normalQuantile } from '../../../array/normal-quantile.ts';
import type { Correlation } from './correlation.ts';
import type { Forest } from './forest.ts';
import { LoneFeatures, TOGETHER } from './lone-features.ts';
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
  /** (TOGETHER, rank): ε of the rows that are made together. */
  private readonly factors: Float64Array;
  /** Which rows these are: TOGETHER·group and those after it. */
  private group = -1;
  /** Where ε of the row begins. */
  private from = 0;
  private readonly lone: LoneFeatures;

  constructor(plan: FiringPlan) {
    const { features, seed } = plan.options;
    const { rank, own } = plan.correlation;
    this.plan = plan;
    this.draws = new RowDraws(seed);
    this.on = new Uint32Array(features);
    this.strengths = new Float64Array(features);
    this.factors = new Float64Array(TOGETHER * rank);
    this.thresholds = plan.drawn.map((p) => (p >= 1 ? -Infinity : -normalQuantile(p)));
    this.roots = own.map(Math.sqrt);
    const median = plan.drawn[Math.floor((plan.forest.size + features - 1) / 2)];
    this.lone = new LoneFeatures(plan.correlation, this.thresholds, Math.min(median, 0.5), plan.forest.size);
  }

  /** Goes to a row. */
  draw(row: number): void {
    const { draws, lone } = this;
    const { forest, correlation } = this.plan;
    const within = row % TOGETHER;
    this.prepare((row - within) / TOGETHER);
    this.from = within * correlation.rank;
    draws.begin(row);
    this.count = 0;
    for (let i = 0; i < forest.size && forest.parent[i] < 0; i++) this.light(i);
    for (let at = 0; at < this.count; at++) this.lightBelow(at);
    lone.find(within, draws, (i) => this.keep(i));
  }

  /** Draws the factors of rows that are made together. */
  private prepare(group: number): void {
    if (group === this.group) return;
    this.group = group;
    const { draws, factors, lone } = this;
    const { options, correlation } = this.plan;
    for (let row = 0, p = 0; row < TOGETHER; row++) {
      draws.begin(group * TOGETHER + row);
      for (let k = 0; k < correlation.rank; k++) {
        if (k % 2 === 0) draws.at(3 * options.features + k / 2);
        factors[p++] = k % 2 === 0 ? draws.firstNormal : draws.secondNormal;
      }
    }
    lone.prepare(factors);
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
    const sum = product(shares, i * rank, factors, this.from, rank);
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

/** Σ a[p + k]·b[q + k], k < length, in four sums that do not wait for one another. */
function product(a: Float64Array, p: number, b: Float64Array, q: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[p + k] * b[q + k];
    s1 += a[p + k + 1] * b[q + k + 1];
    s2 += a[p + k + 2] * b[q + k + 2];
    s3 += a[p + k + 3] * b[q + k + 3];
  }
  for (; k < length; k++) s0 += a[p + k] * b[q + k];
  return s0 + s1 + (s2 + s3);
}
