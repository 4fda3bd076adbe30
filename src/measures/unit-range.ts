import type { LayerSpec } from '../model/spec.ts';
import type { Activity } from './activity.ts';

const OFF = 0.01;
const ON = 0.99;

/** The least and largest activation of each unit, and which units never or always fire. */
export class UnitRange {
  private readonly layer: Pick<LayerSpec, 'f' | 'choice'>;
  /** `moved`: examples on which a ≠ 0; low and high are of those alone. */
  readonly tally: { low: Float64Array; high: Float64Array; moved: Float64Array; examples: number };

  constructor(layer: Pick<LayerSpec, 'f' | 'choice'>, units: number) {
    this.layer = layer;
    const filled = (value: number) => new Float64Array(units).fill(value);
    const [low, high] = [filled(Number.POSITIVE_INFINITY), filled(Number.NEGATIVE_INFINITY)];
    this.tally = { low, high, moved: filled(0), examples: 0 };
  }

  add({ a, examples, units, on, ends }: Activity): void {
    const { low, high, moved } = this.tally;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      for (const end = ends[k]; t < end; t++) {
        const value = a[on[t]];
        const j = on[t] - begin;
        if (value < low[j]) low[j] = value;
        if (value > high[j]) high[j] = value;
        moved[j]++;
      }
    }
    this.tally.examples += examples;
  }

  /** Units that no example moves: rate at most 0.01 everywhere (sigmoid, tanh); 0 everywhere (others, k-sparse ones). */
  dead(): number[] {
    const { rate } = this.layer.f;
    if (rate === null || this.layer.choice.kind.selects) return this.where((low, high) => low === 0 && high === 0);
    return this.where((_, high) => rate.scale * high + rate.shift <= OFF);
  }

  /** Units that are always on: rate at least 0.99 everywhere. Only sigmoid and tanh units can be. */
  saturated(): number[] {
    const { rate } = this.layer.f;
    return rate === null ? [] : this.where((low) => rate.scale * low + rate.shift >= ON);
  }

  private where(holds: (low: number, high: number) => boolean): number[] {
    const found: number[] = [];
    const { low, high, moved, examples } = this.tally;
    low.forEach((least, j) => {
      const isOff = moved[j] < examples; // on some example
      if (holds(isOff ? Math.min(least, 0) : least, isOff ? Math.max(high[j], 0) : high[j])) found.push(j);
    });
    return found;
  }
}
