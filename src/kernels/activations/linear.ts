import type { Activation } from './activation.ts';

/** f = z; f′ = 1, f″ = 0. */
export const linear: Activation = {
  name: 'linear',
  of: (z) => z,
  first: () => 1,
  second: () => 0,
  rate: null,
  kink: false,
};
