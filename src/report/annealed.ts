import type { Annealed } from '../figures/curves.ts';
import { layerKindNamed } from '../layers/table.ts';
import { type FullConfig, sparsitiesOf } from '../model/config.ts';
import type { HistoryEntry } from '../training/history.ts';
import type { Run } from '../training/run.ts';

/** What changes at the beginning of a run, such as k, so that its costs do not compare with later ones; null where nothing does. */
export function annealedIn(
  model: FullConfig,
  fit: Run['fit'] | undefined,
  history: readonly HistoryEntry[],
): Annealed | null {
  const last = history[history.length - 1];
  if (last === undefined) return null;
  const epochs = fit?.epochs ?? last.epoch;
  const found = sparsitiesOf(model).flatMap((spec) => {
    const until = epochs * (layerKindNamed(spec.kind)?.settles?.(spec) ?? 0);
    if (until <= 1) return [];
    return [{ until: stepAt(history, until), says: `k is annealed until epoch ${Math.ceil(until)}` }];
  });
  const warmup = fit?.penaltyWarmup ?? 0;
  if (warmup > 1) found.push({ until: warmup, says: `penalties rise until step ${warmup}` });
  if (found.length === 0) return null;
  return {
    until: Math.max(...found.map(({ until }) => until)),
    says: found.map(({ says }) => says).join(', '),
  };
}

/** The step at which so many epochs have ended: between two entries in proportion, and beyond the last as those before it. */
function stepAt(history: readonly HistoryEntry[], epochs: number): number {
  const last = history[history.length - 1];
  const after = history.find(({ epoch }) => epoch >= epochs) ?? last;
  return Math.round((after.step * epochs) / after.epoch);
}
