import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { type Inspection, InspectionCounter } from './inspection.ts';
import { type MeasureOptions, type Metrics, MetricsCounter } from './metrics.ts';
import { observe } from './observe.ts';

/** What `assess` found: each gives its result, or throws why there is none. */
export interface Assessment {
  readonly metrics: () => Metrics;
  readonly inspection: () => Inspection;
}

/** What `measure` and `inspect` give of x (m, d), to the same bits, in one pass over it; where one of them fails, the other is there. */
export async function assess(model: Autoencoder, given: MatrixLike, options: MeasureOptions = {}): Promise<Assessment> {
  const x = model.input(given, 'x');
  const [begun] = await Promise.allSettled([MetricsCounter.begin(model, x, options)]);
  const measuring = begun.status === 'fulfilled' ? [begun.value] : [];
  const inspecting = new InspectionCounter(model);
  try {
    const [inspected, measured] = await observe(model, x, [inspecting, ...measuring], options.group);
    return {
      metrics() {
        if (begun.status === 'rejected') throw begun.reason;
        measured();
        return begun.value.result();
      },
      inspection() {
        inspected();
        return inspecting.result();
      },
    };
  } finally {
    inspecting.dispose();
  }
}
