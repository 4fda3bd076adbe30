import { trainingCurves } from '../../figures/curves.ts';
import type { HistoryPoint } from '../../figures/series.ts';
import type { MetricsLine } from '../metrics-line.ts';
import type { RunAccount } from '../run-account.ts';
import { chart } from './images.ts';
import { html, type Markup } from './markup.ts';

/** Epochs from which on the history is shown; of fewer the lines within them. */
const FEW = 3;

/** The cost and its terms over the run, and what else was measured beside. */
export function curves({ summary, lines }: RunAccount): Markup | null {
  const history = summary?.history ?? [];
  const points = history.length >= FEW || lines.length < history.length ? history : pointsOf(lines);
  if (points.length === 0) return null;
  return html`<section><h2>Training</h2>${chart('The cost and its terms over the steps of the run', (width) =>
    trainingCurves(points, { stepLabel: 'step', width }),
  )}</section>`;
}

/** Lines whose numbers are finite. */
function pointsOf(lines: readonly MetricsLine[]): HistoryPoint[] {
  return lines.flatMap(({ step, cost, terms, validation }) => {
    const numbers = [step, cost, ...Object.values(terms)];
    if (!numbers.every((value): value is number => Number.isFinite(value))) return [];
    const valid = typeof validation === 'number' && Number.isFinite(validation) ? { validation } : {};
    return [{ step, cost: cost as number, terms: terms as Record<string, number>, ...valid }];
  });
}
