import type { Kernels, Storage } from '../kernels.ts';
import { createActivations } from './activations.ts';
import type { Stage } from './call.ts';
import { createGated } from './gated.ts';
import { createJumpRelu } from './jump-relu.ts';
import { createLosses } from './losses.ts';
import { createOptimizerSteps } from './optimizer-steps.ts';
import { createPenalties } from './penalties.ts';
import { createProducts } from './products.ts';
import { createRowNorms } from './row-norms.ts';
import { createRows } from './rows.ts';
import { createSelections } from './selections.ts';
import { createSilence } from './silence.ts';
import { createSparse } from './sparse.ts';
import { createVectors } from './vectors.ts';

/** The kernels of the contract that a device runs: all but storage, results and what kernels are. */
export type Methods = Omit<
  Kernels,
  | keyof Storage
  | 'name'
  | 'precision'
  | 'threads'
  | 'note'
  | 'adapter'
  | 'losses'
  | 'allocateResults'
  | 'copyOut'
  | 'clearResults'
  | 'read'
  | 'keep'
  | 'screening'
>;

export function createMethods(stage: Stage): Methods {
  const vectors = createVectors(stage);
  return {
    ...vectors,
    ...createRows(stage, vectors.write),
    ...createProducts(stage),
    ...createSelections(stage),
    ...createSparse(stage),
    ...createSilence(stage),
    ...createActivations(stage),
    ...createLosses(stage),
    ...createPenalties(stage),
    ...createOptimizerSteps(stage),
    ...createJumpRelu(stage),
    ...createGated(stage),
    ...createRowNorms(stage),
  };
}
