import * as v from 'valibot';
import type { Precision } from '../array/matrix.ts';
import { type CorruptionSpec, corruptionSchema } from '../corruption/corruption.ts';
import { InputError } from '../errors.ts';
import type { ActivationName } from '../kernels/kernels.ts';
import { activationNames } from '../layers/activation.ts';
import { type KSparseSpec, kSparseSchema } from '../layers/selection.ts';
import { type LossName, lossNames } from '../penalties/losses.ts';
import { refusal, type SparsityPenaltySpec, sparsityPenalties } from '../penalties/table.ts';
import { layerIndex, nonNegative, oneOf, parse, positiveInteger, seed as seedSchema, show } from '../validate.ts';
import { type Initialization, initializationSchema } from './initialize.ts';
import { assertHolds } from './precision-check.ts';

/** What makes one hidden layer sparse: `layer` counts from 0; by default the code layer, the last. */
export type SparsityConfig = SparsityPenaltySpec | KSparseSpec;

/** What a caller gives. Plain JSON. */
export interface AutoencoderConfig {
  /** d, the length of an example. */
  readonly inputs: number;
  /** h, or the sizes of several hidden layers, the code last; the decoder mirrors them. */
  readonly hidden: number | readonly number[];
  /** f of every hidden layer, or one each. Default sigmoid; linear with k-sparse. */
  readonly activation?: ActivationName | readonly ActivationName[];
  /** g of the output layer. Default sigmoid; linear with k-sparse. */
  readonly output?: ActivationName;
  /** Default squared-error. */
  readonly loss?: LossName;
  /** D = W: the decoder uses the encoder's weights; or one answer for each layer. Default false; true with k-sparse. */
  readonly tied?: boolean | readonly boolean[];
  /** λ ≥ 0 of (λ/2) Σ W², on weights, never on biases. Default 0. */
  readonly weightDecay?: number;
  /** γ ≥ 0 of γ Σ |W|, on weights, never on biases. Default 0. */
  readonly weightL1?: number;
  /** Of one hidden layer, or a list of one for each of several. */
  readonly sparsity?: SparsityConfig | readonly SparsityConfig[] | null;
  /**
   * κ ≥ 0 of (κ/m) Σ ‖∂a/∂x‖²_F on the first hidden layer, or { weight, layer }. With ReLU units f′ jumps at z = 0, where
   * the penalty has no derivative. Default 0.
   */
  readonly contraction?:
    | number
    | {
        /** κ ≥ 0. */
        readonly weight: number;
        /** Which hidden layer, from 0, the first by default. */
        readonly layer?: number;
      };
  /** What is done to the encoder's input in training; the loss compares with the clean example. */
  readonly corruption?: CorruptionSpec | null;
  /**
   * Weights of corrupted and untouched coordinates in the loss. Default 1 and 1. Gaussian and multiplicative noise touch
   * every coordinate: `untouched` weighs nothing there.
   */
  readonly emphasis?: {
    /** At least 0. */
    readonly corrupted: number;
    /** At least 0. */
    readonly untouched: number;
  } | null;
  /** Of the weights. Default uniform on ±√(6/(n_in + n_out + 1)); N(0, 0.01²) with k-sparse. */
  readonly initialization?: Initialization;
  /** float32, or float64 for proofs. Default float32. */
  readonly precision?: Precision;
  /** Of the initial weights and of the corruption. Default 1. */
  readonly seed?: number;
}

/** With its layer filled in. */
export type FullSparsity = SparsityConfig & {
  /** Which hidden layer, from 0. */
  readonly layer: number;
};

/** The same with every default filled in: what is saved with a model. */
export interface FullConfig extends Required<AutoencoderConfig> {
  readonly hidden: readonly number[];
  readonly sparsity: FullSparsity | readonly FullSparsity[] | null;
  readonly contraction: {
    /** κ. */
    readonly weight: number;
    /** Which hidden layer, from 0. */
    readonly layer: number;
  };
}

