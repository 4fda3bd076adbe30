import type { LayerSpec } from '../model/spec.ts';
import type { Activity } from './activity.ts';
import { CHUNK } from './row-chunks.ts';

/** ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), (a + 1)/2 for tanh. Sums are taken over 256 examples each, however many come at a time. */
export class MeanActivations {
  /** `sums` are of the last examples, `added` of them, which `mean` does not know yet. */
  readonly tally: { readonly mean: Float64Array; readonly sums: Float64Array; added: number };
  private readonly m: number;
  private readonly rate: { readonly scale: number; readonly shift: number };

  /** Of m examples. */
  constructor({ f }: Pick<LayerSpec, 'f'>, units: number, m: number) {
    this.tally = { mean: new Float64Array(units), sums: new Float64Array(units), added: 0 };
    this.m = m;
    this.rate = f.rate ?? { scale: 1, shift: 0 };
  }

  add({ a, examples, units, on, ends }: Activity): void {
    const { tally } = this;
    const { sums } = tally;
    for (let k = 0, t = 0, begin = 0; k < examples; k++, begin += units) {
      for (const end = ends[k]; t < end; t++) sums[on[t] - begin] += a[on[t]];
      if (++tally.added === CHUNK) this.flush();
    }
  }

  result(): Float64Array {
    if (this.tally.added > 0) this.flush();
    return this.tally.mean;
  }

  private flush(): void {
    const { tally, m } = this;
    const { mean, sums, added } = tally;
    const { scale, shift } = this.rate;
    for (let j = 0; j < mean.length; j++) mean[j] += (scale * sums[j] + shift * added) / m;
    sums.fill(0);
    tally.added = 0;
  }
}
