import type { LayerSpec } from '../model/spec.ts';
import type { Activity } from './responses.ts';

const OFF = 0.01;
const ON = 0.99;

/** The least and largest activation of each unit, and which units never or always fire. */
export class UnitRange {
  private readonly layer: Pick<LayerSpec, 'f' | 'choice'>;
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  constructor(layer: Pick<LayerSpec, 'f' | 'choice'>, units: number) {
    this.layer = layer;
    this.low = new Float64Array(units).fill(Number.POSITIVE_INFINITY);
    this.high = new Float64Array(units).fill(Number.NEGATIVE_INFINITY);
  }

  add({ a, examples, units }: Activity): void {
    const { low, high } = this;
    for (let k = 0, p = 0; k < examples; k++) {
      for (let j = 0; j < units; j++, p++) {
        low[j] = Math.min(low[j], a[p]);
        high[j] = Math.max(high[j], a[p]);
      }
    }
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
    this.low.forEach((low, j) => {
      if (holds(low, this.high[j])) found.push(j);
    });
    return found;
  }
}
