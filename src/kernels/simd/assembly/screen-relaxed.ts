// The same with fused multiply-add, and by relaxed dot products of int8.
export { screenAbove16, screenAbove8 } from './screening/above';
export { screenLargest16, screenLargest8 } from './screening/largest';
export { tile6x8 as tile8Int8 } from './screening/narrow-tile';
