import type { LayerSpec } from '../model/spec.ts';
import type { Activity } from './activity.ts';
import { CHUNK } from './row-chunks.ts';

/** ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), (a + 1)/2 for tanh. Sums are taken over 256 examples each, however many come at a time. */
export class MeanActivations {
  private readonly mean: Float64Array;
  private readonly sums: Float64Array;
  private readonly m: number;
  private readonly rate: { readonly scale: number; readonly shift: number };
  private added = 0;

  /** Of m examples. */
  constructor({ f }: Pick<LayerSpec, 'f'>, units: number, m: number) {
    this.mean = new Float64Array(units);
    this.sums = new Float64Array(units);
    this.m = m;
    this.rate = f.rate ?? { scale: 1, shift: 0 };
  }

  add({ a, examples, units, on, ends }: Activity): void {
    const { sums } = this;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      for (const end = ends[k]; t < end; t++) sums[on[t] - begin] += a[on[t]];
      if (++this.added === CHUNK) this.flush();
    }
  }

  result(): Float64Array {
    if (this.added > 0) this.flush();
    return this.mean;
  }

  private flush(): void {
    const { mean, sums, m, added } = this;
    const { scale, shift } = this.rate;
    for (let j = 0; j < mean.length; j++) mean[j] += (scale * sums[j] + shift * added) / m;
    sums.fill(0);
    this.added = 0;
  }
}
