import { type AuxKSpec, auxK } from './aux-k.ts';
import { contraction } from './contraction.ts';
import { gatedPenalty } from './gated-penalty.ts';
import { jumpReluPenalty } from './jump-relu-penalty.ts';
import { kl } from './kl.ts';
import { l1 } from './l1.ts';
import type { TermKind } from './term.ts';

/** What makes activations sparse, by the `kind` of its config. A new one is one file and one line here. */
export const sparsityTerms = { kl, l1 };

/** What stands beside a layer that selects, by the `kind` of its config. A new one is one file and one line here. */
export const auxiliaries = { 'aux-k': auxK };

/** Terms that come with a kind of layer, of the same spec. A new one is one file and one line here. */
export const termsOfLayers = { 'jump-relu': jumpReluPenalty, gated: gatedPenalty };

/** Every term on activations. */
export const terms = { ...sparsityTerms, contraction };

type SpecsOf<T> = { [K in keyof T]: T[K] extends TermKind<infer S> ? S : never }[keyof T];
/** A penalty on activations: {@link KlSpec} or {@link L1Spec}. */
export type SparsityPenaltySpec = SpecsOf<typeof sparsityTerms>;

/** What a config's `auxiliary` may be. */
export type AuxiliarySpec = AuxKSpec;

/** Any kind of term with its spec, which its schema has let pass. */
export interface TermChoice {
  readonly kind: TermKind<{ readonly kind: string }>;
  readonly spec: { readonly kind: string };
}
