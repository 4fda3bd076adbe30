// Products screened in whole numbers: pairs of int16, which every engine with SIMD multiplies.
export { screenAbove16 } from './screening/above';
export { screenLargest16 } from './screening/largest';
export { quantizeRows16, quantizeRows8, quantizeUnits16, quantizeUnits7 } from './screening/quantize';
