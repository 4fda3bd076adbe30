import type { Activation } from './activation.ts';

/** f = tanh(z), in (−1, 1); f′ = 1 − a², f″ = −2a(1 − a²). */
export const tanh: Activation = {
  name: 'tanh',
  of: Math.tanh,
  first: (a) => 1 - a * a,
  second: (a) => -2 * a * (1 - a * a),
  // An inactive tanh unit sits at −1: (a + 1)/2 is its rate. [Ng, CS294A notes, footnote 3]
  rate: { scale: 0.5, shift: 0.5 },
  range: [-1, 1],
  kink: false,
};
