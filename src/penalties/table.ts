import type { ActivationName, Kernels } from '../kernels/kernels.ts';
import type { ActivationPenalty, PenalizedLayer, PenaltyKind } from './activation-penalty.ts';
import { type ContractionSpec, contraction } from './contraction.ts';
import { type KlSpec, kl } from './kl.ts';
import { type L1Spec, l1 } from './l1.ts';

/** Every penalty on activations, by the `kind` of its config. A new one is one file and one line here and below. */
export const activationPenalties = { kl, l1, contraction };

export type ActivationPenaltySpec = KlSpec | L1Spec | ContractionSpec;

function kindOf(spec: ActivationPenaltySpec): PenaltyKind<ActivationPenaltySpec> {
  return activationPenalties[spec.kind] as PenaltyKind<ActivationPenaltySpec>;
}

/** Why the penalty cannot sit on units with activation f; null where it can. */
export function refusal(spec: ActivationPenaltySpec, f: ActivationName): string | null {
  return kindOf(spec).refuses?.(f) ?? null;
}

/** The penalty of a spec on a layer. */
export function createActivationPenalty(
  k: Kernels,
  spec: ActivationPenaltySpec,
  layer: PenalizedLayer,
): ActivationPenalty {
  return kindOf(spec).create(k, spec, layer);
}
