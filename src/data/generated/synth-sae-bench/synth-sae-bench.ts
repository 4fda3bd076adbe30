import { type AnyNumbers, type Matrix, matrix, type View } from '../../../array/matrix.ts';
import { nextTurn } from '../../../array/next-turn.ts';
import { InputError, show } from '../../../errors.ts';
import type { RowSource } from '../../stream/row-source.ts';
import { type Correlation, drawCorrelation } from './correlation.ts';
import { drawBias, drawDirections } from './directions.ts';
import { Firing, type FiringPlan } from './firing.ts';
import { type Forest, plantForest } from './forest.ts';
import { type FullOptions, fullOptions, type SynthSaeBenchOptions } from './options.ts';
import { baseProbabilities, drawnProbabilities } from './probabilities.ts';
import { drawOnce } from './setup-draws.ts';

/** The features that are on in some rows: of row k those from ends[k − 1], or 0, to ends[k] − 1, rising. */
export interface SparseCodes {
  /** (m). */
  readonly ends: Uint32Array;
  /** Features. */
  readonly features: Uint32Array;
  /** Their strengths, above 0. */
  readonly strengths: Float32Array;
}

/** Most rows: what counters hold. */
const MOST = 2 ** 52;
/** Of what is made at once. */
const MOST_NUMBERS = 2 ** 32;
/** Milliseconds after which timers, signals and the page have a turn while a block is made; looked at every so many rows. */
const PAUSE_MS = 50;
const LOOK = 64;

/** Data whose features are known: any rows, in any order, always to the same bits. See `synthSaeBench`. */
export class SynthSaeBench {
  /** All of them. */
  readonly options: FullOptions;
  /** (F, d): unit rows, commonest feature first. */
  readonly directions: Matrix<Float32Array>;
  /** (d): is added to every row. */
  readonly bias: Float64Array;
  /** (F): pᵢ, before the hierarchy. */
  readonly probabilities: Float64Array;
  /** (F): with what probability each is drawn on; below a parent, where that is on. */
  readonly drawn: Float64Array;
  /** (F), of strengths. */
  readonly means: Float64Array;
  /** (F), of strengths. */
  readonly deviations: Float64Array;
  /** Which features hang below which. */
  readonly forest: Forest;
  /** Of what decides over features. */
  readonly correlation: Correlation;
  private readonly firing: Firing;
  private readonly sum: Float64Array;

  /** `directions`: (F, d), those of a bench with these options, which were kept. @throws InputError for what is not. */
  constructor(given: FullOptions, directions: Float32Array) {
    const options = fullOptions(given);
    const { features, width, means, deviations, seed } = options;
    assertDirections(directions, features, width);
    this.options = options;
    this.directions = matrix(directions, features, width);
    this.bias = drawBias(options);
    this.forest = plantForest(options);
    this.probabilities = baseProbabilities(options);
    this.drawn = drawnProbabilities(this.probabilities, this.forest, options);
    this.correlation = drawCorrelation(options);
    const step = (means[1] - means[0]) / Math.max(1, features - 1);
    this.means = Float64Array.from({ length: features }, (_, i) => means[0] + step * i);
    const spread = drawOnce('deviations', features, seed);
    this.deviations = spread.map((value) => Math.abs(deviations[0] + deviations[1] * value));
    this.firing = new Firing(this satisfies FiringPlan);
    this.sum = new Float64Array(width);
  }

  /** What rows begin … end − 1 are made of. @throws InputError for rows that are none. */
  codes(begin: number, end: number): SparseCodes {
    assertRange(begin, end);
    assertFew(begin, end, 1);
    const features: number[] = [];
    const strengths: number[] = [];
    const ends = new Uint32Array(end - begin);
    for (let row = begin; row < end; row++) {
      this.firing.draw(row);
      for (let i = 0; i < this.firing.count; i++) {
        features.push(this.firing.on[i]);
        strengths.push(this.firing.strengths[i]);
      }
      ends[row - begin] = features.length;
    }
    return { ends, features: Uint32Array.from(features), strengths: Float32Array.from(strengths) };
  }

  /** The same, (end − begin, F), most of it 0. @throws InputError for rows that are none. */
  denseCodes(begin: number, end: number): Matrix<Float32Array> {
    const { features: count } = this.options;
    assertRange(begin, end);
    assertFew(begin, end, count);
    const { ends, features, strengths } = this.codes(begin, end);
    const out = new Float32Array(ends.length * count);
    for (let k = 0, i = 0; k < ends.length; k++) {
      for (; i < ends[k]; i++) out[k * count + features[i]] = strengths[i];
    }
    return matrix(out, ends.length, count);
  }

