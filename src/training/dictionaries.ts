import type { SparsityConfig } from '../model/config.ts';
import type { Run } from './run.ts';

/** What a set-up of today's dictionaries follows from. */
export interface DataSize {
  /** Training examples, m. */
  readonly rows: number;
  /** Their length, d. */
  readonly inputs: number;
  /** Root mean square of the columns' standard deviations, σ: penalties and thresholds are in units of the data. */
  readonly deviation: number;
}

/** The same, and what the user has chosen already. */
interface DictionarySize extends DataSize {
  readonly hidden?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly epochs?: number | undefined;
}

type Start = Pick<Run, 'model' | 'fit'>;
type Dictionary = (size: DictionarySize) => Start;

/** Units for each input. */
const EXPANSION = 8;
/** Examples that go through in training, where fewer are there: in several epochs, at most so many. */
const SEEN = 600_000;
const MOST_EPOCHS = 50;
/** Of Gao et al., §A.2. */
const LONG_SILENCE = 10_000_000;
const MOST_ON = 32;

/** Hidden units: 8 for each input, where nobody says. */
function unitsOf({ hidden, inputs }: DictionarySize): number {
  return hidden ?? EXPANSION * inputs;
}

/** Units that are on: one for every 16 inputs, at most 32 and at most all. */
function onOf(size: DictionarySize): number {
  return Math.max(1, Math.min(MOST_ON, Math.floor(size.inputs / 16), unitsOf(size)));
}

function lengthOf(size: DictionarySize) {
  const { rows } = size;
  const epochs = size.epochs ?? Math.max(1, Math.min(MOST_EPOCHS, Math.ceil(SEEN / rows)));
  const batchSize = size.batchSize ?? Math.max(32, Math.min(2048, Math.floor(rows / 10)));
  return { epochs, batchSize, steps: epochs * Math.ceil(rows / batchSize) };
}

/**
 * How long, for m examples: epochs until 600,000 have gone through, 1 at least and 50 at most; batches of m/10, from 32 to 2,048,
 * since few examples of a batch move a unit. Adam, its learning rate warmed up over the first twentieth of all steps and taken to
 * 0 over the last fifth, between them turn/√d, which turns a row of norm 1 by about `turn` a step; of more than 500 steps, times
 * √(500/steps).
 */
function fitOf(size: DictionarySize, turn: number, adam: { beta1?: number; epsilon?: number } = {}): Run['fit'] {
  const { inputs } = size;
  const { epochs, batchSize, steps } = lengthOf(size);
  const warmup = Math.min(1000, Math.floor(steps / 20));
  const value = rounded((turn / Math.sqrt(inputs)) * Math.min(1, Math.sqrt(500 / steps)));
  return {
    optimizer: { kind: 'adam', learningRate: { kind: 'trapezoid', value, warmup, decay: 0.2 }, ...adam },
    epochs,
    batchSize,
  };
}

/**
 * AuxK of k = d/2. A unit is dead after ten million examples, two epochs, or a tenth of the run, whichever comes first, two batches
 * at the least. α is 1/32 of the reconstruction when nothing is explained, ½V, V = d·σ²: OpenAI's, whose reconstruction is ‖x − x̂‖²/V.
 */
function auxiliaryOf(size: DictionarySize) {
  const { rows, inputs, deviation } = size;
  const k = Math.max(1, Math.min(Math.floor(inputs / 2), unitsOf(size)));
  const { epochs, batchSize } = lengthOf(size);
  const deadAfter = Math.min(LONG_SILENCE, 2 * rows, Math.floor((epochs * rows) / 10));
  const weight = rounded((inputs * deviation ** 2) / 64);
  return { kind: 'aux-k', k, weight, deadAfter: Math.max(2 * batchSize, deadAfter) } as const;
}

/** Its threshold follows the last twentieth of the run, or the last hundred batches of a long one. */
function batchTopK(size: DictionarySize) {
  const rate = Math.min(0.5, Math.max(0.01, rounded(20 / lengthOf(size).steps)));
  return { kind: 'batch-top-k', k: onOf(size), ...(rate > 0.01 ? { rate } : {}) } as const;
}

