import { quantile } from '../array/quantile.ts';
import { InputError } from '../errors.ts';

/** How the threshold of anomaly scores is set. */
export type Rule =
  | {
      readonly kind: 'quantile' /** q in (0, 1): scores above that of the q-quantile are flagged. */;
      readonly q: number;
    }
  | {
      readonly kind: 'share' /** In (0, 1): so many of the highest are flagged, as where a share is known to be odd. */;
      readonly share: number;
    };

/** A threshold, and what it flags. */
export interface Flagged {
  readonly rule: Rule;
  /** Scores at or above it are flagged. */
  readonly threshold: number;
  /** Of each example. */
  readonly is: (score: number) => boolean;
  readonly count: number;
}

/** @throws InputError naming the flag where q or the share is not in (0, 1). */
export function flag(scores: ArrayLike<number>, rule: Rule): Flagged {
  const given = rule.kind === 'quantile' ? rule.q : rule.share;
  if (!(given > 0 && given < 1)) {
    throw new InputError(
      `--${rule.kind} is ${given}: it must be above 0 and below 1, such as ${rule.kind === 'quantile' ? 0.99 : 0.01}`,
    );
  }
  const sorted = Float64Array.from(scores).sort();
  const m = sorted.length;
  if (rule.kind === 'quantile') {
    const threshold = quantile(sorted, rule.q);
    const is = (score: number) => score > threshold;
    return { rule, threshold, is, count: sorted.filter(is).length };
  }
  const threshold = sorted[m - Math.max(1, Math.round(rule.share * m))];
  const is = (score: number) => score >= threshold;
  return { rule, threshold, is, count: sorted.filter(is).length };
}

/** In words: what was asked, and what came of it. */
export function flaggedText({ rule, threshold, count }: Flagged, m: number): string {
  const cut = Number(threshold.toPrecision(4));
  if (rule.kind === 'quantile') {
    return `${count} of ${m} examples have a score above ${cut}, the ${rule.q} quantile of these scores`;
  }
  const wanted = Math.max(1, Math.round(rule.share * m));
  const ties = count > wanted ? `, ${count - wanted} more than asked for, as their scores are equal` : '';
  return `${count} of ${m} examples have a score of ${cut} or more: a share of ${rule.share}${ties}`;
}
