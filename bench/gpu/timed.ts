import { median, quantile } from '../../src/array/quantile.ts';
import type { Timing } from '../harness/measure.ts';

/** Calls of one sample of PyTorch: REPEAT of peers/python/pytorch_cuda.py. */
export const REPEAT = 10;

/** Quartiles of milliseconds. */
export function timing(name: string, samples: readonly number[]): Timing {
  const sorted = [...samples].sort((x, y) => x - y);
  return {
    name,
    median: median(sorted),
    least: sorted[0],
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    samples: sorted.length,
  };
}
