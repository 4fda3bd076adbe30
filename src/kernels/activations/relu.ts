import type { Activation } from './activation.ts';

/** f = max(z, 0); f′ = 0 where a ≤ 0, at the kink z = 0 too, else 1; f″ = 0. A NaN stays a NaN. */
export const relu: Activation = {
  name: 'relu',
  of: (z) => Math.max(z, 0),
  first: (a) => (a <= 0 ? 0 : 1), // a NaN passes δ on, so that it shows
  second: () => 0,
  rate: null,
  range: [0, Number.POSITIVE_INFINITY],
  kink: true,
};
