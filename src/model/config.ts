import * as v from 'valibot';
import { corruptionSchema } from '../corruption/corruption.ts';
import { InputError } from '../errors.ts';
import type { ActivationName } from '../kernels/activations/table.ts';
import type { LayerDefaults } from '../layers/layer.ts';
import { isForAutoencoders } from '../layers/table.ts';
import { lossNames } from '../terms/losses.ts';
import { layerIndex, nonNegative, oneOf, parse, positiveInteger, seed as seedSchema, show } from '../validate.ts';
import type { AutoencoderConfig, FullConfig, FullSparsity, SparsityConfig } from './autoencoder-config.ts';
import { assertDictionary } from './dictionary-check.ts';
import { dictionaryEntries, fullDictionary } from './dictionary-config.ts';
import { type Initialization, initializationSchema } from './initialize.ts';
import { type Parts, type Tables, tablesOf } from './parts.ts';
import { assertHolds } from './precision-check.ts';

export type {
  AutoencoderConfig,
  FullConfig,
  FullSparsity,
  OwnConfig,
  OwnSpec,
  SparsityConfig,
} from './autoencoder-config.ts';

/** Hidden layers of a model. */
export const LIMIT_LAYERS = 1000;
const DEPTH = `it must have at most ${LIMIT_LAYERS} entries`;
const HIDDEN = 'it must be a whole number, at least 1, or a list of such numbers';
const TIED = 'it must be true or false, or a list of one for each hidden layer';
const EMPHASIS = 'it must be { corrupted, untouched }, such as { corrupted: 1, untouched: 0.5 }';
const CONTRACTION = 'it must be a finite number, at least 0, or { weight, layer }';

/** The schema of a config whose parts stand in these tables. */
function schemaOf({ activations, layers, terms }: Tables) {
  const names = Object.keys(activations);
  const oneEach = `it must be one of ${names.join(', ')}, or a list of one for each hidden layer; one of your own is given as { parts: { activations } }`;
  const kinds = { ...terms, ...layers };
  const sparsity = v.variant(
    'kind',
    Object.entries(kinds).map(([name, { schema }]) => schema ?? anyOf(name)) as never,
    `it must be an object such as { kind: "kl", target, weight } or { kind: "k-sparse", k }, its kind one of ${Object.keys(kinds).join(', ')}; or a list of them; a kind of your own is given to create as { parts: { terms: { name: kind } } }`,
  ) as v.GenericSchema<SparsityConfig>;
  const list = v.pipe(
    v.array(sparsity),
    v.minLength(1, 'the list must not be empty: use null for none'),
    v.maxLength(LIMIT_LAYERS, DEPTH),
  );
  return v.strictObject(
    {
      inputs: positiveInteger(),
      hidden: v.union(
        [
          positiveInteger(),
          v.pipe(v.array(positiveInteger()), v.minLength(1, HIDDEN), v.maxLength(LIMIT_LAYERS, DEPTH)),
        ],
        HIDDEN,
      ),
      activation: v.optional(v.union([v.picklist(names), v.array(v.picklist(names))], oneEach)),
      output: v.optional(oneOf(names)),
      loss: v.optional(oneOf(lossNames), 'squared-error'),
      tied: v.optional(v.union([v.boolean(), v.array(v.boolean())], TIED)),
      weightDecay: v.optional(nonNegative(), 0),
      weightL1: v.optional(nonNegative(), 0),
      // Chosen by what is given, so that messages name the key within and not the alternatives.
      sparsity: v.optional(v.nullable(v.lazy((given) => (Array.isArray(given) ? list : sparsity))), null),
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
      ...dictionaryEntries,
      precision: v.optional(oneOf(['float32', 'float64'] as const), 'float32'),
      seed: v.optional(seedSchema(), 1),
    },
    'it must be an object such as { inputs: 64, hidden: 25 }',
  );
}

/** The schema of a part that brings none: its kind, its layer, and whatever else it is given. */
function anyOf(name: string) {
  return v.looseObject({ kind: v.literal(name), layer: layerIndex() });
}

const ownTables = tablesOf();
const ownSchema = schemaOf(ownTables);

/**
 * The config with defaults, checked key by key and for what does not go together.
 * @throws InputError naming the key, what was given and what is allowed.
 */
