import { find } from '../components/find.ts';
import { Histogram } from '../components/histogram.ts';
import type { Seen } from './read-snapshot.ts';
import { count } from './words.ts';

/** How many units are used how much: log₁₀ of how often, or ρ̂ with its target. */
export class DensityView {
  private readonly part = find('density-part', HTMLElement);
  private readonly about = find('about-density', HTMLElement);
  private histogram: Histogram | null = null;
  private seen: Seen | null = null;

  draw(seen: Seen | null): void {
    if (seen === this.seen) return;
    this.seen = seen;
    this.part.hidden = seen === null || seen.uses.counts.length === 0;
    if (seen === null || this.part.hidden) return;
    const { uses, useIs, target, looked, units } = seen;
    const isMean = useIs === 'mean';
    const many = `${count(uses.dead)} of ${count(units)} units dead`;
    this.about.textContent = isMean
      ? `Mean activation ρ̂ of the units: ${many}`
      : `How often units are on: ${many} on ${count(looked)} examples`;
    // A chart needs the width of a host that is seen.
    this.histogram ??= new Histogram(find('density', HTMLElement), 180);
    this.histogram.draw({
      ...uses,
      label: isMean ? 'ρ̂ of a unit' : 'share of the examples that turn a unit on, log scale',
      mark: isMean && target !== null ? { at: target, says: `ρ = ${target}` } : null,
      ...(isMean ? {} : { ticks: powerOfTen }),
    });
  }
}

/** 10ˣ of whole x. */
function powerOfTen(x: number): string {
  if (Math.abs(x - Math.round(x)) > 1e-6) return '';
  return x >= -4 ? `${Number((10 ** x).toPrecision(1))}` : `1e${Math.round(x)}`;
}
