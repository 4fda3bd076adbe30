import { contraction } from './contraction.ts';
import { kl } from './kl.ts';
import { l1 } from './l1.ts';
import type { TermKind } from './term.ts';

/** What makes activations sparse, by the `kind` of its config. A new one is one file and one line here. */
export const sparsityTerms = { kl, l1 };

/** Every term on activations. */
export const terms = { ...sparsityTerms, contraction };

type SpecsOf<T> = { [K in keyof T]: T[K] extends TermKind<infer S> ? S : never }[keyof T];
/** A penalty on activations: {@link KlSpec} or {@link L1Spec}. */
export type SparsityPenaltySpec = SpecsOf<typeof sparsityTerms>;

/** Any kind of term with its spec, which its schema has let pass. */
export interface TermChoice {
  readonly kind: TermKind<{ readonly kind: string }>;
  readonly spec: { readonly kind: string };
}
