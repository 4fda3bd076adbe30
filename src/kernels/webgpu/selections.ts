import type { Kernels } from '../kernels.ts';
import type { Stage } from './call.ts';

type Of = Pick<
  Kernels,
  | 'selectLargest'
  | 'countBelow'
  | 'selectLargestOfAll'
  | 'selectAbove'
  | 'keepLargest'
  | 'moveThreshold'
  | 'countBytes'
  | 'countEqual'
>;

/** Selections of the units that survive, by the bits of their values: exact, ties included. */
export function createSelections(_stage: Stage): Of {
  return {} as Of; // not yet
}
