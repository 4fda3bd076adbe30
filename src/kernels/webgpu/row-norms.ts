import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'scaleColumns' | 'normWeightedL1' | 'tanhPenalty' | 'projectRows' | 'normalizeRows'>;

/** Norms of the decoder's rows. */
export function createRowNorms(_stage: Stage): Of {
  return {} as Of; // not yet
}