export function parseConfig(config: AutoencoderConfig, parts?: Parts): FullConfig {
  const tables = parts === undefined ? ownTables : tablesOf(parts);
  const given = parse(parts === undefined ? ownSchema : schemaOf(tables), config, 'config');
  const hidden = typeof given.hidden === 'number' ? [given.hidden] : given.hidden;
  const listed = listOf<SparsityConfig>(given.sparsity);
  const placed = listed.map((sparsity) => ({
    ...sparsity,
    layer: layerOf('sparsity', sparsity.layer, hidden, hidden.length - 1),
  }));
  const contraction = typeof given.contraction === 'number' ? { weight: given.contraction } : given.contraction;
  const { inputs, loss, weightDecay, weightL1, corruption, emphasis, precision, seed } = given;
  const byDefault = defaultsOf(listed, tables);
  // Key by key: the same config is then the same JSON, whatever order it was given in.
  const full: FullConfig = {
    inputs,
    hidden,
    activation: given.activation ?? byDefault.activation ?? 'sigmoid',
    output: given.output ?? byDefault.output ?? 'sigmoid',
    loss,
    tied: given.tied ?? byDefault.tied ?? false,
    weightDecay,
    weightL1,
    sparsity: Array.isArray(given.sparsity) ? placed : (placed[0] ?? null),
    contraction: { weight: contraction.weight, layer: layerOf('contraction', contraction.layer, hidden, 0) },
    corruption,
    emphasis,
    initialization: given.initialization ?? initializationOf(byDefault),
    ...fullDictionary(given),
    precision,
    seed,
  };
  assertListed('activation', full.activation, hidden);
  assertListed('tied', full.tied, hidden);
  assertTogether(full, tables);
  assertDictionary(full, tables);
  assertHolds(full, 'config', precision);
  return full;
}

/** What the kinds of layers let a config leave out, where all that makes it sparse is of one such kind. */
function defaultsOf(listed: readonly SparsityConfig[], { layers, terms }: Tables): LayerDefaults {
  const [first, ...others] = listed;
  if (first === undefined || others.some(({ kind }) => kind !== first.kind)) return {};
  return (Object.hasOwn(layers, first.kind) ? layers[first.kind].defaults : terms[first.kind]?.defaults?.(first)) ?? {};
}

function initializationOf({ deviation, dictionary }: LayerDefaults): Initialization {
  if (dictionary) return { kind: 'dictionary' };
  return deviation === undefined ? { kind: 'uniform' } : { kind: 'normal', deviation };
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
function assertTogether(config: FullConfig, tables: Tables): void {
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
  for (const sparsity of sparsitiesOf(config)) assertSparsity(sparsity, config, tables);
}

function assertSparsity(sparsity: FullSparsity, config: FullConfig, { activations, layers, terms }: Tables): void {
  const { hidden, contraction } = config;
  const beside = sparsitiesOf(config).filter((other) => other.layer === sparsity.layer && other !== sparsity);
  const rival = beside.find(({ kind }) => kind === sparsity.kind || kind in layers);
  if (rival !== undefined) {
    throw new InputError(
      `config.sparsity names layer ${sparsity.layer} twice, by ${show(sparsity.kind)} and ${show(rival.kind)}, which do not go together: give each its own layer`,
    );
  }
  if (Object.hasOwn(layers, sparsity.kind)) {
    const layer = layers[sparsity.kind];
    if (layer.selects && contraction.weight > 0 && contraction.layer === sparsity.layer) {
      throw new InputError(
        `config.contraction is ${contraction.weight} on a ${sparsity.kind} layer, whose selection has no derivative: use one of the two`,
      );
    }
    const f = activationOf(config, sparsity.layer);
    if (layer.reluAlone && f !== 'relu') {
      throw new InputError(
        `config.activation is ${show(f)}: ${sparsity.kind} units are those of relu: leave activation out, or use sparsity "k-sparse"`,
      );
    }
    if (isForAutoencoders({ kind: layer, spec: sparsity })) assertCode(sparsity, hidden);
    if (layer.belowOutput && (hidden.length > 1 || config.output !== 'linear')) {
      throw new InputError(
        `config.sparsity is ${sparsity.kind} with ${hidden.length} hidden layers and output ${show(config.output)}: its gate learns by a reconstruction of its own, so it must have one hidden layer and output "linear"`,
      );
    }
    const refused = layer.refuses?.(sparsity, hidden[sparsity.layer]) ?? null;
    if (refused !== null) throw new InputError(`config.sparsity.${refused[0]} ${refused[1]}`);
    return;
  }
  const f = activationOf(config, sparsity.layer);
  const why = terms[sparsity.kind].refuses?.(activations[f], sparsity) ?? null;
  if (why !== null) throw new InputError(`config.activation is ${show(f)}: ${why}`);
  if (terms[sparsity.kind].needsDecoder?.(sparsity)) assertCode(sparsity, hidden);
}

/** @throws InputError unless the layer is the code, with the decoder that stands for it. */
function assertCode({ kind, layer }: FullSparsity, hidden: readonly number[]): void {
  if (layer === hidden.length - 1) return;
  throw new InputError(
    `config.sparsity.layer is ${layer}: ${kind} needs the decoder right above it: use the code layer, ${hidden.length - 1}`,
  );
}
