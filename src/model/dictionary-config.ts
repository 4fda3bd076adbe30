import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { type AuxiliarySpec, auxiliaries } from '../terms/table.ts';
import { oneOf, positiveInteger, show } from '../validate.ts';
import type { FullConfig } from './config.ts';
import type { Tables } from './parts.ts';

/** What a config says of dictionaries beside what makes them sparse. */
export interface DictionaryConfig {
  /**
   * z = (x − c)Wᵀ + b, c the decoder's bias; the first `fit` of a fresh model begins c at the data's mean, or at their geometric
   * median. Default false.
   */
  readonly center?: boolean | 'geometric-median';
  /** w₁ < … < h: each prefix of the code reconstructs by itself, and all are compared with the target. Default null. */
  readonly prefixes?:
    | readonly number[]
    | {
        /** w₁ < … < h. */
        readonly widths: readonly number[];
        /** What the prefixes' losses are made to. Default mean. */
        readonly weights?: 'mean' | 'sum';
      }
    | null;
  /** ‖Dⱼ‖ = 1: before a step the gradient loses what lies along Dⱼ, after it Dⱼ is divided by its norm. Default false. */
  readonly unitNorm?: boolean;
  /** What stands beside a layer that selects, on the code layer. Default null. */
  readonly auxiliary?: AuxiliarySpec | null;
  /** The length of what the output is compared with: another number than `inputs` makes a transcoder. Default `inputs`. */
  readonly targets?: number;
  /** x̂ = a·D + c + x·Sᵀ. Default false. */
  readonly skip?: boolean;
}

/** The same with every default filled in. */
export interface FullDictionaryConfig extends Required<DictionaryConfig> {
  readonly prefixes: {
    /** w₁ < … < h. */
    readonly widths: readonly number[];
    /** What the prefixes' losses are made to. */
    readonly weights: 'mean' | 'sum';
  } | null;
}

const WIDTHS = 'it must be a list of rising widths that ends at the number of hidden units, or { widths, weights }';

/** The entries of the config's schema. */
export const dictionaryEntries = {
  center: v.optional(
    v.union([v.boolean(), v.literal('geometric-median')], 'it must be true, false or "geometric-median"'),
    false,
  ),
  prefixes: v.optional(
    v.nullable(
      v.union(
        [
          v.array(v.number()),
          v.strictObject({
            widths: v.array(v.number()),
            weights: v.optional(oneOf(['mean', 'sum'] as const), 'mean'),
          }),
        ],
        WIDTHS,
      ),
    ),
    null,
  ),
  unitNorm: v.optional(v.boolean('it must be true or false'), false),
  auxiliary: v.optional(
    v.nullable(
      v.variant(
        'kind',
        Object.values(auxiliaries).map(({ schema }) => schema) as never,
        `it must be null or an object such as { kind: "aux-k" }, its kind one of ${Object.keys(auxiliaries).join(', ')}`,
      ) as v.GenericSchema<AuxiliarySpec>,
    ),
    null,
  ),
  targets: v.optional(positiveInteger()),
  skip: v.optional(v.boolean('it must be true or false'), false),
};

/** Its part of a config with defaults. */
export function fullDictionary(given: DictionaryConfig & { readonly inputs: number }): FullDictionaryConfig {
  const { center = false, prefixes = null, unitNorm = false, auxiliary = null, skip = false } = given;
  return {
    center,
    prefixes:
      prefixes === null
        ? null
        : 'widths' in prefixes
          ? { widths: prefixes.widths, weights: prefixes.weights ?? 'mean' }
          : { widths: prefixes, weights: 'mean' },
    unitNorm,
    auxiliary,
    targets: given.targets ?? given.inputs,
    skip,
  };
}

/** What does not go together. @throws InputError naming the key, and what to do. */
export function assertDictionary(config: FullConfig, { layers }: Tables): void {
  const { inputs, hidden, tied, output, loss, center, unitNorm, auxiliary, targets, skip } = config;
  const transcoder = targets !== inputs || skip;
  const isTied = Array.isArray(tied) ? tied.some(Boolean) : tied;
  const code = hidden.length - 1;
  const sparsity = [config.sparsity ?? []].flat();
  if (center !== false && transcoder) {
    throw new InputError(
      `config.center is ${show(center)} with targets of their own: c lies where the outputs do, and cannot be taken from x: leave center out`,
    );
  }
  if (center !== false && output !== 'linear') {
    throw new InputError(
      `config.center is ${show(center)} with output ${show(output)}: c is no example then: use output "linear"`,
    );
  }
  if (transcoder && (hidden.length > 1 || isTied || config.corruption !== null)) {
    const what = hidden.length > 1 ? 'several hidden layers' : isTied ? 'tied weights' : 'corruption';
    throw new InputError(
      `config.${skip ? 'skip' : 'targets'} is ${show(skip || targets)} with ${what}: a transcoder has one hidden layer, an encoder and a decoder of its own, and reconstructs nothing: leave one of them out`,
    );
  }
  if (unitNorm && (hidden.length > 1 || isTied)) {
    throw new InputError(
      `config.unitNorm is true with ${isTied ? 'tied weights, whose rows the encoder needs as long as they are' : 'several hidden layers'}: use one hidden layer, tied: false`,
    );
  }
  assertPrefixes(config);
  if (auxiliary === null) return;
  const selects = sparsity.some(
    ({ kind, layer }) => layer === code && Object.hasOwn(layers, kind) && layers[kind].losers,
  );
  if (!selects) {
    throw new InputError(
      `config.auxiliary is ${show(auxiliary.kind)} without a layer that selects the largest z: use sparsity "top-k" or "batch-top-k", or leave it out`,
    );
  }
  if (output !== 'linear' || loss !== 'squared-error' || hidden.length > 1) {
    throw new InputError(
      `config.auxiliary is ${show(auxiliary.kind)}, which adds up errors: use one hidden layer, output "linear" and loss "squared-error"`,
    );
  }
  if ((auxiliary.k ?? 1) > hidden[code]) {
    throw new InputError(
      `config.auxiliary.k is ${auxiliary.k}: the layer has ${hidden[code]} units, so it must be at most ${hidden[code]}`,
    );
  }
}

function assertPrefixes({ prefixes, hidden, tied }: FullConfig): void {
  if (prefixes === null) return;
  const { widths } = prefixes;
  const h = hidden[hidden.length - 1];
  const rises = widths.every((width, g) => Number.isSafeInteger(width) && width > (widths[g - 1] ?? 0));
  if (!rises || widths[widths.length - 1] !== h) {
    throw new InputError(
      `config.prefixes is ${show(widths)}: it must be whole numbers above 0 that rise, and the last must be ${h}, the number of hidden units`,
    );
  }
  if (hidden.length === 1 && (Array.isArray(tied) ? !tied[0] : !tied)) return;
  throw new InputError(
    `config.prefixes is ${show(widths)} with ${hidden.length > 1 ? 'several hidden layers' : 'tied weights'}: prefixes are those of one dictionary: use one hidden layer, tied: false`,
  );
}
