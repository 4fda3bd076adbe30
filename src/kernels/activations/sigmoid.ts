import type { Activation } from './activation.ts';

/** f = 1/(1 + e⁻ᶻ), in (0, 1); f′ = a(1 − a), f″ = a(1 − a)(1 − 2a). */
export const sigmoid: Activation = {
  name: 'sigmoid',
  of: (z) => 1 / (1 + Math.exp(-z)),
  first: (a) => a * (1 - a),
  second: (a) => a * (1 - a) * (1 - 2 * a),
  rate: { scale: 1, shift: 0 },
  range: [0, 1],
  kink: false,
};
