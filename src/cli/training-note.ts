import { type FullConfig, sparsitiesOf } from '../model/config.ts';
import type { HistoryEntry } from '../training/train.ts';

/** What a run says of itself. */
interface Learnt {
  readonly metrics?: { readonly varianceUnexplained: number; readonly meanActivations: readonly number[] };
  readonly model: FullConfig;
  readonly last?: HistoryEntry;
  readonly interrupted: boolean;
  readonly run: { readonly fit: { readonly optimizer?: { readonly kind: string } } };
}

/**
 * A line for a run that shows by its own numbers that it learnt little, null for others: the reconstruction is hardly better than
 * the mean example, or ρ̂ is far above its target. Below it is no sign: corruption lowers the ρ̂ of clean examples.
 */
export function trainingNote({ metrics, model, last, interrupted, run }: Learnt): string | null {
  if (interrupted || last === undefined || metrics === undefined) return null;
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
  const steps = `${last.step} ${last.step === 1 ? 'step' : 'steps'}`;
  const remedy =
    run.fit.optimizer?.kind === 'lbfgs'
      ? 'try more (--iterations), other units (--hidden) or a smaller penalty'
      : 'try more (--epochs), or --optimizer lbfgs for small data';
  return `${signs.join(', and ')}: ${steps} may be too few; ${remedy}`;
}
