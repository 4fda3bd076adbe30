import type { ImageShape } from '../data/examples.ts';
import type { FullConfig } from '../model/config.ts';
import type { HistoryEntry } from '../training/fit.ts';
import type { Metrics } from '../training/metrics.ts';
import type { Run } from '../training/run.ts';
import { duration, short } from './output.ts';

export const SUMMARY_FILE = 'summary.json';

/** summary.json: what was asked, what ran, what came out. */
export interface Summary {
  readonly rhohat: string;
  readonly node: string;
  readonly kernels: string;
  readonly run: Run;
  readonly model: FullConfig;
  readonly parameters: number;
  readonly examples: number;
  readonly image?: ImageShape;
  /** Ctrl-C ended training early; the model holds what was learnt until then. */
  readonly interrupted: boolean;
  readonly seconds?: number;
  /** Why training ended before its last step; null if it did not. */
  readonly converged?: string | null;
  /** The last entry of the history. */
  readonly last?: HistoryEntry;
  readonly metrics: Omit<Metrics, 'meanActivations'> & { readonly meanActivations: number[] };
  readonly history: readonly HistoryEntry[];
}

/** The metrics as JSON holds them. */
export function summaryMetrics(metrics: Metrics): Summary['metrics'] {
  return { ...metrics, meanActivations: Array.from(metrics.meanActivations) };
}

/** The summary for a person. */
export function summaryLines(summary: Summary, path: string): string[] {
  const { model, metrics, last } = summary;
  const layers = [model.inputs, ...model.hidden, ...[...model.hidden].reverse().slice(1), model.inputs].join('-');
  const terms = Object.entries(last?.terms ?? {}).filter(([, value]) => value !== 0);
  const rho = metrics.meanActivations;
  const { sparsity } = model;
  return [
    `${path}`,
    `  model           ${layers}, ${model.activation}/${model.output}, ${model.loss}${model.tied ? ', tied' : ''}, ${model.precision}, seed ${model.seed}`,
    `  examples        ${summary.examples.toLocaleString('en-US')} from ${summary.run.source}`,
    ...(last === undefined
      ? []
      : [
          `  cost            ${short(last.cost, 6)} after ${last.step} steps${summary.seconds === undefined ? '' : ` in ${duration(summary.seconds)}`}`,
          `                  ${terms.map(([name, value]) => `${TERM_NAMES[name] ?? name} ${short(value)}`).join(', ')}`,
        ]),
    ...(last?.validation === undefined ? [] : [`  validation      ${short(last.validation)} reconstruction error`]),
    `  unexplained     ${short(100 * metrics.varianceUnexplained, 3)}% of the variance`,
    `  mean activation ${short(Math.min(...rho), 3)} to ${short(Math.max(...rho), 3)}${sparsity?.kind === 'kl' ? `, target ${sparsity.target}` : ''}; ${metrics.deadUnits.length} dead, ${metrics.saturatedUnits.length} saturated of ${rho.length} units`,
    ...(summary.converged ? [`  stopped early   ${summary.converged}`] : []),
    ...(summary.interrupted ? ['  interrupted     the model holds what was learnt until then'] : []),
  ];
}

const TERM_NAMES: Readonly<Record<string, string>> = { weightDecay: 'weight decay' };
