// Matrix products and functions of elements again, with the fused multiply-add of relaxed SIMD; packing is the plain module's.
export { multiply, multiplyWide } from './gemm';
export { tile6x8 } from './tile';
export { tile5x16 } from './wide-tile';
export { activate } from './activations';
export { crossEntropy } from './losses';
