// Everything in plain 128-bit SIMD: the same bits on every machine.
export { activate, exponential } from './activations';
export { countDigits, keepAbove } from './batch-selection';
export { convertBytes } from './bytes';
export { addColumnSums } from './column-sums';
export { contraction } from './contraction';
export { delta } from './delta';
export { multiplyColumns, multiplyRows, pack5, pack6, pack8, pack16 } from './gemm';
export { crossEntropy, squaredError } from './losses';
export { adamStep, momentumStep } from './optimizer-steps';
export { absoluteSum, weightDecay } from './penalties';
export { addScaledRows, broadcastRow, rowSquaredNorms } from './broadcast';
export { normalizeRows, projectRows } from './row-norms';
export { softmaxCrossEntropy } from './softmax';
export { axpy, blend, copy, dot, fill, scale } from './vectors';
export { addSparseRows, addSparseSums, gatherColumns } from './sparse';
export { sparseDots } from './sparse-dots';
export { addSparseOuter, listByFeature } from './sparse-outer';
export { selectLargest } from './select';
