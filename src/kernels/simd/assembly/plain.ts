// Everything in plain 128-bit SIMD: the same bits on every machine.
export { multiplyColumns, multiplyRows, packPanels } from './gemm';
export { axpy, copy, dot, fill, scale } from './vectors';
