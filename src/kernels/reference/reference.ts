import { type Numbers, type Precision, toFlat, zeros } from '../../array/matrix.ts';
import type { View } from '../cpu-view.ts';
import type { CpuKernels, Results } from '../kernels.ts';
import { createStorage } from '../storage.ts';
import { activate, delta } from './activations.ts';
import {
  countBelow,
  countBytes,
  countEqual,
  keepLargest,
  moveThreshold,
  selectAbove,
  selectLargestOfAll,
} from './batch-selection.ts';
import { createColumnSums } from './column-sums.ts';
import { contraction, jacobianSquares } from './contraction.ts';
import { gatedActivation, gatedDelta, maskPositive } from './gated.ts';
import { createGemm } from './gemm.ts';
import {
  countOn,
  jumpRelu,
  jumpReluDelta,
  l0Delta,
  l0Penalty,
  preActivationLoss,
  thresholdDelta,
  thresholds,
} from './jump-relu.ts';
import { crossEntropy, softmax, softmaxCrossEntropy, squaredError } from './losses.ts';
import { adamStep, momentumStep } from './optimizer-steps.ts';
import { klSparsity, l1Sparsity, weightDecay, weightL1 } from './penalties.ts';
import { normalizeRows, normWeightedL1, projectRows, scaleColumns, tanhPenalty } from './row-norms.ts';
import {
  advanceSilence,
  auxiliaryScale,
  countActive,
  countActivePairs,
  createSelectSilent,
  residualMoments,
  scaledSquaredError,
  silentScale,
} from './silence.ts';
import { addSparseOuter, addSparseRows, addSparseSums, gatherColumns, selectLargest, sparseDots } from './sparse.ts';
import {
  addOuter,
  addProducts,
  addRowDots,
  addScaledRows,
  axpy,
  blend,
  broadcastRow,
  copy,
  dot,
  fill,
  gatherRows,
  rowSquaredNorms,
  scale,
  write,
} from './vectors.ts';

/** Result slots of the reference kernels are plain float64 numbers. */
function slots(results: Results): Float64Array {
  return results as Float64Array;
}

/** The oracle: plain TypeScript loops in either precision, sums accumulated in float64 but for sparse adds. */
export function createReferenceKernels(precision: Precision): CpuKernels {
  const columnSums: Pick<CpuKernels, 'addWeightedRows' | 'addColumnSums'> = createColumnSums();
  return {
    ...createStorage({
      numbers: (length) => zeros(length, precision),
      doubles: (length) => new Float64Array(length),
      indices: (length) => new Uint32Array(length),
      free() {}, // the garbage collector's
    }),
    name: 'reference',
    precision,
    threads: 1,
    note: null,
    allocateResults: (length) => new Float64Array(length),
    write,
    copyNow: (view: View, out: Numbers) => void toFlat(view, out),
    copyOut: async (view: View, out?: Numbers) => (out === undefined ? toFlat(view) : toFlat(view, out)),
    clearResults: (results) => void slots(results).fill(0),
    read: async (results) => slots(results).slice(),
    fill,
    copy,
    axpy,
    scale,
    blend,
    addProducts,
    dot,
    gemm: createGemm(),
    broadcastRow,
    addScaledRows,
    rowSquaredNorms,
    addOuter,
    addRowDots,
    ...columnSums,
    gatherRows,
    activate,
    delta,
    softmax,
    jacobianSquares,
    selectLargest,
    addSparseRows,
    sparseDots,
    gatherColumns,
    addSparseOuter,
    addSparseSums,
    squaredError,
    crossEntropy,
    softmaxCrossEntropy,
    weightDecay,
    weightL1,
    klSparsity,
    l1Sparsity,
    contraction,
    momentumStep,
    adamStep,
    countBelow,
    selectLargestOfAll,
    selectAbove,
    keepLargest,
    moveThreshold,
    countBytes,
    countEqual,
    countActive,
    countActivePairs,
    advanceSilence,
    selectSilent: createSelectSilent(selectLargest),
    residualMoments,
    auxiliaryScale,
    silentScale,
    scaledSquaredError,
    thresholds,
    jumpRelu,
    jumpReluDelta,
    countOn,
    l0Penalty,
    l0Delta,
    thresholdDelta,
    preActivationLoss,
    gatedActivation,
    gatedDelta,
    maskPositive,
    scaleColumns,
    normWeightedL1,
    tanhPenalty,
    projectRows,
    normalizeRows,
  };
}