/** h/16, h/8, h/4, h/2, h: what there is of them in whole units. */
function prefixesOf(size: DictionarySize): number[] {
  const h = unitsOf(size);
  const widths = [16, 8, 4, 2, 1].map((part) => Math.floor(h / part));
  return widths.filter((width, i) => width > (widths[i - 1] ?? 0));
}

function model(size: DictionarySize, sparsity: SparsityConfig, more: Partial<Run['model']> = {}): Run['model'] {
  return { hidden: unitsOf(size), center: true, sparsity, ...more };
}

/**
 * Today's dictionaries, for activations of any size, which `rhohat train DATA --preset` names. Sources train on billions of
 * examples; learning rates are those that reach as far in hundreds of steps. All are centred: c begins at the mean.
 */
export const dictionaries: Readonly<Record<string, Dictionary>> = {
  /**
   * Gao et al. 2024 (OpenAI), arXiv 2406.04093: TopK, unit-norm decoder, W = D at the beginning, AuxK with α = 1/32,
   * Adam with ε = 6.25e-10 and no decay of its rate.
   */
  topk: (size) => ({
    model: model(size, { kind: 'top-k', k: onOf(size) }, { unitNorm: true, auxiliary: auxiliaryOf(size) }),
    fit: fitOf(size, 0.07, { epsilon: 6.25e-10 }),
  }),
  /** Bussmann et al. 2024, arXiv 2412.06410: BatchTopK with TopK's AuxK and unit-norm decoder. */
  'batch-topk': (size) => ({
    model: model(size, batchTopK(size), { unitNorm: true, auxiliary: auxiliaryOf(size) }),
    fit: fitOf(size, 0.07),
  }),
  /** Bussmann et al. 2025, arXiv 2503.17547: BatchTopK of nested prefixes, a sixteenth to the whole, their losses' mean. */
  matryoshka: (size) => ({
    model: model(size, batchTopK(size), { prefixes: prefixesOf(size), unitNorm: true, auxiliary: auxiliaryOf(size) }),
    fit: fitOf(size, 0.07),
  }),
  /**
   * Lieberum et al. 2024 (Gemma Scope), arXiv 2408.05147, and Rajamanoharan et al. 2024, arXiv 2407.14435: JumpReLU, unit-norm
   * decoder, Adam with β₁ = 0; ε and θ are 0.2 of the mean norm here, theirs 0.001: in hundreds of steps a narrow window sees too
   * few z (8 of 512 features in 128 dimensions, 6,000 rows, 500 steps, a target of 8: 0.1 of it and steps of 0.03/√d end at L0 12
   * and explain 63% of the variance, 0.2 and 0.1/√d at 7.8 and 88%). The penalty of a target, (L0/target − 1)², whose weight is that of
   * the data's variance, as dictionary_learning has it, since λ·L0 must be searched for.
   */
  'jump-relu': (size) => {
    const norm = size.deviation * Math.sqrt(size.inputs);
    const penalty = { kind: 'target-l0', weight: rounded(norm ** 2 / 2), target: onOf(size) } as const;
    const sparsity = {
      kind: 'jump-relu',
      bandwidth: rounded(0.2 * norm),
      threshold: rounded(0.2 * norm),
      penalty,
    } as const;
    return { model: model(size, sparsity, { unitNorm: true }), fit: fitOf(size, 0.1, { beta1: 0 }) };
  },
  /** Rajamanoharan et al. 2024, arXiv 2404.16014: Gated, unit-norm decoder, Adam with β₁ = 0; λ is half the data's deviation, ours. */
  gated: (size) => ({
    model: model(size, { kind: 'gated', weight: rounded(0.5 * size.deviation) }, { unitNorm: true }),
    fit: fitOf(size, 0.03, { beta1: 0 }),
  }),
  /**
   * Conerly et al., Anthropic, April 2024: L1 weighted by the decoder's norms, which nothing holds. Their λ = 5 on data of
   * deviation 1 would be 2.5 here, as E has ½; half the deviation is what keeps units alive in hundreds of steps.
   */
  'l1-2024': (size) => ({
    model: model(size, { kind: 'l1', weight: rounded(0.5 * size.deviation), decoderNorm: true }),
    fit: fitOf(size, 0.03),
  }),
};

/** Three digits: a measured number in a config says no more. */
function rounded(value: number): number {
  return Number(value.toPrecision(3)) || 1e-3; // of constant data
}
