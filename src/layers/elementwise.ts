import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { activations } from '../kernels/activations/table.ts';
import { layerIndex } from '../validate.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/** A⁺ = f(A·V + b): what a layer is that no other kind is asked for. */
export interface ElementwiseSpec {
  readonly kind: 'elementwise';
  readonly layer?: number | undefined;
}

export const elementwise: LayerKind<ElementwiseSpec> = {
  schema: v.strictObject({ kind: v.literal('elementwise'), layer: layerIndex() }),
  exact: true,
  selects: false,
  create(_, place) {
    if (place.f !== activations.relu || place.keepsZ) return createUnits(place);
    const zero = vectorView(place.storage.allocate(place.units));
    return createUnits(place, {
      screen: (screening, { a }, _pairs, product) => screening.above(a, product, zero), // relu(z) = z·[z > 0]
    });
  },
  proof: [],
};
