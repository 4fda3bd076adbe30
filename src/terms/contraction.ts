import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { layerIndex, nonNegative } from '../validate.ts';
import type { TermKind } from './term.ts';

/** κ: (κ/m) Σₖ ‖∂a/∂x‖²_F at xₖ. */
export interface ContractionSpec {
  readonly kind: 'contraction';
  readonly weight: number;
  readonly layer?: number | undefined;
}

/**
 * (κ/m) Σₖ ‖∂a/∂x‖²_F = (κ/m) Σₖ Σⱼ f′(zⱼ)² ‖Wⱼ‖², in closed form, never by the Jacobian itself. x is the layer's own
 * input: the example for the first hidden layer, the codes below for a higher one. It reaches W twice:
 * directly, ∇Wⱼ += (2κ/m) Σₖ f′(zⱼ)² Wⱼ, and through f′, ∂/∂zⱼ(xₖ) = (2κ/m) ‖Wⱼ‖² f′f″, which is the bracket's
 * 2κ‖Wⱼ‖² f″ before it is multiplied by f′.
 * ReLU: f″ = 0 on both sides of its kink at z = 0, where f′ jumps and no derivative exists. [Rifai et al., ICML 2011, §2]
 */
export const contraction: TermKind<ContractionSpec> = {
  schema: v.strictObject({ kind: v.literal('contraction'), weight: nonNegative(), layer: layerIndex() }),

  create({ weight }, { k, storage, units, f, weightRows, dWeightRows }) {
    const norms = vectorView(storage.allocate(units));
    const pull = vectorView(storage.allocate(units));
    return {
      name: 'contraction',
      backward({ results, slot, dCode, code, m, moment }) {
        k.rowSquaredNorms(norms, weightRows); // ‖Wⱼ‖²
        k.contraction(dCode, pull, results, slot, code.a, norms, f, weight * moment.penalty, m);
        k.addScaledRows(dWeightRows, pull, weightRows);
      },
    };
  },

  proof: [{ kind: 'contraction', weight: 0.4 }],
};
