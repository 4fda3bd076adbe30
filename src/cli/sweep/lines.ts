import { duration, short, table } from '../output.ts';
import { nameOf } from './pictures.ts';
import type { SweepPlan } from './plan.ts';
import { bestOf, type Combination, type Measure, type Row } from './rows.ts';

/** Lines of the table: of more settings the best are shown. */
const MOST_SHOWN = 30;

/** The sweep for a person: settings by their validation error, the best, and what failed. */
export function sweepLines(
  folder: string,
  plan: SweepPlan,
  rows: readonly Row[],
  combinations: readonly Combination[],
): string[] {
  const ranked = [...combinations].sort((a, b) => (a.validation ?? Infinity) - (b.validation ?? Infinity));
  const shown = ranked.slice(0, MOST_SHOWN);
  const best = bestOf(combinations);
  const failed = rows.filter(({ result }) => result.state === 'failed');
  const head = [...plan.vary.map(({ key }) => key), 'validation', 'explained', 'L0', 'dead', 'epochs', 'runs'];
  const lines = shown.map((one) => [
    ...one.values,
    one.validation === null ? '–' : errorText(one),
    mean(one, 'explainedVariance', (share) => `${short(100 * share, 3)}%`),
    mean(one, 'l0', (l0) => short(l0, 3)),
    mean(one, 'dead', (dead) => short(dead, 3)),
    mean(one, 'epochs', (epochs) => short(epochs, 4)),
    stateText(one),
  ]);
  const more = ranked.length - shown.length;
  return [
    folder,
    ...table([head, ...lines])
      .split('\n')
      .map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more settings: see sweep.csv`] : []),
    best === null
      ? 'best: none, as no setting has come to its end with every seed'
      : `best: ${plan.vary.length === 0 ? '' : `${nameOf(plan, best.values)}, `}validation error ${errorText(best)} of ${plan.heldOut} held-out examples${plan.heldOutChosen ? ', a tenth' : ''}`,
    ...failed.slice(0, 5).map(({ planned, result }) => `failed: ${planned.name}: ${result.says}`),
    ...(failed.length > 5 ? [`… and ${failed.length - 5} more failed: see sweep.csv`] : []),
  ];
}

/** "0.0123 ± 0.0004". */
function errorText({ validation, deviation }: Combination): string {
  return `${short(validation ?? Number.NaN)}${deviation === null ? '' : ` ± ${short(deviation, 2)}`}`;
}

/** Over the seeds that have such a number. */
function mean({ rows }: Combination, measure: Measure, text: (value: number) => string): string {
  const values = rows.map(({ result }) => result[measure]).filter((value) => value !== null);
  return values.length === 0 ? '–' : text(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** "3 of 3", and what became of the others. */
function stateText({ rows }: Combination): string {
  const ended = rows.filter(({ result }) => result.state === 'finished').length;
  const others = [...new Set(rows.map(({ result }) => result.state))].filter((state) => state !== 'finished');
  return `${ended} of ${rows.length}${others.length === 0 ? '' : `, ${others.join(', ')}`}`;
}

/** What is said of a run when it has ended. */
export function endedLine({ planned: { name }, result }: Row, n: number, of: number): string {
  const what =
    result.state === 'failed'
      ? `failed: ${result.says}`
      : result.validation === null
        ? result.state
        : `validation ${short(result.validation)}${result.seconds === null ? '' : ` in ${duration(result.seconds)}`}`;
  return `${n}/${of} ${name}: ${what}`;
}