/** Hidden layers of a model. */
export const LIMIT_LAYERS = 1000;
const DEPTH = `it must have at most ${LIMIT_LAYERS} entries`;
const HIDDEN = 'it must be a whole number, at least 1, or a list of such numbers';
const ACTIVATION = `it must be one of ${activationNames.join(', ')}, or a list of one for each hidden layer`;
const TIED = 'it must be true or false, or a list of one for each hidden layer';
const EMPHASIS = 'it must be { corrupted, untouched }, such as { corrupted: 1, untouched: 0.5 }';
const CONTRACTION = 'it must be a finite number, at least 0, or { weight, layer }';

const sparsitySchema = v.variant(
  'kind',
  [...Object.values(sparsityPenalties).map((kind) => kind.schema), kSparseSchema] as never,
  `it must be an object such as { kind: "kl", target, weight } or { kind: "k-sparse", k }, its kind one of ${[...Object.keys(sparsityPenalties), 'k-sparse'].join(', ')}; or a list of them`,
) as v.GenericSchema<SparsityConfig>;
const sparsityList = v.pipe(
  v.array(sparsitySchema),
  v.minLength(1, 'the list must not be empty: use null for none'),
  v.maxLength(LIMIT_LAYERS, DEPTH),
);

const schema = v.strictObject(
  {
    inputs: positiveInteger(),
    hidden: v.union(
      [positiveInteger(), v.pipe(v.array(positiveInteger()), v.minLength(1, HIDDEN), v.maxLength(LIMIT_LAYERS, DEPTH))],
      HIDDEN,
    ),
    activation: v.optional(v.union([v.picklist(activationNames), v.array(v.picklist(activationNames))], ACTIVATION)),
    output: v.optional(oneOf(activationNames)),
    loss: v.optional(oneOf(lossNames), 'squared-error'),
    tied: v.optional(v.union([v.boolean(), v.array(v.boolean())], TIED)),
    weightDecay: v.optional(nonNegative(), 0),
    weightL1: v.optional(nonNegative(), 0),
    // Chosen by what is given, so that messages name the key within and not the alternatives.
    sparsity: v.optional(v.nullable(v.lazy((given) => (Array.isArray(given) ? sparsityList : sparsitySchema))), null),
    contraction: v.optional(
      v.union([nonNegative(), v.strictObject({ weight: nonNegative(), layer: layerIndex() })], CONTRACTION),
      0,
    ),
    corruption: v.optional(v.nullable(corruptionSchema), null),
    emphasis: v.optional(
      v.nullable(v.strictObject({ corrupted: nonNegative(), untouched: nonNegative() }, EMPHASIS)),
      null,
    ),
    initialization: v.optional(initializationSchema),
    precision: v.optional(oneOf(['float32', 'float64'] as const), 'float32'),
    seed: v.optional(seedSchema(), 1),
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
  const listed = listOf<SparsityConfig>(given.sparsity);
  const kSparse = listed.length > 0 && listed.every(({ kind }) => kind === 'k-sparse');
  const placed = listed.map((sparsity) => ({
    ...sparsity,
    layer: layerOf('sparsity', sparsity.layer, hidden, hidden.length - 1),
  }));
  const contraction = typeof given.contraction === 'number' ? { weight: given.contraction } : given.contraction;
  const { inputs, loss, weightDecay, weightL1, corruption, emphasis, precision, seed } = given;
  // Key by key: the same config is then the same JSON, whatever order it was given in.
  const full: FullConfig = {
    inputs,
    hidden,
    activation: given.activation ?? (kSparse ? 'linear' : 'sigmoid'),
    output: given.output ?? (kSparse ? 'linear' : 'sigmoid'),
    loss,
    tied: given.tied ?? kSparse,
    weightDecay,
    weightL1,
    sparsity: Array.isArray(given.sparsity) ? placed : (placed[0] ?? null),
    contraction: { weight: contraction.weight, layer: layerOf('contraction', contraction.layer, hidden, 0) },
    corruption,
    emphasis,
    initialization: given.initialization ?? (kSparse ? { kind: 'normal', deviation: 0.01 } : { kind: 'uniform' }),
    precision,
    seed,
  };
  assertListed('activation', full.activation, hidden);
  assertListed('tied', full.tied, hidden);
  assertTogether(full);
  assertHolds(full, 'config', precision);
  return full;
}

/** What makes layers sparse, each on its own layer. */
export function sparsitiesOf({ sparsity }: Pick<FullConfig, 'sparsity'>): readonly FullSparsity[] {
  return listOf(sparsity);
}

function listOf<T>(value: T | readonly T[] | null): readonly T[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** f of hidden layer i. */
export function activationOf({ activation }: Pick<FullConfig, 'activation'>, i: number): ActivationName {
  return typeof activation === 'string' ? activation : activation[i];
}

/** Whether decoder i uses encoder i's weights. */
export function isTied({ tied }: Pick<FullConfig, 'tied'>, i: number): boolean {
  return typeof tied === 'boolean' ? tied : tied[i];
}

function layerOf(key: string, layer: number | undefined, hidden: readonly number[], byDefault: number): number {
  if ((layer ?? 0) < hidden.length) return layer ?? byDefault;
  throw new InputError(
    `config.${key}.layer is ${layer}: hidden layers count from 0, so it must be at most ${hidden.length - 1}`,
  );
}

/** A list must name every hidden layer. */
function assertListed(key: string, value: unknown, hidden: readonly number[]): void {
  if (!Array.isArray(value) || value.length === hidden.length) return;
  throw new InputError(
    `config.${key} is ${show(value)}: the list must have one entry for each of the ${hidden.length} hidden layers`,
  );
}

/** What does not go together. */
function assertTogether(config: FullConfig): void {
  const { output, loss, emphasis, corruption } = config;
  if (loss === 'cross-entropy' && output !== 'sigmoid') {
    throw new InputError(
      `config.output is ${show(output)} with loss "cross-entropy", which needs outputs in (0, 1): use output "sigmoid", or loss "squared-error"`,
    );
  }
  if (emphasis !== null && corruption === null) {
    throw new InputError(
      'config.emphasis is given without config.corruption, which it weighs: add one, or leave it out',
    );
  }
  const sparsities = sparsitiesOf(config);
  sparsities.forEach((sparsity, i) => {
    if (sparsities.findIndex(({ layer }) => layer === sparsity.layer) < i) {
      throw new InputError(`config.sparsity names layer ${sparsity.layer} twice: give each its own layer`);
    }
    assertSparsity(sparsity, config);
  });
}

function assertSparsity(sparsity: FullSparsity, config: FullConfig): void {
  const { hidden, contraction } = config;
  if (sparsity.kind !== 'k-sparse') {
    const f = activationOf(config, sparsity.layer);
    const why = refusal(sparsity, f);
    if (why !== null) throw new InputError(`config.activation is ${show(f)}: ${why}`);
    return;
  }
  const units = hidden[sparsity.layer];
  for (const key of ['k', 'annealFrom'] as const) {
    if ((sparsity[key] ?? 0) > units) {
      throw new InputError(
        `config.sparsity.${key} is ${sparsity[key]}: the layer has ${units} units, so it must be at most ${units}`,
      );
    }
  }
  if ((sparsity.annealFrom ?? sparsity.k) < sparsity.k) {
    throw new InputError(
      `config.sparsity.annealFrom is ${sparsity.annealFrom}: survivors fall from there to k, so it must be at least ${sparsity.k}`,
    );
  }
  if (contraction.weight > 0 && contraction.layer === sparsity.layer) {
    throw new InputError(
      `config.contraction is ${contraction.weight} on a k-sparse layer, whose selection has no derivative: use one of the two`,
    );
  }
}
