import * as v from 'valibot';
import type { Precision } from '../array/matrix.ts';
import { type CorruptionSpec, corruptionSchema } from '../corruption/corruption.ts';
import { InputError } from '../errors.ts';
import type { ActivationName } from '../kernels/activations/table.ts';
import { dropoutLayer, isForAutoencoders, type LayerChoice, type LayerKindSpec, plainLayer } from '../layers/table.ts';
import { halfOpenUnit, nonNegative, oneOf, parse, positiveInteger, seed as seedSchema, show } from '../validate.ts';
import { LIMIT_LAYERS } from './config.ts';
import { type Parts, type Tables, tablesOf } from './parts.ts';
import { assertHolds } from './precision-check.ts';
import { type NetworkSpec, tensorsOf } from './spec.ts';

/** What a caller gives. Plain JSON. */
export interface ClassifierConfig {
  /** d, the length of an example. */
  readonly inputs: number;
  /** Hidden layers below the softmax; [] is softmax regression. */
  readonly hidden: readonly number[];
  /** Labels are 0 … classes − 1. */
  readonly classes: number;
  /** f of every hidden layer, or one each. Default sigmoid. */
  readonly activation?: ActivationName | readonly ActivationName[] | undefined;
  /**
   * The kind of each hidden layer, null where it is none of special kind. k-sparse ones keep round(αk), in training too.
   * Default none.
   */
  readonly layers?: readonly (LayerKindSpec | null)[] | undefined;
  /**
   * Noise on the examples that it learns from, drawn anew for every presentation: a regularizer. Costs on validation
   * examples, probabilities and classes are those of clean ones. Where the softmax alone is trained above hidden layers,
   * their codes are computed once, of clean examples. Default null: none.
   */
  readonly corruption?: CorruptionSpec | null | undefined;
  /**
   * p in [0, 1), of all hidden layers or one each: in training a unit is 0 with probability p and 1/(1 − p) times as large
   * otherwise, drawn anew for every presentation; in use it is itself. Not for layers of a kind; where the softmax alone is
   * trained above hidden layers, their codes are computed once, without. Default 0. [Srivastava et al., JMLR 2014]
   */
  readonly dropout?: number | readonly number[] | undefined;
  /** λ ≥ 0 of (λ/2) Σ W², on the softmax weights. Default 0. */
  readonly weightDecay?: number | undefined;
  /** λ of the hidden weights. Default 0, as in UFLDL. */
  readonly hiddenWeightDecay?: number | undefined;
  /** float32, or float64 for proofs. Default float32. */
  readonly precision?: Precision | undefined;
  /** Of the initial weights, of corruption and of dropout. Default 1. */
  readonly seed?: number | undefined;
}

/** The same with every default filled in: what is saved with a classifier. */
export type FullClassifierConfig = Required<ClassifierConfig>;

function schemaOf({ activations, layers }: Tables) {
  const names = Object.keys(activations);
  const kinds = v.variant(
    'kind',
    Object.entries(layers).map(([name, { schema }]) => schema ?? v.looseObject({ kind: v.literal(name) })) as never,
    `it must be null or an object such as { kind: "k-sparse", k }, its kind one of ${Object.keys(layers).join(', ')}`,
  ) as v.GenericSchema<LayerKindSpec>;
  return v.strictObject(
    {
      inputs: positiveInteger(),
      hidden: v.pipe(
        v.array(positiveInteger(), 'it must be a list of sizes; [] is softmax regression'),
        v.maxLength(LIMIT_LAYERS, `it must have at most ${LIMIT_LAYERS} entries`),
      ),
      classes: v.pipe(positiveInteger(), v.minValue(2, 'it must be at least 2')),
      activation: v.optional(
        v.union(
          [v.picklist(names), v.array(v.picklist(names))],
          `it must be one of ${names.join(', ')}, or a list of one for each hidden layer`,
        ),
        'sigmoid',
      ),
      layers: v.optional(v.array(v.nullable(kinds))),
      corruption: v.optional(v.nullable(corruptionSchema), null),
      dropout: v.optional(
        v.union(
          [halfOpenUnit(), v.array(halfOpenUnit())],
          'it must be a number in [0, 1), or a list of one for each hidden layer',
        ),
        0,
      ),
      weightDecay: v.optional(nonNegative(), 0),
      hiddenWeightDecay: v.optional(nonNegative(), 0),
      precision: v.optional(oneOf(['float32', 'float64'] as const), 'float32'),
      seed: v.optional(seedSchema(), 1),
    },
    'it must be an object such as { inputs: 784, hidden: [200], classes: 10 }',
  );
}

const ownTables = tablesOf();
const ownSchema = schemaOf(ownTables);

