import { type AnyNumbers, type Matrix, matrix, type Numbers, scalar, type View } from '../../src/array/matrix.ts';
import { fillNormal, fillUniform } from '../../src/array/random.ts';
import {
  applyPreprocessing,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from '../../src/data/preprocessing/preprocessing.ts';
import { restore } from '../../src/data/preprocessing/restore.ts';
import type { DictionaryFormat } from '../../src/dictionaries/index.ts';
import { Autoencoder, type AutoencoderConfig } from '../../src/index.ts';
import type { SavedModel } from '../../src/training/model-file.ts';

// Dictionaries of every kind, with biases, thresholds and norms that are not those of a fresh model.

const [ROWS, INPUTS, LATENTS] = [40, 7, 23];

export interface ExportedCase {
  readonly name: string;
  readonly config: Partial<AutoencoderConfig>;
  readonly preprocessing?: readonly PreprocessingSpec[];
  /** What each format calls it; absent where it is refused. */
  readonly architectures: Partial<Record<DictionaryFormat, string>>;
  /** Formats whose codes are ours times ‖D‖. */
  readonly scaled?: readonly DictionaryFormat[];
}

const jump = { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'l0', weight: 0.1 } } as const;
const batch = { kind: 'batch-top-k', k: 2.5 } as const;
const ofThresholds = { saelens: 'jumprelu', npz: 'jumprelu' };
const ofTopK = { saelens: 'topk', npz: 'topk', 'dictionary-learning': 'AutoEncoderTopK' };
const all: readonly DictionaryFormat[] = ['saelens', 'npz', 'dictionary-learning'];

export const exportedCases: readonly ExportedCase[] = [
  {
    name: 'l1, not centred',
    config: { sparsity: { kind: 'l1', weight: 0.1 }, activation: 'relu', output: 'linear' },
    architectures: { saelens: 'standard', npz: 'jumprelu', 'dictionary-learning': 'AutoEncoder' },
  },
  {
    name: 'l1 by norms, centred, tied, float64',
    config: {
      sparsity: { kind: 'l1', weight: 0.1, decoderNorm: true },
      center: true,
      tied: true,
      precision: 'float64',
    },
    preprocessing: [{ kind: 'standardize' }],
    architectures: { saelens: 'standard', npz: 'jumprelu', 'dictionary-learning': 'AutoEncoder' },
  },
  { name: 'top-k, centred', config: { sparsity: { kind: 'top-k', k: 3 }, center: true }, architectures: ofTopK },
  {
    name: 'top-k by norms, scaled',
    config: { sparsity: { kind: 'top-k', k: 3, decoderNorm: true } },
    preprocessing: [{ kind: 'scale' }],
    architectures: ofTopK,
    scaled: all,
  },
  {
    name: 'k-sparse relu units, whitened',
    config: { sparsity: { kind: 'k-sparse', k: 4 }, activation: 'relu', tied: true },
    preprocessing: [{ kind: 'standardize' }, { kind: 'zca', epsilon: 0.05 }],
    architectures: ofTopK,
  },
  {
    name: 'top-k on principal components, centred',
    config: { sparsity: { kind: 'top-k', k: 3 }, center: true, inputs: 5 },
    preprocessing: [{ kind: 'scale' }, { kind: 'pca', epsilon: 0.05, components: 5 }],
    architectures: ofTopK,
  },
  {
    name: 'top-k after layer-norm and standardize',
    config: { sparsity: { kind: 'top-k', k: 3 }, center: true },
    preprocessing: [{ kind: 'layer-norm' }, { kind: 'standardize' }],
    architectures: { saelens: 'topk' },
  },
  {
    name: 'batch-top-k, centred, unit norm',
    config: { sparsity: batch, center: true, unitNorm: true },
    preprocessing: [{ kind: 'standardize' }],
    architectures: { ...ofThresholds, 'dictionary-learning': 'BatchTopKSAE' },
  },
  {
    name: 'matryoshka after constant-norm',
    config: { sparsity: batch, prefixes: [4, 11, LATENTS] },
    preprocessing: [{ kind: 'constant-norm' }],
    architectures: { saelens: 'jumprelu' },
  },
  {
    name: 'matryoshka',
    config: { sparsity: batch, prefixes: [4, 11, LATENTS], center: 'geometric-median' },
    architectures: { ...ofThresholds, 'dictionary-learning': 'MatryoshkaBatchTopKSAE' },
  },
  {
    name: 'jump-relu, centred',
    config: { sparsity: jump, center: true },
    preprocessing: [{ kind: 'standardize' }],
    architectures: { ...ofThresholds, 'dictionary-learning': 'JumpReluAutoEncoder' },
    scaled: ['dictionary-learning'],
  },
  {
    name: 'jump-relu by log θ',
    config: { sparsity: { ...jump, parameter: 'log' } },
    architectures: { ...ofThresholds, 'dictionary-learning': 'JumpReluAutoEncoder' },
    scaled: ['dictionary-learning'],
  },
  {
    name: 'gated',
    config: { sparsity: { kind: 'gated', weight: 0.1 } },
    preprocessing: [{ kind: 'pca', epsilon: 0.05 }],
    architectures: { saelens: 'gated', npz: 'gated', 'dictionary-learning': 'GatedAutoEncoder' },
    scaled: ['dictionary-learning'],
  },
  {
    name: 'gated, centred',
    config: { sparsity: { kind: 'gated', weight: 0.1 }, center: true },
    architectures: { saelens: 'gated', npz: 'gated', 'dictionary-learning': 'GatedAutoEncoder' },
    scaled: ['dictionary-learning'],
  },
  {
    name: 'relu transcoder after layer-norm',
    config: { activation: 'relu', output: 'linear', targets: 4 },
    preprocessing: [{ kind: 'layer-norm' }, { kind: 'scale' }],
    architectures: { saelens: 'transcoder' },
  },
  {
    name: 'relu skip transcoder, standardized',
    config: { activation: 'relu', output: 'linear', targets: 4, skip: true },
    preprocessing: [{ kind: 'standardize' }],
    architectures: { saelens: 'skip_transcoder' },
  },
  {
    name: 'jump-relu transcoder',
    config: { sparsity: jump, targets: 9 },
    architectures: { saelens: 'jumprelu_transcoder', npz: 'jumprelu' },
  },
  {
    name: 'batch-top-k skip transcoder',
    config: { sparsity: batch, targets: INPUTS, skip: true },
    preprocessing: [{ kind: 'standardize' }],
    architectures: { saelens: 'jumprelu_skip_transcoder' },
  },
  {
    name: 'top-k transcoder',
    config: { sparsity: { kind: 'top-k', k: 3 }, targets: 4 },
    preprocessing: [{ kind: 'standardize' }],
    architectures: { npz: 'topk' },
  },
];