  /** Rows begin … end − 1, (end − begin, d): bias + Σ strength·direction. @throws InputError for rows that are none. */
  rows(begin: number, end: number): Matrix<Float32Array> {
    assertRange(begin, end);
    const { width } = this.options;
    assertFew(begin, end, width);
    const out = new Float32Array((end - begin) * width);
    for (let row = begin; row < end; row++) this.writeRow(row, out, (row - begin) * width);
    return matrix(out, end - begin, width);
  }

  /** The same rows for `fit`, which are made when they are needed and not kept. @throws InputError for rows that are none. */
  source(begin: number, end: number): RowSource {
    assertRange(begin, end);
    const { width, ...others } = this.options;
    const stamp = JSON.stringify({ width, ...others });
    const make = async (rows: number, rowAt: (k: number) => number, old?: View<AnyNumbers>) => {
      const out = storageOf(old, rows * width);
      let paused = performance.now();
      for (let k = 0; k < rows; k++) {
        if (k % LOOK === LOOK - 1 && performance.now() - paused > PAUSE_MS) {
          await nextTurn();
          paused = performance.now();
        }
        this.writeRow(rowAt(k), out, k * width);
      }
      return matrix(out, rows, width);
    };
    return {
      shape: [end - begin, width],
      read: (from, to, old) => make(to - from, (k) => begin + from + k, old),
      readRows: (rows, old) => make(rows.length, (k) => begin + rows[k], old),
      where: (row) => `row ${begin + row} of SynthSAEBench`,
      parts: async () => [{ name: 'SynthSAEBench', stamp, hash: async () => stamp }],
    };
  }

  private writeRow(row: number, out: Float32Array, at: number): void {
    const { firing, sum, directions, bias } = this;
    firing.draw(row);
    sum.set(bias);
    addRows(sum, directions.data, firing.on, firing.strengths, firing.count);
    out.set(sum, at);
  }
}

/** sum += Σₜ strengths[t] · rows[on[t]], four rows at a time. */
function addRows(sum: Float64Array, rows: Float32Array, on: Uint32Array, strengths: Float64Array, count: number): void {
  const d = sum.length;
  let t = 0;
  for (; t + 3 < count; t += 4) {
    const [a, b, c, e] = [strengths[t], strengths[t + 1], strengths[t + 2], strengths[t + 3]];
    let [p, q, r, s] = [on[t] * d, on[t + 1] * d, on[t + 2] * d, on[t + 3] * d];
    for (let j = 0; j < d; j++) sum[j] += a * rows[p++] + b * rows[q++] + c * rows[r++] + e * rows[s++];
  }
  for (; t < count; t++) {
    const a = strengths[t];
    for (let j = 0, p = on[t] * d; j < d; j++) sum[j] += a * rows[p++];
  }
}

function storageOf(old: View<AnyNumbers> | undefined, length: number): Float32Array {
  const data = old?.data;
  return data instanceof Float32Array && data.length === length ? data : new Float32Array(length);
}

function assertDirections(directions: Float32Array, features: number, width: number): void {
  if (!(directions instanceof Float32Array) || directions.length !== features * width) {
    const given = directions instanceof Float32Array ? `have ${directions.length} numbers` : `are ${show(directions)}`;
    throw new InputError(`directions ${given}: they must be a Float32Array of ${features} × ${width}`);
  }
  const at = directions.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new InputError(
    `directions hold ${directions[at]}: they must be finite; use a smaller options.orthogonalRate, or another options.multiply`,
  );
}

/** @throws InputError for more numbers at once than an array should have. */
function assertFew(begin: number, end: number, width: number): void {
  if ((end - begin) * width <= MOST_NUMBERS) return;
  throw new InputError(
    `rows ${begin} to ${end} of ${width} numbers each are asked for: at most 2^32 numbers are made at once; ask for fewer rows, or use source`,
  );
}

function assertRange(begin: number, end: number): void {
  if (Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && end > begin && end <= MOST) return;
  throw new InputError(`rows ${begin} to ${end} are asked for: give integers, 0 <= begin < end <= 2^52`);
}

/**
 * The generator of SynthSAEBench: sparse codes of F features in d dimensions, F above d, in which a dictionary is to find them
 * again. Probabilities are Zipf's, features are correlated by a Gaussian copula of low rank and hang in trees, directions are
 * made more orthogonal than chance; the defaults are those of SynthSAEBench-16k, 16,384 features in 768 dimensions, about 34
 * on in a row. Row i depends on (options, i) alone. Numbers differ from the published model's, which PyTorch drew; their
 * distribution is the same. Takes 4·F·d bytes. @throws InputError naming the option that makes no sense.
 * [Chanin & Garriga-Alonso, arXiv 2602.14687; details from SAELens, sae_lens/synthetic]
 */
export async function synthSaeBench(options: SynthSaeBenchOptions = {}): Promise<SynthSaeBench> {
  const full = fullOptions(options);
  return new SynthSaeBench(full, await drawDirections(full, options.multiply));
}
