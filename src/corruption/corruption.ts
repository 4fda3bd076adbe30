import * as v from 'valibot';
import { stream } from '../array/random.ts';
import { InputError } from '../errors.ts';
import { gaussian } from './gaussian.ts';
import type { CorruptionKind, Noise } from './kind.ts';
import { masking } from './masking.ts';
import { multiplicative } from './multiplicative.ts';
import { saltAndPepper } from './salt-and-pepper.ts';

/** Every kind of corruption, by name. */
const kinds = {
  masking,
  'salt-and-pepper': saltAndPepper,
  gaussian,
  multiplicative,
} as const;

type Kinds = typeof kinds;
export type CorruptionName = keyof Kinds;
/**
 * How the examples that an encoder sees are corrupted; the loss still compares with the clean ones. Plain JSON:
 * {@link MaskingSpec}, {@link SaltAndPepperSpec}, {@link GaussianSpec} or {@link MultiplicativeSpec}.
 */
export type CorruptionSpec = { readonly [K in CorruptionName]: Parameters<Kinds[K]['prepare']>[0] }[CorruptionName];

/** A spec from the name of its kind and its main number, to be checked by the schema. */
export function corruptionOf(name: string, amount: number): unknown {
  const kind = Object.hasOwn(kinds, name) ? kinds[name as CorruptionName] : undefined;
  return kind === undefined ? { kind: name } : { kind: name, [kind.amount]: amount };
}

/** "masking 0.25". */
export function describeCorruption(spec: CorruptionSpec): string {
  const { amount } = kinds[spec.kind];
  return `${spec.kind} ${(spec as unknown as Record<string, number>)[amount]}`;
}

export const corruptionNames = Object.keys(kinds) as readonly CorruptionName[];

/** A spec from outside, with its defaults filled in: for the config's schema. */
export const corruptionSchema = v.variant(
  'kind',
  Object.values(kinds).map(({ schema }) => schema),
  `it must be an object such as { kind: "masking", fraction: 0.25 }, of the kind ${corruptionNames.join(' or ')}`,
);

/** Which presentation of the data: with an example's index in the data set, it addresses the randomness. */
export interface CorruptionDraw {
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
  /** An integer in [0, 2²¹). */
  readonly epoch: number;
}

const TWO_32 = 2 ** 32;
/** Epochs that corruption can be drawn for. */
export const MOST_CORRUPTED_EPOCHS = 2 ** 21; // counters epoch·2³² + index stay below 2⁵³

/** Which draw an example's presentation is. @throws InputError where the epoch is out of range. */
export function counterOf(epoch: number, example: number): number {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= MOST_CORRUPTED_EPOCHS) {
    throw new InputError(`corruption: epoch is ${epoch}: it must be an integer from 0 to 2^21 − 1`);
  }
  return epoch * TWO_32 + example;
}

/**
 * factor, shift ← the noise of x̃ = factor ⊙ x + shift for examples of `columns` coordinates, and marks where they are asked
 * for; (rows.length, columns) row-major, or longer, their rest untouched. Row i is the example rows[i] of the data set, and
 * its noise depends on (seed, epoch, rows[i], columns) alone: not on the batch, its order, or what was drawn before.
 * Specs are those that `corruptionSchema` lets pass.
 * @throws InputError where seed or epoch are out of range.
 */
export function drawNoise(
  spec: CorruptionSpec,
  noise: Noise,
  rows: Uint32Array,
  columns: number,
  { seed, epoch }: CorruptionDraw,
): void {
  counterOf(epoch, 0);
  const { factor, shift } = noise;
  const size = rows.length * columns;
  const kind: CorruptionKind<CorruptionSpec> = kinds[spec.kind];
  const drawRow = kind.prepare(spec, columns);
  factor.fill(1, 0, size);
  shift.fill(0, 0, size);
  for (let i = 0; i < rows.length; i++) {
    drawRow(noise, i * columns, { seed, stream: stream.corruption, counter: counterOf(epoch, rows[i]) });
  }
}
