import type { Annealed } from '../figures/curves.ts';
import { layerKindNamed } from '../layers/table.ts';
import { type FullConfig, sparsitiesOf } from '../model/config.ts';
import { optimizers } from '../optimizers/table.ts';
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
  const found = settling(model, fit?.optimizer).flatMap((share) => {
    const until = epochs * share;
    if (until < 1) return []; // over before the first entry, or in the one epoch that there is
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

/** The shares of a run over which k moves, of each layer that has a k; with an optimizer of the whole set it never does. */
export function settling(model: FullConfig, optimizer: { readonly kind: string } | undefined): number[] {
  const table: Readonly<Record<string, { readonly data: string } | undefined>> = optimizers;
  if (table[optimizer?.kind ?? '']?.data === 'whole') return [];
  return sparsitiesOf(model).map((spec) => layerKindNamed(spec.kind)?.settles?.(spec) ?? 0);
}

/** The step at which so many epochs have ended: between two entries in proportion, and beyond the last as those before it. */
function stepAt(history: readonly HistoryEntry[], epochs: number): number {
  const last = history[history.length - 1];
  const after = history.find(({ epoch }) => epoch >= epochs) ?? last;
  return Math.round((after.step * epochs) / after.epoch);
}
