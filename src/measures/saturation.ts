import type { Activity } from './activity.ts';
import type { Response } from './responses.ts';

/** Shares of all (example, unit) pairs, in [0, 1]. */
export interface Saturation {
  /** Rates below 0.05. */
  readonly low: number;
  /** Rates above 0.95. */
  readonly high: number;
  /** low + high: Rifai's SAT. */
  readonly share: number;
}

const LOW = 0.05;
const HIGH = 0.95;

/**
 * Counts how many rates, a of sigmoid and (a + 1)/2 of tanh units, lie where f is flat. Units without a rate cannot
 * saturate, and k-sparse ones are switched off by selection: their result is null.
 * [Rifai et al., ICML 2011, Table 1, "SAT"]
 */
export class SaturationCounter {
  private readonly rate: Response['rate'];
  readonly tally = { low: 0, high: 0, all: 0 };

  constructor({ rate }: Response) {
    this.rate = rate;
  }

  add({ a }: Activity): void {
    if (this.rate === null) return;
    const { scale, shift } = this.rate;
    const { tally } = this;
    for (const activation of a) {
      const rate = scale * activation + shift;
      if (rate < LOW) tally.low++;
      else if (rate > HIGH) tally.high++;
    }
    tally.all += a.length;
  }

  result(): Saturation | null {
    const { low, high, all } = this.tally;
    return all === 0 ? null : { low: low / all, high: high / all, share: (low + high) / all };
  }
}
