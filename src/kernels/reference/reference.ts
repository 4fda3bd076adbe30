import { type Numbers, type Precision, toFlat, type View, zeros } from '../../array/matrix.ts';
import type { Kernels, Results } from '../kernels.ts';
import { createStorage } from '../storage.ts';
import { activate, delta } from './activations.ts';
import { createColumnSums } from './column-sums.ts';
import { contraction } from './contraction.ts';
import { createGemm } from './gemm.ts';
import { crossEntropy, softmaxCrossEntropy, squaredError } from './losses.ts';
import { adamStep, momentumStep } from './optimizer-steps.ts';
import { klSparsity, l1Sparsity, weightDecay, weightL1 } from './penalties.ts';
import { addSparseOuter, addSparseRows, addSparseSums, gatherColumns, selectLargest, sparseDots } from './sparse.ts';
import {
  addScaledRows,
  axpy,
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
export function createReferenceKernels(precision: Precision): Kernels {
  return {
    ...createStorage({
      numbers: (length) => zeros(length, precision),
      indices: (length) => new Uint32Array(length),
      free() {}, // the garbage collector's
    }),
    name: 'reference',
    precision,
    threads: 1,
    note: null,
    allocateResults: (length) => new Float64Array(length),
    write,
    copyOut: (view: View, out?: Numbers) => (out === undefined ? toFlat(view) : toFlat(view, out)),
    clearResults: (results) => void slots(results).fill(0),
    read: (results) => slots(results).slice(),
    fill,
    copy,
    axpy,
    scale,
    dot: (results, slot, x, y) => dot(slots(results), slot, x, y),
    gemm: createGemm(),
    broadcastRow,
    addScaledRows,
    rowSquaredNorms,
    addColumnSums: createColumnSums(),
    gatherRows,
    activate,
    delta,
    selectLargest,
    addSparseRows,
    sparseDots,
    gatherColumns,
    addSparseOuter,
    addSparseSums,
    squaredError: (d, results, slot, xHat, x, e) => squaredError(d, slots(results), slot, xHat, x, e),
    crossEntropy: (d, results, slot, z, x, e) => crossEntropy(d, slots(results), slot, z, x, e),
    softmaxCrossEntropy: (d, results, slot, z, y) => softmaxCrossEntropy(d, slots(results), slot, z, y),
    weightDecay: (dW, results, slot, w, lambda) => weightDecay(dW, slots(results), slot, w, lambda),
    weightL1: (dW, results, slot, w, gamma) => weightL1(dW, slots(results), slot, w, gamma),
    klSparsity: (push, results, slot, rhoHat, kl) => klSparsity(push, slots(results), slot, rhoHat, kl),
    l1Sparsity: (dA, results, slot, a, gamma) => l1Sparsity(dA, slots(results), slot, a, gamma),
    contraction: (dA, pull, results, slot, a, norms, f, kappa) =>
      contraction(dA, pull, slots(results), slot, a, norms, f, kappa),
    momentumStep,
    adamStep,
  };
}
