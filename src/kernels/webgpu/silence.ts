import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<
  Kernels,
  | 'countActive'
  | 'countActivePairs'
  | 'advanceSilence'
  | 'selectSilent'
  | 'residualMoments'
  | 'auxiliaryScale'
  | 'silentScale'
  | 'scaledSquaredError'
>;

/** Units that have been silent, and the auxiliary loss. */
export function createSilence(_stage: Stage): Of {
  return {} as Of; // not yet
}
