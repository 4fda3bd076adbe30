import * as v from 'valibot';
import type { Precision } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { ActivationName } from '../kernels/kernels.ts';
import { activationNames, activations } from '../layers/activation.ts';
import type { ActivationPenaltySpec } from '../penalties/activation-penalty.ts';
import { klNeedsRates } from '../penalties/kl.ts';
import { type LossName, lossNames } from '../penalties/reconstruction.ts';
import { nonNegative, oneOf, openUnit, parse, positiveInteger, seed, show } from '../validate.ts';

/** A penalty on the activations of one hidden layer: `layer` counts from 0; by default the code layer, the last. */
export type SparsityConfig = ActivationPenaltySpec & { readonly layer?: number };

/** What a caller gives. Plain JSON. */
export interface AutoencoderConfig {
  /** d, the length of an example. */
  readonly inputs: number;
  /** h, or the sizes of several hidden layers, the code last; the decoder mirrors them. */
  readonly hidden: number | readonly number[];
  /** f of every hidden layer. Default sigmoid. */
  readonly activation?: ActivationName;
  /** g of the output layer. Default sigmoid. */
  readonly output?: ActivationName;
  /** Default squared-error. */
  readonly loss?: LossName;
  /** D = W: the decoder uses the encoder's weights. Default false. */
  readonly tied?: boolean;
  /** λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  readonly sparsity?: SparsityConfig | null;
  /** float32, or float64 for proofs. Default float32. */
  readonly precision?: Precision;
  /** Of the initial weights. Default 1. */
  readonly seed?: number;
}

/** The same with every default filled in: what is saved with a model. */
export interface FullConfig {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly output: ActivationName;
  readonly loss: LossName;
  readonly tied: boolean;
  readonly weightDecay: number;
  readonly sparsity: (ActivationPenaltySpec & { readonly layer: number }) | null;
  readonly precision: Precision;
  readonly seed: number;
}

const layerIndex = v.optional(
  v.pipe(
    v.number('it must be the index of a hidden layer, from 0'),
    v.safeInteger('it must be the index of a hidden layer, from 0'),
    v.minValue(0, 'it must be the index of a hidden layer, from 0'),
  ),
);

const sparsitySchema = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.literal('kl'), target: openUnit(), weight: nonNegative(), layer: layerIndex }),
    v.strictObject({ kind: v.literal('l1'), weight: nonNegative(), layer: layerIndex }),
  ],
  'it must be an object like { kind: "kl", target, weight } or { kind: "l1", weight }',
);

const HIDDEN = 'it must be a whole number, at least 1, or a list of such numbers';

const schema = v.strictObject(
  {
    inputs: positiveInteger(),
    hidden: v.union([positiveInteger(), v.pipe(v.array(positiveInteger()), v.minLength(1, HIDDEN))], HIDDEN),
    activation: v.optional(oneOf(activationNames), 'sigmoid'),
    output: v.optional(oneOf(activationNames), 'sigmoid'),
    loss: v.optional(oneOf(lossNames), 'squared-error'),
    tied: v.optional(v.boolean('it must be true or false'), false),
    weightDecay: v.optional(nonNegative(), 0),
    sparsity: v.optional(v.nullable(sparsitySchema), null),
    precision: v.optional(oneOf(['float32', 'float64'] as const), 'float32'),
    seed: v.optional(seed(), 1),
  },
  'it must be an object such as { inputs: 64, hidden: 25 }',
);

/**
 * The config with defaults, checked key by key and for what does not go together.
 * @throws InputError naming the key, what was given and what is allowed.
 */
export function parseConfig(config: AutoencoderConfig): FullConfig {
  const given = parse(schema, config, 'config');
  const hidden = typeof given.hidden === 'number' ? [given.hidden] : given.hidden;
  if (given.loss === 'cross-entropy' && given.output !== 'sigmoid') {
    throw new InputError(
      `config.output is ${show(given.output)} with loss "cross-entropy", which needs outputs in (0, 1): use output "sigmoid", or loss "squared-error"`,
    );
  }
  return { ...given, hidden, sparsity: given.sparsity && parseSparsity(given.sparsity, hidden, given.activation) };
}

function parseSparsity(
  sparsity: v.InferOutput<typeof sparsitySchema>,
  hidden: readonly number[],
  f: ActivationName,
): FullConfig['sparsity'] {
  if (sparsity.kind === 'kl' && activations[f].rate === null) {
    throw new InputError(`config.activation is ${show(f)}: ${klNeedsRates(f)}`);
  }
  const layer = sparsity.layer ?? hidden.length - 1;
  if (layer >= hidden.length) {
    throw new InputError(
      `config.sparsity.layer is ${layer}: hidden layers count from 0, so it must be at most ${hidden.length - 1}`,
    );
  }
  return { ...sparsity, layer };
}
