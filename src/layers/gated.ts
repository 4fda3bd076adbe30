import * as v from 'valibot';
import { layerIndex, nonNegative } from '../validate.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/** Gated units: which are on, and how much, by the same weights and biases of their own. */
export interface GatedSpec {
  /** Of the sparsity. */
  readonly kind: 'gated';
  /** λ ≥ 0 of (λ/m) Σₖ Σⱼ relu(gateⱼ). */
  readonly weight: number;
  /** λ is multiplied by ‖Dⱼ‖. Default false. */
  readonly decoderNorm?: boolean | undefined;
  /** The auxiliary reconstruction trains the decoder too, as SAELens has it. Default false, as the paper. */
  readonly live?: boolean | undefined;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

/**
 * a = [gate > 0]·relu(eʳ ⊙ u + b_mag), gate = u + b_gate, u = (x − c)Wᵀ; z is the gate. The step passes nothing on, so the
 * gate learns by its penalty and by an auxiliary reconstruction alone (see its term): with μ = ∂J/∂a·[a > 0],
 * ∂J/∂u = ∂J/∂gate + eʳμ, ∇b_mag = (1/m) Σₖ μ, ∇r = (1/m) Σₖ μ·eʳ·u, ∇b_gate = (1/m) Σₖ ∂J/∂gate.
 * [Rajamanoharan et al. 2024, arXiv 2404.16014, §3]
 */
export const gated: LayerKind<GatedSpec> = {
  schema: v.strictObject({
    kind: v.literal('gated'),
    weight: nonNegative(),
    decoderNorm: v.optional(v.boolean('it must be true or false')),
    live: v.optional(v.boolean('it must be true or false')),
    layer: layerIndex(),
  }),
  exact: true, // but where the gate opens
  selects: true,
  reluAlone: true,
  autoencodersAlone: true,
  belowOutput: true,
  bias: 'gate.bias',
  defaults: { activation: 'relu', output: 'linear', tied: false, dictionary: true },

  flags: { weight: { flag: '--sparsity-weight <beta>', takes: 'number', says: 'λ of gated', byDefault: 0.1 } },

  encodesApart: () => false,

  tensors: (_, units) => [
    { name: 'magnitude.bias', shape: [units], role: 'trained' },
    { name: 'magnitude.scale', shape: [units], role: 'trained' },
  ],

  create(_, place) {
    const { k } = place;
    const magnitudeBias = place.tensor('magnitude.bias');
    const scale = place.tensor('magnitude.scale');
    const gate = { gateBias: place.bias, magnitudeBias: magnitudeBias.value, scale: scale.value };
    return createUnits(place, {
      keepsZ: true,
      ownBias: true,
      activate: ({ a, z }) => k.gatedActivation(a, z, gate), // z = u + b_gate
      delta(dCode, { a, z }, dZ, m) {
        if (dZ === null || magnitudeBias.gradient === null || scale.gradient === null) return;
        const gradients = {
          dGateBias: place.dBias,
          dMagnitudeBias: magnitudeBias.gradient,
          dScale: scale.gradient,
        };
        k.gatedDelta(dCode, dZ, gradients, a, z, gate, m);
      },
    });
  },

  proof: [
    { kind: 'gated', weight: 0.3 },
    { kind: 'gated', weight: 0.3, decoderNorm: true, live: true },
  ],
};
