import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'activate' | 'delta' | 'softmax' | 'jacobianSquares'>;

/** Activations, their derivatives, and softmax. */
export function createActivations(_stage: Stage): Of {
  return {} as Of; // not yet
}
