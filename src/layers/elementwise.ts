import * as v from 'valibot';
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
  create: (_, place) => createUnits(place),
  proof: [],
};
