import type { ActivationName } from '../kernels/kernels.ts';

/**
 * What the rest of the engine must know of an activation f; the loops themselves are kernels.
 * rate: how a mean activation maps to a firing rate in (0, 1) as scale·ρ̂ + shift, for KL(ρ‖·); null where the values
 *   are unbounded and no such rate exists.
 * kink: f′ jumps at z = 0, where central differences tell nothing.
 */
export interface Activation {
  readonly rate: { readonly scale: number; readonly shift: number } | null;
  readonly kink: boolean;
}

export const activations: Readonly<Record<ActivationName, Activation>> = {
  sigmoid: { rate: { scale: 1, shift: 0 }, kink: false },
  // An inactive tanh unit sits at −1: (a + 1)/2 is its rate. [Ng, CS294A notes, footnote 3]
  tanh: { rate: { scale: 0.5, shift: 0.5 }, kink: false },
  relu: { rate: null, kink: true },
  softplus: { rate: null, kink: false },
  linear: { rate: null, kink: false },
};

export const activationNames = Object.keys(activations) as ActivationName[];
