import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'momentumStep' | 'adamStep'>;

/** One pass over flat vectors. */
export function createOptimizerSteps(_stage: Stage): Of {
  return {} as Of; // not yet
}
