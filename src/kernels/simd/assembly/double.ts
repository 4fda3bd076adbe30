// What float64 models ask for most, in plain 128-bit SIMD, under the names that plain.ts has in float32.
export { activate, delta } from './double/activations';
export { addColumnSums } from './double/column-sums';
export { multiply } from './double/gemm';
export { crossEntropy, squaredError } from './double/losses';
export { adamStep, momentumStep } from './double/optimizer-steps';
export { pack4, pack5, pack6 } from './double/pack';
export { absoluteSum, weightDecay } from './double/penalties';
export { tile as tile5x4 } from './double/tile';
export {
  addOuter, addRowDots, addScaledRows, axpy, broadcastRow, copy, dot, fill, rowSquaredNorms, scale,
} from './double/vectors';
