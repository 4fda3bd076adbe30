// Matrix products in float64 again, with the fused multiply-add of relaxed SIMD; packing is the plain module's.
export { multiply } from './double/gemm';
export { tile as tile6x4 } from './double/tile';
