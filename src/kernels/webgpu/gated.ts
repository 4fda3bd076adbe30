import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'gatedActivation' | 'gatedDelta' | 'maskPositive'>;

/** Gated units. */
export function createGated(_stage: Stage): Of {
  return {} as Of; // not yet
}
