import type { View } from '../array/matrix.ts';
import type { ActivationName, Kernels, Results } from '../kernels/kernels.ts';
import { createKl } from './kl.ts';
import { createL1 } from './l1.ts';

/** A penalty on the activations A (m, h) of one hidden layer. */
export interface ActivationPenalty {
  /** After the forward pass: adds the value to results[slot], or leaves that to `backward`, and sets `push`. */
  forward(k: Kernels, results: Results, slot: number, a: View): void;
  /** What every example's ∂J/∂a gains, a row (h), without 1/m: the β(−ρ/ρ̂ + (1−ρ)/(1−ρ̂)) of KL; null for none. */
  readonly push: View | null;
  /** Adds to dA (m, h) what differs from example to example, without 1/m. */
  backward(k: Kernels, results: Results, slot: number, dA: View, a: View): void;
  /** Mean activations ρ̂ (h) of the last forward pass, where the penalty needs them anyway; null otherwise. */
  readonly meanActivations: View | null;
}

/** ρ and β: β Σⱼ KL(ρ‖ρ̂ⱼ). */
export interface KlSpec {
  readonly kind: 'kl';
  readonly target: number;
  readonly weight: number;
}

/** γ: (γ/m) Σₖ Σⱼ |aⱼ(xₖ)|. */
export interface L1Spec {
  readonly kind: 'l1';
  readonly weight: number;
}

export type ActivationPenaltySpec = KlSpec | L1Spec;

/** The penalty of a spec on a layer of `units` units with activation f, its scratch allocated once. */
export function createActivationPenalty(
  k: Kernels,
  spec: ActivationPenaltySpec,
  units: number,
  f: ActivationName,
): ActivationPenalty {
  switch (spec.kind) {
    case 'kl':
      return createKl(k, spec, units, f);
    case 'l1':
      return createL1(spec);
  }
}
