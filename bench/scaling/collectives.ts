import type { Link } from './networks.ts';

/** A link, and what it costs to add what has arrived: γ, seconds a byte. */
export interface Wire extends Pick<Link, 'latency' | 'bandwidth'> {
  readonly adding: number;
}

/** ⌊log₂ p⌋. */
function floorLog2(p: number): number {
  return 31 - Math.clz32(p);
}

/**
 * Seconds until n bytes of every one of p processes are their sum on all of them, by the better of
 *
 * - recursive doubling: ⌈log₂ p⌉ (α + nβ + nγ);
 * - a reduce-scatter by recursive halving and an allgather, Rabenseifner's: 2 log₂ p · α + 2 (p−1)/p · nβ + (p−1)/p · nγ; where
 *   p is no power of two the processes beyond it give theirs away first and get the sum last: 2α + 2nβ + nγ;
 * - a ring: 2 (p−1) α + 2 (p−1)/p · nβ + (p−1)/p · nγ.
 *
 * [Thakur, Rabenseifner & Gropp, Int. J. High Performance Computing Applications 19 (2005), §4.5; Patarasuk & Yuan, J. Parallel
 * and Distributed Computing 69 (2009)]
 */
export function allreduce(p: number, n: number, { latency: alpha, bandwidth, adding }: Wire): number {
  if (p === 1) return 0;
  const [beta, gamma, rounds] = [1 / bandwidth, adding, floorLog2(p)];
  const q = 2 ** rounds;
  const share = (count: number) => ((count - 1) / count) * n;
  const beyond = p === q ? 0 : 2 * alpha + n * (2 * beta + gamma);
  const doubling = Math.ceil(Math.log2(p)) * (alpha + n * (beta + gamma));
  const halving = beyond + 2 * rounds * alpha + share(q) * (2 * beta + gamma);
  const ring = 2 * (p - 1) * alpha + share(p) * (2 * beta + gamma);
  return Math.min(doubling, halving, ring);
}

/** Seconds until n bytes of every one of p processes are on all of them: ⌈log₂ p⌉ α + (p−1) nβ. [Thakur et al. 2005, §4.1] */
export function allgather(p: number, n: number, { latency, bandwidth }: Wire): number {
  return Math.ceil(Math.log2(p)) * latency + ((p - 1) * n) / bandwidth;
}
