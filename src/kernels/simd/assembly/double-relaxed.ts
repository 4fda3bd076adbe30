// Matrix products in float64 again, with the fused multiply-add of relaxed SIMD; packing is the plain module's.
export { multiplyColumns, multiplyRows, tile as tile6x4 } from './double/gemm';
