import type { ActivationName, Storage } from '../kernels/kernels.ts';
import type { ActivationPenalty, PenalizedLayer, PenaltyKind } from './activation-penalty.ts';
import { contraction } from './contraction.ts';
import { kl } from './kl.ts';
import { l1 } from './l1.ts';

/** What makes activations sparse, by the `kind` of its config. A new one is one file and one line here. */
export const sparsityPenalties = { kl, l1 };

export const activationPenalties = { ...sparsityPenalties, contraction };

type SpecsOf<T> = { [K in keyof T]: T[K] extends PenaltyKind<infer S> ? S : never }[keyof T];
/** A penalty on activations: {@link KlSpec} or {@link L1Spec}. */
export type SparsityPenaltySpec = SpecsOf<typeof sparsityPenalties>;
export type ActivationPenaltySpec = SpecsOf<typeof activationPenalties>;

function kindOf(spec: ActivationPenaltySpec): PenaltyKind<ActivationPenaltySpec> {
  return activationPenalties[spec.kind] as PenaltyKind<ActivationPenaltySpec>;
}

/** Why the penalty cannot sit on units with activation f; null where it can. */
export function refusal(spec: ActivationPenaltySpec, f: ActivationName): string | null {
  return kindOf(spec).refuses?.(f) ?? null;
}

/** The penalty of a spec on a layer. */
export function createActivationPenalty(
  storage: Storage,
  spec: ActivationPenaltySpec,
  layer: PenalizedLayer,
): ActivationPenalty {
  return kindOf(spec).create(storage, spec, layer);
}
