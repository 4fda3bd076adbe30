import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<Kernels, 'gemm'>;

/** Products of matrices. */
export function createProducts(_stage: Stage): Of {
  return {} as Of; // not yet
}