export interface MadeCase extends ExportedCase {
  readonly saved: SavedModel;
  /** Raw examples. */
  readonly rows: Matrix;
  /** Of ours, (m, latents). */
  readonly codes: Matrix;
  /** Of ours, in raw units. */
  readonly outputs: Matrix;
  /** ‖D‖ (latents). */
  readonly norms: Float64Array;
  /** The same in raw units. */
  readonly rawNorms: Float64Array;
}

/** A case's model with drawn parameters, and what it makes of raw rows. */
export async function madeCase(
  given: ExportedCase,
  metadata: Readonly<Record<string, string>> = {},
): Promise<MadeCase> {
  const at = { seed: 1 + exportedCases.indexOf(given), stream: 1 };
  const config = { inputs: INPUTS, hidden: LATENTS, ...given.config } as AutoencoderConfig;
  const model = await Autoencoder.create(config, { threads: 1 });
  const { precision } = model.config;
  const drawn = Object.entries(await model.parameters()).map(([name, { shape, size }], i) => {
    const data = fillNormal(new Float64Array(size), { ...at, stream: 2 + i }).map((value) => 0.5 * value);
    if (name === 'encoder.threshold')
      fillUniform(
        data,
        { ...at, stream: 30 },
        ...(((config.sparsity as { parameter?: string }).parameter === 'log' ? [-2, -0.5] : [-0.2, 1]) as [
          number,
          number,
        ]),
      );
    const view = {
      data: precision === 'float32' ? Float32Array.from(data) : data,
      shape,
      stride: shape.length === 2 ? [shape[1], 1] : [1],
      offset: 0,
    };
    return [name, view as View<AnyNumbers>] as const;
  });
  model.setParameters(Object.fromEntries(drawn));
  if ('code.threshold' in (await model.state()))
    model.setState({ 'code.threshold': scalar(Float64Array.of(0.7123456789)) });
  const raw = fillNormal(new Float64Array(ROWS * INPUTS), { ...at, stream: 40 }).map(
    (value, i) => 2 * value + (i % INPUTS) - 2,
  );
  const rows = matrix(Float32Array.from(raw) as Numbers, ROWS, INPUTS);
  const steps: Preprocessing[] = [];
  for (const spec of given.preprocessing ?? [])
    steps.push(fitPreprocessing(spec, applyPreprocessing(steps, rows, 'float64')));
  const x = applyPreprocessing(steps, rows, precision);
  const codes = await model.encode(x);
  const made = await model.reconstruct(x);
  const { targets, inputs, skip } = model.config;
  const outputs = targets !== inputs || skip ? made : restore(steps, rows, made);
  const d = Object.fromEntries(drawn)[model.config.tied ? 'encoder.weight' : 'decoder.weight'];
  const flat = matrix(Float64Array.from(d.data, Number), LATENTS, d.shape[1]);
  const norms = normsOf(flat);
  const rawNorms = targets !== inputs || skip ? norms : normsOf(directions(steps, rows, flat));
  return { ...given, saved: { model, preprocessing: steps, metadata }, rows, codes, outputs, norms, rawNorms };
}

function normsOf({ data, shape }: Matrix): Float64Array {
  const [h, d] = shape;
  const row = (j: number) => Array.from({ length: d }, (_, i) => data[j * d + i]);
  return Float64Array.from({ length: h }, (_, j) => Math.hypot(...row(j)));
}

/** Directions of what a model answers as directions of raw examples: what they add to 0. No step may go by the example. */
function directions(steps: readonly Preprocessing[], rows: Matrix, d: Matrix): Matrix {
  const some = matrix(new Float64Array(d.shape[0] * rows.shape[1]), d.shape[0], rows.shape[1]);
  if (steps.some(({ kind }) => kind.endsWith('-norm'))) return some;
  const from = restore(steps, some, matrix(new Float64Array(d.data.length), d.shape[0], d.shape[1]));
  const to = restore(steps, some, d);
  return matrix(
    to.data.map((value: number, i: number) => value - from.data[i]) as Float64Array,
    ...(to.shape as [number, number]),
  );
}

/** Our codes as a format has them. */
export function codesIn(format: DictionaryFormat, { codes, norms, rawNorms, scaled = [] }: MadeCase): Float64Array {
  const factors = format === 'dictionary-learning' && scaled.length === 1 ? rawNorms : norms;
  return Float64Array.from(codes.data, (value, i) => (scaled.includes(format) ? value * factors[i % LATENTS] : value));
}
