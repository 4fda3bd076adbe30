/** Numbers in data that are one block: 256 MB in float32. MNIST has 47 million. */
export const ONE_BLOCK = 2 ** 26;
/** Numbers in a block of larger data: 64 MB in float32. */
const BLOCK = 2 ** 24;

/**
 * Rows of a block of (m, d) data, which are shuffled together: all m up to 2²⁶ numbers, else as many as have 2²⁴ numbers.
 * A function of the shape alone, so that data in memory and in files go through in the same order. Never change it:
 * results would.
 */
export function blockRows(m: number, d: number): number {
  return m * d <= ONE_BLOCK ? m : Math.max(1, Math.floor(BLOCK / d));
}
