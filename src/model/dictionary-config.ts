import * as v from 'valibot';
import { type AuxiliarySpec, auxiliaries } from '../terms/table.ts';
import { oneOf, positiveInteger } from '../validate.ts';

/** What a config says of dictionaries beside what makes them sparse. */
export interface DictionaryConfig {
  /**
   * z = (x − c)Wᵀ + b, c the decoder's bias; the first `fit` of a fresh model begins c at the data's mean, or at their geometric
   * median. Default false.
   */
  readonly center?: boolean | 'geometric-median' | undefined;
  /** w₁ < … < h: each prefix of the code reconstructs by itself, and all are compared with the target. Default null. */
  readonly prefixes?:
    | readonly number[]
    | {
        /** w₁ < … < h. */
        readonly widths: readonly number[];
        /** What the prefixes' losses are made to. Default mean. */
        readonly weights?: 'mean' | 'sum' | undefined;
      }
    | null;
  /** ‖Dⱼ‖ = 1: before a step the gradient loses what lies along Dⱼ, after it Dⱼ is divided by its norm. Default false. */
  readonly unitNorm?: boolean | undefined;
  /** What stands beside a layer that selects, on the code layer. Default null. */
  readonly auxiliary?: AuxiliarySpec | null | undefined;
  /** The length of what the output is compared with: another number than `inputs` makes a transcoder. Default `inputs`. */
  readonly targets?: number | undefined;
  /** x̂ = a·D + c + x·Sᵀ. Default false. */
  readonly skip?: boolean | undefined;
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
