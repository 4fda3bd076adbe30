import { zeros } from '../../array/matrix.ts';
import type { Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { inverseTransform } from '../../data/preprocessing/unwhiten.ts';
import { InputError, show } from '../../errors.ts';
import { withShift } from './biases.ts';
import type { PlainDictionary } from './plain-dictionary.ts';

/** What is done to each example by itself before the encoder, and undone after the decoder. */
export type RowNorm = 'layer-norm' | 'constant-norm' | null;

/** A step u = T(x − μ), T (outputs, inputs). */
interface AffineStep {
  /** Null where it is that of the outputs, whatever they are. */
  readonly inputs: number | null;
  /** w ← wT, a direction over u as one over x. */
  direction(w: Float64Array): Float64Array;
  /** v ← T⁺v, a direction of û in x̂. */
  output(v: Float64Array): Float64Array;
  /** μ; null where it is 0. */
  readonly mean: Float64Array | null;
}

/**
 * A dictionary behind preprocessing as one of raw examples, exactly: with u = T(x − μ), T⁺ its pseudo-inverse, W ← WT,
 * D ← D(T⁺)ᵀ, c ← T⁺c + μ; of one that is not centred b ← b − WTμ. Its first step may be a row-wise norm, which stays one.
 * A transcoder's outputs are in their own units already: D and c stay.
 * @throws InputError where a step is neither, and where weights in raw units overflow the precision.
 */
export function inRawUnits(
  plain: PlainDictionary,
  steps: readonly Preprocessing[],
  transcoder: boolean,
): { dictionary: PlainDictionary; norm: RowNorm } {
  const [first, ...rest] = steps;
  const norm = first?.kind === 'layer-norm' || first?.kind === 'constant-norm' ? first.kind : null;
  if (first?.kind === 'layer-norm' && first.epsilon !== 1e-5) {
    throw new InputError(
      `preprocessing.0 is layer-norm with epsilon ${first.epsilon}: other libraries have 1e-5: fit it with that`,
    );
  }
  const affine = (norm === null ? steps : rest).map((step, i) => affineStep(step, i + (norm === null ? 0 : 1)));
  if (affine.length === 0) return { dictionary: plain, norm };
  const dictionary = folded(plain, affine, transcoder);
  assertFinite(dictionary);
  return { dictionary, norm };
}

function assertFinite({ encoder, bias, decoder, decoderBias, skip, units, precision }: PlainDictionary): void {
  const magnitude = units.kind === 'gated' ? [units.magnitudeBias] : [];
  for (const values of [encoder, bias, decoder, decoderBias, ...(skip === null ? [] : [skip]), ...magnitude]) {
    if (values.every((value: number) => Number.isFinite(value))) continue;
    throw new InputError(
      `preprocessing makes weights overflow ${precision} when it is folded into them: scale the data to moderate size, or export { model, preprocessing: [], metadata }`,
    );
  }
}

function folded(plain: PlainDictionary, steps: readonly AffineStep[], transcoder: boolean): PlainDictionary {
  const { latents, targets, precision } = plain;
  const inputs = steps.find(({ inputs }) => inputs !== null)?.inputs ?? plain.inputs;
  const shift = new Float64Array(latents);
  const encoder = throughRows(plain.encoder, latents, inputs, precision, (row, j) => {
    const [w, ofMeans] = toRaw(steps, row);
    shift[j] = -ofMeans;
    return w;
  });
  const shifted = plain.centred ? plain : withShift(plain, shift);
  if (transcoder) {
    const ofSkip = new Float64Array(targets);
    const skip =
      plain.skip &&
      throughRows(plain.skip, targets, inputs, precision, (row, i) => {
        const [w, ofMeans] = toRaw(steps, row);
        ofSkip[i] = ofMeans;
        return w;
      });
    const decoderBias = plain.decoderBias.map((c: number, i: number) => c - ofSkip[i]) as typeof plain.bias;
    return { ...shifted, inputs, encoder, skip, decoderBias };
  }
  const back = (v: Float64Array, points: boolean) =>
    steps.reduceRight((u, step) => {
      const x = step.output(u);
      return points && step.mean !== null ? x.map((value, i) => value + (step.mean?.[i] ?? 0)) : x;
    }, v);
  const decoder = throughRows(plain.decoder, latents, inputs, precision, (row) => back(row, false));
  const decoderBias = zeros(inputs, precision);
  decoderBias.set(back(Float64Array.from(plain.decoderBias), true));
  return { ...shifted, inputs, targets: inputs, encoder, decoder, decoderBias };
}

/** w over the last step's result as one over raw examples, and w's part of all means: w·u = w′·x − (the second). */
function toRaw(steps: readonly AffineStep[], w: Float64Array): [Float64Array, number] {
  let ofMeans = 0;
  const raw = steps.reduceRight((row, step) => {
    const next = step.direction(row);
    if (step.mean !== null) for (let i = 0; i < next.length; i++) ofMeans += next[i] * step.mean[i];
    return next;
  }, w);
  return [raw, ofMeans];
}

/** `of` each row of values (rows, …), in float64; (rows, columns) of the precision. */
function throughRows(
  values: PlainDictionary['encoder'],
  rows: number,
  columns: number,
  precision: PlainDictionary['precision'],
  of: (row: Float64Array, j: number) => Float64Array,
): PlainDictionary['encoder'] {
  const width = values.length / rows;
  const out = zeros(rows * columns, precision);
  for (let j = 0; j < rows; j++) {
    out.set(of(Float64Array.from(values.subarray(j * width, (j + 1) * width)), j), j * columns);
  }
  return out;
}

function affineStep(step: Preprocessing, index: number): AffineStep {
  if (step.kind === 'scale') {
    const { deviation } = step;
    return {
      inputs: null,
      mean: null,
      direction: (w) => w.map((x) => x / deviation),
      output: (v) => v.map((x) => x * deviation),
    };
  }
  if (step.kind === 'standardize') {
    const deviation = step.deviation.data;
    return {
      inputs: deviation.length,
      mean: step.mean.data,
      direction: (w) => w.map((x, i) => x / deviation[i]),
      output: (v) => v.map((x, i) => x * deviation[i]),
    };
  }
  if (step.kind === 'zca' || step.kind === 'pca') {
    const [k, d] = step.transform.shape;
    const [t, inverse] = [step.transform.data, inverseTransform(step)];
    return {
      inputs: d,
      mean: step.mean.data,
      direction: (w) => product(w, (c, i) => t[c * d + i], k, d),
      output: (v) => product(v, (c, i) => inverse[i * k + c], k, d),
    };
  }
  const why =
    step.kind === 'layer-norm' || step.kind === 'constant-norm'
      ? 'which other libraries have as the first step alone'
      : 'which other libraries do not have, and weights cannot hold';
  throw new InputError(
    `preprocessing.${index} is ${show(step.kind)}, ${why}: export { model, preprocessing: [], metadata }, and treat data alike where the file is used`,
  );
}

/** Σ_c v_c·at(c, i) for i = 0 … d−1. */
function product(v: Float64Array, at: (c: number, i: number) => number, k: number, d: number): Float64Array {
  const out = new Float64Array(d);
  for (let c = 0; c < k; c++) for (let i = 0; i < d; i++) out[i] += v[c] * at(c, i);
  return out;
}
