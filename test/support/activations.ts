import type { Activation } from '../../src/kernels/activations/activation.ts';
import { activations } from '../../src/kernels/activations/table.ts';

/** The name of an activation of the table. */
export type BuiltIn = keyof typeof activations;
export const activationNames = Object.keys(activations) as BuiltIn[];

/** z/(1 + |z|): f′ = (1 − |a|)², f″ = −2 sign(a)(1 − |a|)³. No kernel has vectors for it. */
export const softsign: Activation = {
  name: 'softsign',
  of: (z) => z / (1 + Math.abs(z)),
  first: (a) => (1 - Math.abs(a)) ** 2,
  second: (a) => -2 * Math.sign(a) * (1 - Math.abs(a)) ** 3,
  rate: { scale: 0.5, shift: 0.5 },
  kink: false,
};

/** min(max(z, 0), 1), level on both sides, with kinks at 0 and 1. No kernel has vectors for it. */
export const ramp: Activation = {
  name: 'ramp',
  of: (z) => Math.min(Math.max(z, 0), 1),
  first: (a) => (a <= 0 || a >= 1 ? 0 : 1),
  second: () => 0,
  rate: { scale: 1, shift: 0 },
  kink: true,
};

/** Those of the table, and two that are none of it. */
export const allActivations: readonly Activation[] = [...Object.values(activations), softsign, ramp];
