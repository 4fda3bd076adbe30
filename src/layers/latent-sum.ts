import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/** The linear output over latents that several processes share. */
export interface LatentSumSpec {
  readonly kind: 'latent-sum';
}

/**
 * X̂ = Σᵣ Aᵣ·Dᵣ + c over the processes r, each with its own latents; c is added once. δ is then the same everywhere, and ∇Dᵣ is each
 * process's own. ∇c gains (1/m) Σₖ δₖ in the first process alone, as what all hold is summed over the processes in the end.
 */
export const latentSum: LayerKind<LatentSumSpec> = {
  schema: v.strictObject({ kind: v.literal('latent-sum') }),
  create(_, place) {
    const { k, storage, latents, units } = place;
    if (latents === null) throw new Error('a sum over processes that share nothing');
    const nothing = () => vectorView(storage.allocate(units));
    const inner = createUnits(latents.rank === 0 ? place : { ...place, bias: nothing(), dBias: nothing() });
    return {
      ...inner,
      width: null,
      bind(rows, input, example) {
        const pass = inner.bind(rows, input, example);
        return { ...pass, select: () => latents.sum(k, pass.code.a) };
      },
    };
  },
  proof: [],
};
