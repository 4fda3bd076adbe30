import { layerKindNamed } from '../layers/table.ts';
import { type FullConfig, sparsitiesOf } from '../model/config.ts';

/** Of what was measured, what says how units are used. */
export interface UsedMetrics {
  readonly meanActivations: ArrayLike<number>;
  /** The share of the examples on which each unit is not 0; absent in folders of early releases. */
  readonly firing?: ArrayLike<number> | undefined;
  readonly deadUnits?: readonly number[] | undefined;
}

/** How the units of a code are used, as pictures show it. */
export interface ModelUse {
  /** Absent where neither says how much a unit is used, as of linear units. */
  readonly use?: ArrayLike<number>;
  readonly useIs: 'frequency' | 'mean';
  readonly dead: readonly number[];
}

/** Activations that are never exactly 0, but for rounding, unless a layer selects among its units. */
const NEVER_ZERO = new Set(['sigmoid', 'tanh', 'softplus', 'linear']);
/** Of these the mean activation is a rate. */
const RATES = new Set(['sigmoid', 'tanh', 'softplus']);

/** Whether units of the code never are exactly 0, and their mean activation says how much they are used. */
export function haveRates(config: FullConfig): boolean {
  const { useIs, use } = unitUse(config, { meanActivations: NONE, firing: NONE });
  return useIs === 'mean' && use !== undefined;
}

const NONE: readonly number[] = [];

/** By how often units fire; by mean activation where they never are exactly 0. */
export function unitUse(config: FullConfig, { meanActivations, firing, deadUnits: dead = [] }: UsedMetrics): ModelUse {
  const code = config.hidden.length - 1;
  const activation = Array.isArray(config.activation) ? config.activation[code] : config.activation;
  const selects = sparsitiesOf(config).some(({ kind, layer }) => layer === code && layerKindNamed(kind)?.selects);
  if (firing !== undefined && (selects || !NEVER_ZERO.has(activation)))
    return { use: firing, useIs: 'frequency', dead };
  return { ...(RATES.has(activation) ? { use: meanActivations } : {}), useIs: 'mean', dead };
}
