import * as v from 'valibot';
import { type Block, matrixView } from '../array/matrix.ts';
import { nonNegative, nonNegativeInteger } from '../validate.ts';
import type { Dropped, LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/** Units of which a share is silent in training, drawn anew for every presentation of an example. */
export interface DropoutSpec extends Dropped {
  readonly kind: 'dropout';
}

/**
 * a = f(z) ⊙ r in training, rⱼ = 0 with probability p and 1/(1 − p) otherwise: E[a] = f(z), which is what every other use of
 * the layer sees. ∂L/∂z = ∂L/∂a ⊙ r ⊙ f′(z). r is drawn where examples are loaded: `LayerPass.factor`.
 * [Srivastava et al., JMLR 2014, §4; scaled in training rather than in use]
 */
export const dropout: LayerKind<DropoutSpec> = {
  schema: v.strictObject({
    kind: v.literal('dropout'),
    fraction: nonNegative(),
    seed: nonNegativeInteger(),
    first: nonNegativeInteger(),
  }),
  exact: true,
  draws: true,
  create(spec, place) {
    if (place.mode !== 'train') return createUnits(place);
    const { k, storage, units, f } = place;
    let blocks: readonly Block[] = [];
    const views = (rows: number) => blocks.map((block) => matrixView(block, rows, units));
    const layer = createUnits(place, {
      keepsZ: true,
      activate({ a, z }) {
        const [r, h] = views(a.shape[0]);
        k.activate(h, z, f);
        k.fill(a, 0);
        k.addProducts(a, h, r); // a = f(z) ⊙ r
      },
      delta(dCode, { a }, dZ) {
        const [r, h, dH] = views(a.shape[0]);
        k.fill(dH, 0);
        k.addProducts(dH, dCode, r); // a = h ⊙ r
        k.delta(dCode, dH, null, h, f); // h = f(z)
        if (dZ !== null) k.axpy(dCode, 1, dZ);
      },
    });
    return {
      ...layer,
      reserve(rows, sparse) {
        for (const block of blocks) storage.release(block);
        blocks = [0, 1, 2].map(() => storage.allocate(rows * units));
        layer.reserve(rows, sparse);
      },
      bind: (rows, input, example) => ({ ...layer.bind(rows, input, example), factor: { view: views(rows)[0], spec } }),
    };
  },
};
