/** How many units fire how often. Σ counts + dead = h. */
export interface FiringDensity {
  /** Of log₁₀(share of examples in which a unit fires): multiples of ¼ up to 0, rising, one more than there are bins. */
  readonly edges: readonly number[];
  /** counts[i] units lie in [edges[i], edges[i + 1]); the last bin includes 0, the units that always fire. */
  readonly counts: readonly number[];
  /** Units that never fire: their logarithm is −∞, so they have a count of their own. */
  readonly dead: number;
}

const PER_DECADE = 4;
/** Keeps a share that equals a bin's start in that bin, whatever the logarithm's rounding. */
const ROUNDING = 1e-9;

/**
 * The histogram of log₁₀ of the shares (h), each in [0, 1], in bins of a quarter of a decade, from the one of the rarest unit
 * that fires up to 1. Bins are the same for every model, so that those of two can be compared.
 */
export function densityOf(firing: ArrayLike<number>): FiringDensity {
  const bins: number[] = [];
  let dead = 0;
  for (let j = 0; j < firing.length; j++) {
    if (firing[j] === 0) dead++;
    else bins.push(Math.min(-1, Math.floor(PER_DECADE * Math.log10(firing[j]) + ROUNDING)));
  }
  const first = bins.reduce((least, bin) => Math.min(least, bin), -1);
  const counts: number[] = new Array(-first).fill(0);
  for (const bin of bins) counts[bin - first]++;
  return { edges: Array.from({ length: counts.length + 1 }, (_, i) => (first + i) / PER_DECADE), counts, dead };
}
