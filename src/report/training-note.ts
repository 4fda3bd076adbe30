import { type FullConfig, sparsitiesOf } from '../model/config.ts';
import { optimizers } from '../optimizers/table.ts';
import type { HistoryEntry } from '../training/history.ts';
import { settling } from './annealed.ts';

/** What a run says of itself. */
interface Learnt {
  readonly metrics?: { readonly varianceUnexplained: number; readonly meanActivations: readonly number[] };
  readonly model: FullConfig;
  readonly history: readonly HistoryEntry[];
  readonly interrupted: boolean;
  /** What is known of the data: see `rangeNote`. */
  readonly dataNote?: string;
  readonly run: { readonly fit: { readonly optimizer?: { readonly kind: string } } };
  /** Why it ended early. */
  readonly converged?: string | null;
}

/** A cost that changes by less than this share over the last tenth of a run is level. */
const LEVEL = 0.01;
/** One that falls by more than this was ended too early. */
const FALLING = 0.03;
/** Entries of a history that say how it goes. */
const FEW = 5;

/**
 * A line for a run that shows by its own numbers that it learnt little, null for others: the reconstruction is hardly better than
 * the mean example, or ρ̂ is far above its target. Below it is no sign: corruption lowers the ρ̂ of clean examples. The
 * rest of the line is what was measured beside: data out of reach, a cost that still fell, or penalties that make up most of it.
 */
export function trainingNote(learnt: Learnt): string | null {
  const { metrics, model, history, interrupted } = learnt;
  if (interrupted || history.length === 0 || metrics === undefined) return null;
  const { varianceUnexplained, meanActivations } = metrics;
  const mean = meanActivations.reduce((sum, rho) => sum + rho, 0) / meanActivations.length;
  const kl = sparsitiesOf(model).find(({ kind, layer }) => kind === 'kl' && layer === model.hidden.length - 1);
  const signs = [
    varianceUnexplained > 0.8 && `${(100 * varianceUnexplained).toFixed(0)}% of the variance is unexplained`,
    kl?.kind === 'kl' &&
      mean > 2 * kl.target &&
      `the mean activation is ${mean.toPrecision(2)}, its target ${kl.target}`,
  ].filter(Boolean);
  if (signs.length === 0) return null;
  const beside = besides(learnt);
  return `${signs.join(', and ')}${beside === null ? '' : `: ${beside}`}`;
}

/** Of a run that learnt what it should: a line where its cost still fell at the end by much; null where it did not. */
export function stillFalls({ history, model, run, interrupted, converged }: Learnt): string | null {
  const span = interrupted || converged ? null : lastTenth(history, model, run.fit.optimizer);
  if (span === null || history.length < FEW) return null;
  const change = (span[1].cost - span[0].cost) / Math.abs(span[0].cost);
  if (!(change < -FALLING)) return null;
  const entries = stepsOf(run.fit.optimizer) ?? 'epochs';
  return `the cost still fell by ${percent(-change)} over the last ${span[1].epoch - span[0].epoch} of ${history.length} ${entries}, so more of them (--${entries}) lower it further`;
}

function besides({ dataNote, history, model, run, metrics, converged }: Learnt): string | null {
  if (dataNote !== undefined) return dataNote;
  if (converged) return `training ended early: ${converged}`;
  const span = lastTenth(history, model, run.fit.optimizer);
  if (span === null) return null;
  const [before, last] = [span[0].cost, span[1].cost];
  const change = (last - before) / Math.abs(before);
  const entries = stepsOf(run.fit.optimizer) ?? 'epochs';
  const flag = `--${entries}`;
  const where = `over the last ${span[1].epoch - span[0].epoch} of ${history.length} ${entries}`;
  if (change < -LEVEL) {
    return `the cost still fell by ${percent(-change)} ${where}, so more of them (${flag}) lower it further`;
  }
  if (change > LEVEL) return `the cost rose by ${percent(change)} ${where}`;
  const share = penaltyShare(span[1]);
  if (share <= 0.5 || !((metrics?.varianceUnexplained ?? 0) > 0.8)) return `the cost was level ${where}`;
  return `the cost was level ${where}, and penalties are ${percent(share)} of it: smaller weights of theirs leave more to the reconstruction`;
}

/** The entries between which the last tenth of a run lies; null where they cannot be compared, as while k is annealed. */
function lastTenth(
  history: readonly HistoryEntry[],
  model: FullConfig,
  optimizer: { readonly kind: string } | undefined,
): [HistoryEntry, HistoryEntry] | null {
  const n = history.length;
  const from = n - 1 - Math.max(1, Math.round(n / 10));
  return from < 0 || settling(model, optimizer).some((share) => from < n * share)
    ? null
    : [history[from], history[n - 1]];
}

function penaltyShare({ cost, terms }: HistoryEntry): number {
  return 1 - (terms.reconstruction ?? cost) / cost;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

/** What an optimizer of the whole set calls its steps; undefined for those of mini-batches. */
function stepsOf(optimizer: { readonly kind: string } | undefined): string | undefined {
  return (
    optimizer &&
    (optimizers as Readonly<Record<string, { readonly steps?: string } | undefined>>)[optimizer.kind]?.steps
  );
}
