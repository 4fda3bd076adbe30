import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'weightDecay' | 'weightL1' | 'klSparsity' | 'l1Sparsity' | 'contraction'>;

/** Penalties on weights and activations. */
export function createPenalties(_stage: Stage): Of {
  return {} as Of; // not yet
}
