import type { Summary } from './run-summary.ts';

/** What a run came to, as text by name, for tables; what was not measured is left out. Summaries may be of any release. */
export function resultsOf({ last, metrics, inspection, seconds, kept }: Partial<Summary>): Record<string, string> {
  const l0 = (metrics as { l0?: number } | undefined)?.l0 ?? inspection?.l0;
  const found: Readonly<Record<string, number | undefined>> = {
    cost: last?.cost,
    'validation error': last?.validation,
    'explained variance':
      metrics === undefined ? undefined : (metrics.explainedVariance ?? 1 - metrics.varianceUnexplained),
    'squared error': metrics?.squaredError,
    L0: l0,
    'dead units': metrics?.deadUnits?.length,
    steps: last?.step,
    'best epoch': kept,
    'seconds of training': seconds,
  };
  const known = Object.entries(found).filter(([, value]) => typeof value === 'number' && Number.isFinite(value));
  return Object.fromEntries(known.map(([name, value]) => [name, String(Number((value as number).toPrecision(5)))]));
}
