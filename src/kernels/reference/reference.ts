import { type Precision, toFlat, type View, zeros } from '../../array/matrix.ts';
import type { Kernels, Results } from '../kernels.ts';
import { activate, delta } from './activations.ts';
import { createColumnSums } from './column-sums.ts';
import { createGemm } from './gemm.ts';
import { crossEntropy, squaredError } from './losses.ts';
import { adamStep, momentumStep } from './optimizer-steps.ts';
import { klSparsity, l1Sparsity, weightDecay } from './penalties.ts';
import { axpy, broadcastRow, copy, dot, fill, gatherRows, scale, write } from './vectors.ts';

/** Result slots of the reference kernels are plain float64 numbers. */
function slots(results: Results): Float64Array {
  return results as Float64Array;
}

/** The oracle: plain TypeScript loops in either precision, every sum accumulated in float64. */
export function createReferenceKernels(precision: Precision): Kernels {
  return {
    name: 'reference',
    precision,
    allocate: (length) => zeros(length, precision),
    allocateResults: (length) => new Float64Array(length),
    write,
    copyOut: (view: View) => toFlat(view),
    clearResults: (results) => void slots(results).fill(0),
    read: (results) => slots(results).slice(),
    fill,
    copy,
    axpy,
    scale,
    dot: (results, slot, x, y) => dot(slots(results), slot, x, y),
    gemm: createGemm(),
    broadcastRow,
    addColumnSums: createColumnSums(),
    gatherRows,
    activate,
    delta,
    squaredError: (dXHat, results, slot, xHat, x) => squaredError(dXHat, slots(results), slot, xHat, x),
    crossEntropy: (d, results, slot, z, x) => crossEntropy(d, slots(results), slot, z, x),
    weightDecay: (dW, results, slot, w, lambda) => weightDecay(dW, slots(results), slot, w, lambda),
    klSparsity: (push, results, slot, rhoHat, kl) => klSparsity(push, slots(results), slot, rhoHat, kl),
    l1Sparsity: (dA, results, slot, a, gamma) => l1Sparsity(dA, slots(results), slot, a, gamma),
    momentumStep,
    adamStep,
  };
}
