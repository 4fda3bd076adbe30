/** 2⁻²⁴: what one rounding takes off a float32, as a share of it. */
const U = 2 ** -24;

/**
 * Slacks by which bounds hold against every rounding: of the norms that are computed for them (d/8 + 5 roundings of a lane), of
 * the float path (a chain of `height` products and sums, then one sum a block, each at most U·Σ|x_l w_l| ≤ U‖x‖‖w‖), and of what
 * is added to it. The few dozen more are the bounds' own arithmetic; 1.01 is for what is of second order.
 */
export function rounding(d: number, height: number, blocks: number) {
  return {
    normSlack: 1.01 * U * (d / 8 + 24),
    productSlack: 1.01 * U * (height + blocks + 64),
    biasSlack: 1.01 * U * (blocks + 64),
  };
}

/** What ‖q‖ of int16 may be, so that no partial sum of products of two leaves int32: rounding adds at most √d/2. */
export function longestRow(d: number): number {
  return 46_335 - Math.sqrt(d) / 2;
}

/** Up to what depth no sum of products of int8, at most 127, and seven bits, at most 63, leaves int32. */
export const DEEPEST_INT8 = Math.floor((2 ** 31 - 1) / (127 * 63));
