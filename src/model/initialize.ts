import * as v from 'valibot';
import { fillNormal, fillUniform, stream } from '../array/random.ts';
import { InputError } from '../errors.ts';
import type { TensorSpec } from '../layers/layer.ts';
import { positive } from '../validate.ts';
import type { Layout } from './parameters.ts';
import type { Shard } from './spec.ts';

/** How weights begin; biases begin at 0. */
export type Initialization =
  | {
      /** Uniform on [−r, r], r = √(6/(n_in + n_out + 1)). [UFLDL, sparse autoencoder exercise] */
      readonly kind: 'uniform';
    }
  | {
      /** N(0, deviation²). [Makhzani & Frey, §4.1: 0.01; Ng, CS294A notes: 0.01] */
      readonly kind: 'normal';
      /** σ > 0. */
      readonly deviation: number;
    }
  | {
      /** Rows of D of norm 1 in random directions, and W = D. [Gao et al. 2024, arXiv 2406.04093, §A.1] */
      readonly kind: 'dictionary';
    };

export const initializationSchema = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.literal('uniform') }),
    v.strictObject({ kind: v.literal('normal'), deviation: positive() }),
    v.strictObject({ kind: v.literal('dictionary') }),
  ],
  'it must be { kind: "uniform" }, { kind: "normal", deviation } or { kind: "dictionary" }',
);

/**
 * Initial θ in float64. Parameter i draws from (seed, initialization, i), so one layer's size never moves another's
 * weights.
 * @throws InputError where there is no room for it.
 */
export function initialize(layout: Layout, seed: number, how: Initialization = { kind: 'uniform' }): Float64Array {
  const theta = room(layout.length);
  layout.parameters.forEach((parameter, i) => {
    if (twinOf(layout.parameters, i, how) >= 0) return;
    const out = theta.subarray(parameter.offset, parameter.offset + parameter.length);
    drawPart(out, layout.parameters, i, 0, seed, how);
  });
  for (const [i, { offset }] of layout.parameters.entries()) {
    const twin = layout.parameters[twinOf(layout.parameters, i, how)];
    if (twin !== undefined) theta.copyWithin(offset, twin.offset, twin.offset + twin.length);
  }
  return theta;
}

/**
 * The same of some rows of a parameter at a time: rows are those of the `whole` model, of which this process has the latents
 * from `first` on, so that they are the same however many share them. `common`: names of what every process has whole.
 */
export function* initialParts(
  { parameters }: Layout,
  whole: readonly Drawn[],
  { latents, common }: Shard,
  seed: number,
  how: Initialization,
): Generator<{ readonly offset: number; readonly numbers: Float64Array }> {
  for (const [i, { name, shape, offset, length }] of parameters.entries()) {
    if (twinOf(parameters, i, how) >= 0) continue;
    const twins = parameters.filter((_, j) => twinOf(parameters, j, how) === i);
    const columns = length / shape[0];
    const most = Math.max(1, Math.floor(PART / columns));
    for (let row = 0; row < shape[0]; row += most) {
      const numbers = new Float64Array(Math.min(most, shape[0] - row) * columns);
      drawPart(numbers, whole, i, columns * (row + (common.includes(name) ? 0 : latents.first)), seed, how);
      for (const at of [offset, ...twins.map((twin) => twin.offset)]) yield { offset: at + row * columns, numbers };
    }
  }
}

const PART = 2 ** 18; // numbers

type Drawn = Pick<TensorSpec, 'name' | 'shape' | 'initial'>;

/** With a dictionary W = D where they have the same shape: which parameter is copied to parameter i; −1 for none. */
function twinOf(parameters: readonly Drawn[], i: number, { kind }: Initialization): number {
  const { name, shape } = parameters[i];
  if (kind !== 'dictionary' || shape.length !== 2) return -1;
  const twin = parameters.findIndex((p) => p.name === name.replace('encoder', 'decoder') && p.name !== name);
  return twin >= 0 && parameters[twin].shape[1] === shape[1] ? twin : -1;
}

/** Elements of parameter i from `first` on, whole rows. */
function drawPart(
  out: Float64Array,
  parameters: readonly Drawn[],
  i: number,
  first: number,
  seed: number,
  how: Initialization,
): void {
  const { name, shape, initial = 0 } = parameters[i];
  const draw = { seed, stream: stream.initialization, counter: i, first };
  if (shape.length !== 2) out.fill(initial);
  else if (how.kind === 'dictionary') {
    if (name === 'skip.weight') return; // a skip connection begins at 0
    fillNormal(out, draw, 0, 1);
    normalizeRows(out, shape[1]);
  } else if (how.kind === 'normal') fillNormal(out, draw, 0, how.deviation);
  else {
    const r = Math.sqrt(6 / (shape[0] + shape[1] + 1));
    fillUniform(out, draw, -r, r);
  }
}

function normalizeRows(weights: Float64Array, columns: number): void {
  for (let begin = 0; begin < weights.length; begin += columns) {
    const row = weights.subarray(begin, begin + columns);
    const norm = Math.sqrt(row.reduce((sum, w) => sum + w * w, 0));
    for (let i = 0; i < columns; i++) row[i] /= norm;
  }
}

function room(length: number): Float64Array {
  try {
    return new Float64Array(length);
  } catch {
    const gigabytes = ((8 * length) / 2 ** 30).toPrecision(3);
    throw new InputError(
      `the model has ${length.toLocaleString('en-US')} parameters, ${gigabytes} GiB in float64, and there is no room for them: use fewer units, or tied weights`,
    );
  }
}