/** The config with defaults, checked key by key. @throws InputError naming the key. */
export function parseClassifierConfig(config: ClassifierConfig, parts?: Parts): FullClassifierConfig {
  const tables = parts === undefined ? ownTables : tablesOf(parts);
  const given = parse(parts === undefined ? ownSchema : schemaOf(tables), config, 'config');
  const layers = given.layers ?? given.hidden.map(() => null);
  for (const [key, list] of Object.entries({ activation: given.activation, layers, dropout: given.dropout })) {
    if (!Array.isArray(list) || list.length === given.hidden.length) continue;
    throw new InputError(
      `config.${key} is ${show(list)}: the list must have one entry for each of the ${given.hidden.length} hidden layers`,
    );
  }
  layers.forEach((spec, i) => {
    if (spec && isForAutoencoders({ kind: tables.layers[spec.kind], spec })) {
      const what =
        'decoderNorm' in spec && spec.kind === 'top-k' ? `${show(spec.kind)} with decoderNorm` : show(spec.kind);
      throw new InputError(
        `config.layers.${i}.kind is ${what}, which is trained beside a decoder: use "k-sparse" or "top-k", or null`,
      );
    }
    if (spec && shareOf(given.dropout, i) > 0) {
      throw new InputError(
        `config.dropout is ${show(given.dropout)} and config.layers.${i}.kind is ${show(spec.kind)}: units that are selected have no dropout: use 0 for that layer, or null for its kind`,
      );
    }
    const f = typeof given.activation === 'string' ? given.activation : given.activation[i];
    if (spec && tables.layers[spec.kind].reluAlone && f !== 'relu') {
      throw new InputError(
        `config.activation is ${show(f)} for layer ${i}: ${spec.kind} units are those of relu: use activation "relu", or layers "k-sparse"`,
      );
    }
    const refused = (spec && tables.layers[spec.kind].refuses?.(spec, given.hidden[i])) ?? null;
    if (refused !== null) throw new InputError(`config.layers.${i}.${refused[0]} ${refused[1]}`);
  });
  const { inputs, hidden, classes, activation, corruption, dropout, weightDecay, hiddenWeightDecay, precision, seed } =
    given;
  // Key by key: the same config is then the same JSON, whatever order it was given in.
  const full = {
    inputs,
    hidden,
    classes,
    activation,
    layers,
    corruption,
    dropout,
    weightDecay,
    hiddenWeightDecay,
    precision,
    seed,
  };
  assertHolds(full, 'config', precision);
  return full;
}

/** p of hidden layer i. */
function shareOf(dropout: number | readonly number[], i: number): number {
  return typeof dropout === 'number' ? dropout : dropout[i];
}

/** Fine-tuning keeps what encoding keeps, such as round(αk), from the start. [Makhzani & Frey, §4.5] */
function tuned(config: FullClassifierConfig, i: number, { layers }: Tables): LayerChoice {
  const { hidden, dropout, seed } = config;
  const [spec, units] = [config.layers[i], hidden[i]];
  const fraction = shareOf(dropout, i);
  if (spec === null && fraction === 0) return plainLayer;
  if (spec === null) return dropoutLayer({ fraction, seed, first: hidden.slice(0, i).reduce((sum, h) => sum + h, 0) });
  const kind = layers[spec.kind];
  return { kind, spec: kind.tuned?.(spec, units) ?? spec };
}

/**
 * p(y | x) = softmax(Θ·a + c) on top of hidden layers Aᵢ = fᵢ(Aᵢ₋₁·Wᵢᵀ + bᵢ). Names: encoder.0.weight (hᵢ, hᵢ₋₁),
 * encoder.0.bias, …, softmax.weight (classes, h), softmax.bias.
 */
export function classifierSpec(config: FullClassifierConfig, parts?: Parts): NetworkSpec {
  const { inputs, hidden, classes, activation, corruption, weightDecay, hiddenWeightDecay, seed } = config;
  const tables = tablesOf(parts);
  const below = (i: number) => (i === 0 ? inputs : hidden[i - 1]);
  const top = below(hidden.length);
  const names = hidden.map((_, i) => ({ weight: `encoder.${i}.weight`, bias: `encoder.${i}.bias` }));
  const encoders = names.map((name, i) => ({
    ...name,
    use: 'transposed' as const,
    f: tables.activations[typeof activation === 'string' ? activation : activation[i]],
    center: null,
    skip: null,
    choice: tuned(config, i, tables),
    terms: [],
    prefix: { parameter: `encoder.${i}`, state: `hidden.${i}` },
  }));
  const kept = encoders.map((layer, i) => tensorsOf(layer, hidden[i], below(i)));
  const softmax = {
    weight: 'softmax.weight',
    use: 'transposed' as const,
    bias: 'softmax.bias',
    center: null,
    skip: null,
    f: tables.activations.linear,
    choice: plainLayer,
    terms: [],
    prefix: { parameter: 'softmax', state: 'softmax' },
  };
  return {
    inputs,
    parameters: [
      ...hidden.flatMap((units, i) => [
        { name: names[i].weight, shape: [units, below(i)], role: 'trained' as const },
        { name: names[i].bias, shape: [units], role: 'trained' as const },
        ...kept[i].parameters,
      ]),
      { name: 'softmax.weight', shape: [classes, top], role: 'trained' as const },
      { name: 'softmax.bias', shape: [classes], role: 'trained' as const },
    ],
    state: kept.flatMap(({ state }) => state),
    layers: [...encoders, softmax],
    loss: 'softmax',
    dataTerm: 'classification',
    shrinkage: [
      ...names.map(({ weight }) => ({ weight, l2: hiddenWeightDecay, l1: 0 })),
      { weight: 'softmax.weight', l2: weightDecay, l1: 0 },
    ],
    code: Math.max(0, hidden.length - 1),
    unitNorm: null,
    targets: 'apart',
    corruption: corruption && { spec: corruption, emphasis: null, seed },
  };
}
