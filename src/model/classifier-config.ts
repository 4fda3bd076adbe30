import * as v from 'valibot';
import type { Precision } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { ActivationName } from '../kernels/kernels.ts';
import { activationNames } from '../layers/activation.ts';
import { type KSparseSpec, kSparseSchema, survivorsOfEncoding } from '../layers/selection.ts';
import { nonNegative, oneOf, parse, positiveInteger, seed as seedSchema, show } from '../validate.ts';
import { LIMIT_LAYERS } from './config.ts';
import { assertHolds } from './precision-check.ts';
import type { NetworkSpec } from './spec.ts';

/** What a caller gives. Plain JSON. */
export interface ClassifierConfig {
  /** d, the length of an example. */
  readonly inputs: number;
  /** Hidden layers below the softmax; [] is softmax regression. */
  readonly hidden: readonly number[];
  /** Labels are 0 … classes − 1. */
  readonly classes: number;
  /** f of every hidden layer, or one each. Default sigmoid. */
  readonly activation?: ActivationName | readonly ActivationName[];
  /** Which hidden layers are k-sparse, null where none; they keep round(αk), in training too. Default none. */
  readonly kSparse?: readonly (KSparseSpec | null)[];
  /** λ ≥ 0 of (λ/2) Σ W², on the softmax weights. Default 0. */
  readonly weightDecay?: number;
  /** λ of the hidden weights. Default 0, as in UFLDL. */
  readonly hiddenWeightDecay?: number;
  /** float32, or float64 for proofs. Default float32. */
  readonly precision?: Precision;
  /** Of the initial weights. Default 1. */
  readonly seed?: number;
}

/** The same with every default filled in: what is saved with a classifier. */
export type FullClassifierConfig = Required<ClassifierConfig>;

const schema = v.strictObject(
  {
    inputs: positiveInteger(),
    hidden: v.pipe(
      v.array(positiveInteger(), 'it must be a list of sizes; [] is softmax regression'),
      v.maxLength(LIMIT_LAYERS, `it must have at most ${LIMIT_LAYERS} entries`),
    ),
    classes: v.pipe(positiveInteger(), v.minValue(2, 'it must be at least 2')),
    activation: v.optional(
      v.union(
        [v.picklist(activationNames), v.array(v.picklist(activationNames))],
        `it must be one of ${activationNames.join(', ')}, or a list of one for each hidden layer`,
      ),
      'sigmoid',
    ),
    kSparse: v.optional(
      v.array(
        v.nullable(kSparseSchema),
        'it must be a list of one for each hidden layer, null where it is not k-sparse',
      ),
    ),
    weightDecay: v.optional(nonNegative(), 0),
    hiddenWeightDecay: v.optional(nonNegative(), 0),
    precision: v.optional(oneOf(['float32', 'float64'] as const), 'float32'),
    seed: v.optional(seedSchema(), 1),
  },
  'it must be an object such as { inputs: 784, hidden: [200], classes: 10 }',
);

/** The config with defaults, checked key by key. @throws InputError naming the key. */
export function parseClassifierConfig(config: ClassifierConfig): FullClassifierConfig {
  const given = parse(schema, config, 'config');
  const kSparse = given.kSparse ?? given.hidden.map(() => null);
  for (const [key, list] of Object.entries({ activation: given.activation, kSparse })) {
    if (!Array.isArray(list) || list.length === given.hidden.length) continue;
    throw new InputError(
      `config.${key} is ${show(list)}: the list must have one entry for each of the ${given.hidden.length} hidden layers`,
    );
  }
  kSparse.forEach((spec, i) => {
    if ((spec?.k ?? 0) > given.hidden[i]) {
      throw new InputError(
        `config.kSparse.${i}.k is ${spec?.k}: the layer has ${given.hidden[i]} units, so it must be at most ${given.hidden[i]}`,
      );
    }
  });
  const { inputs, hidden, classes, activation, weightDecay, hiddenWeightDecay, precision, seed } = given;
  // Key by key: the same config is then the same JSON, whatever order it was given in.
  const full = { inputs, hidden, classes, activation, kSparse, weightDecay, hiddenWeightDecay, precision, seed };
  assertHolds(full, 'config', precision);
  return full;
}

/** Fine-tuning keeps what encoding keeps, round(αk), from the start. [Makhzani & Frey, §4.5] */
function fixed(spec: KSparseSpec | null, units: number): KSparseSpec | null {
  return spec && { kind: 'k-sparse', k: survivorsOfEncoding(spec, units), annealOver: 0 };
}

/**
 * p(y | x) = softmax(Θ·a + c) on top of hidden layers Aᵢ = fᵢ(Aᵢ₋₁·Wᵢᵀ + bᵢ). Names: encoder.0.weight (hᵢ, hᵢ₋₁),
 * encoder.0.bias, …, softmax.weight (classes, h), softmax.bias.
 */
export function classifierSpec(config: FullClassifierConfig): NetworkSpec {
  const { inputs, hidden, classes, activation, kSparse, weightDecay, hiddenWeightDecay } = config;
  const below = (i: number) => (i === 0 ? inputs : hidden[i - 1]);
  const top = below(hidden.length);
  const names = hidden.map((_, i) => ({ weight: `encoder.${i}.weight`, bias: `encoder.${i}.bias` }));
  return {
    inputs,
    parameters: [
      ...hidden.flatMap((units, i) => [
        { name: names[i].weight, shape: [units, below(i)] },
        { name: names[i].bias, shape: [units] },
      ]),
      { name: 'softmax.weight', shape: [classes, top] },
      { name: 'softmax.bias', shape: [classes] },
    ],
    layers: [
      ...names.map((name, i) => ({
        ...name,
        use: 'transposed' as const,
        f: typeof activation === 'string' ? activation : activation[i],
        penalties: [],
        kSparse: fixed(kSparse[i], hidden[i]),
      })),
      { weight: 'softmax.weight', use: 'transposed', bias: 'softmax.bias', f: 'linear', penalties: [], kSparse: null },
    ],
    loss: 'softmax',
    dataTerm: 'classification',
    shrinkage: [
      ...names.map(({ weight }) => ({ weight, l2: hiddenWeightDecay, l1: 0 })),
      { weight: 'softmax.weight', l2: weightDecay, l1: 0 },
    ],
    code: Math.max(0, hidden.length - 1),
    corruption: null,
  };
}
