import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<
  Kernels,
  | 'thresholds'
  | 'jumpRelu'
  | 'jumpReluDelta'
  | 'countOn'
  | 'l0Penalty'
  | 'l0Delta'
  | 'thresholdDelta'
  | 'preActivationLoss'
>;

/** JumpReLU units and what makes them sparse. */
export function createJumpRelu(_stage: Stage): Of {
  return {} as Of; // not yet
}
