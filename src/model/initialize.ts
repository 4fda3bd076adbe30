import * as v from 'valibot';
import { fillNormal, fillUniform, stream } from '../array/random.ts';
import { InputError } from '../errors.ts';
import { positive } from '../validate.ts';
import type { Layout } from './parameters.ts';

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
  layout.parameters.forEach(({ shape, offset, length, initial = 0 }, i) => {
    if (shape.length !== 2) {
      theta.fill(initial, offset, offset + length);
      return;
    }
    const weights = theta.subarray(offset, offset + length);
    const draw = { seed, stream: stream.initialization, counter: i };
    if (how.kind === 'dictionary') {
      fillNormal(weights, draw, 0, 1);
      normalizeRows(weights, shape[1]);
    } else if (how.kind === 'normal') {
      fillNormal(weights, draw, 0, how.deviation);
    } else {
      const r = Math.sqrt(6 / (shape[0] + shape[1] + 1));
      fillUniform(weights, draw, -r, r);
    }
  });
  if (how.kind === 'dictionary') copyDecoders(layout, theta);
  return theta;
}

/** W = D where they have the same shape; a skip connection begins at 0. */
function copyDecoders({ parameters }: Layout, theta: Float64Array): void {
  for (const { name, shape, offset, length } of parameters) {
    if (name === 'skip.weight') theta.fill(0, offset, offset + length);
    const twin = parameters.find((other) => other.name === name.replace('encoder', 'decoder') && other.name !== name);
    if (shape.length !== 2 || twin === undefined || twin.shape[1] !== shape[1]) continue;
    theta.copyWithin(offset, twin.offset, twin.offset + length);
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
