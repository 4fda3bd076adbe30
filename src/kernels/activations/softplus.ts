import type { Activation } from './activation.ts';

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|), without overflow. */
export function softplusOf(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** f = log(1 + eᶻ); f′ = σ(z) = 1 − e⁻ᵃ, f″ = (1 − e⁻ᵃ)e⁻ᵃ. */
export const softplus: Activation = {
  name: 'softplus',
  of: softplusOf,
  first: (a) => -Math.expm1(-a),
  second: (a) => -Math.expm1(-a) * Math.exp(-a),
  rate: null,
  range: [0, Number.POSITIVE_INFINITY],
  kink: false,
};
