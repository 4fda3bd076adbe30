import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'addSparseRows' | 'sparseDots' | 'gatherColumns' | 'addSparseOuter' | 'addSparseSums'>;

/** Products of sparse codes: pairs of value and index. */
export function createSparse(_stage: Stage): Of {
  return {} as Of; // not yet
}
