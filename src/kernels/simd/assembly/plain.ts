// Everything in plain 128-bit SIMD: the same bits on every machine.
export { multiplyColumns, multiplyRows, packPanels } from './gemm';
export { axpy, copy, dot, fill, scale } from './vectors';
export { addSparseRows, addSparseSums, gatherColumns } from './sparse';
export { sparseDots } from './sparse-dots';
export { addSparseOuter, listByFeature } from './sparse-outer';
export { selectLargest } from './select';
