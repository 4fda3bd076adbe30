// Everything in plain 128-bit SIMD: the same bits on every machine.
export { activateRelu, activateSigmoid, activateSoftplus, activateTanh, exponential } from './activations';
export { deltaLinear, deltaRelu, deltaSigmoid, deltaSoftplus, deltaTanh } from './delta';
export { multiplyColumns, multiplyRows, packPanels } from './gemm';
export { axpy, copy, dot, fill, scale } from './vectors';
