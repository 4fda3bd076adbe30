import { cell } from '../csv-text.ts';
import type { PlannedRun, SweepPlan } from './plan.ts';
import { nothing, type RunResult } from './run-result.ts';

/** A run of a sweep and what came of it. */
export interface Row {
  readonly planned: PlannedRun;
  readonly result: RunResult;
}

/** The runs with the same settings, one for each seed. */
export interface Combination {
  /** Of the varied keys, in their order. */
  readonly values: readonly string[];
  readonly rows: readonly Row[];
  /** Mean over the seeds; null unless every one has finished with an error that is a number. */
  readonly validation: number | null;
  /** Standard deviation over the seeds, n − 1; null of fewer than two. */
  readonly deviation: number | null;
}

/** What came out that is a number, by the name that tables have for it. */
export const MEASURES = {
  validation: 'validation',
  cost: 'cost',
  explainedVariance: 'explained variance',
  l0: 'L0',
  dead: 'dead',
  units: 'units',
  epochs: 'epochs',
  steps: 'steps',
  seconds: 'seconds',
} as const satisfies Partial<Record<keyof RunResult, string>>;

/** A name of a measure. */
export type Measure = keyof typeof MEASURES;
/** All of them, in the order of tables. */
export const measures = Object.keys(MEASURES) as Measure[];

/** Every run of the plan, in its order. */
export function rowsOf(plan: SweepPlan, results: ReadonlyMap<string, RunResult>): Row[] {
  return plan.runs.map((planned) => ({ planned, result: results.get(planned.name) ?? nothing }));
}

/** The rows by their settings, in the plan's order. */
export function combinationsOf(rows: readonly Row[]): Combination[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.planned.values);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((own) => {
    const errors = own.map(({ result }) => (result.state === 'finished' ? result.validation : null));
    const numbers = errors.filter((error) => error !== null);
    const mean = numbers.reduce((sum, error) => sum + error, 0) / numbers.length;
    const squares = numbers.reduce((sum, error) => sum + (error - mean) ** 2, 0);
    const whole = numbers.length === own.length;
    return {
      values: own[0].planned.values,
      rows: own,
      validation: whole ? mean : null,
      deviation: whole && numbers.length > 1 ? Math.sqrt(squares / (numbers.length - 1)) : null,
    };
  });
}

/** The combination of the least mean error; null where none has come to its end with every seed. */
export function bestOf(combinations: readonly Combination[]): Combination | null {
  return combinations.reduce<Combination | null>(
    (best, one) => (one.validation !== null && one.validation < (best?.validation ?? Infinity) ? one : best),
    null,
  );
}

/** sweep.csv: a line a run, in the plan's order; numbers in full. */
export function csvOf(plan: SweepPlan, rows: readonly Row[]): string {
  const head = ['run', ...plan.vary.map(({ key }) => key), 'seed', 'state', ...measures, 'message'];
  const lines = rows.map(({ planned, result }) => [
    planned.name,
    ...planned.values,
    planned.seed,
    result.state,
    ...measures.map((measure) => result[measure] ?? ''),
    result.says ?? '',
  ]);
  return [head, ...lines].map((line) => `${line.map(cell).join(',')}\n`).join('');
}

/** What --json prints: all of the sweep as one document. */
export function jsonOf(folder: string, plan: SweepPlan, rows: readonly Row[]): object {
  const combinations = combinationsOf(rows);
  return {
    folder,
    rhohat: plan.rhohat,
    vary: plan.vary,
    seeds: plan.seeds,
    heldOut: plan.heldOut,
    heldOutChosen: plan.heldOutChosen,
    best: bestJson(plan, combinations),
    combinations: combinations.map((one) => ({
      settings: settingsOf(plan, one.values),
      validation: one.validation,
      deviation: one.deviation,
      runs: one.rows.map(({ planned }) => planned.name),
    })),
    runs: rows.map(({ planned, result }) => ({
      name: planned.name,
      settings: settingsOf(plan, planned.values),
      seed: planned.seed,
      state: result.state,
      ...Object.fromEntries(measures.map((measure) => [measure, result[measure]])),
      message: result.says,
    })),
  };
}

/** best.json: the settings of the least mean validation error, and how to train with them. */
export function bestJson(plan: SweepPlan, combinations: readonly Combination[]): object | null {
  const best = bestOf(combinations);
  if (best === null) return null;
  return {
    by: `mean reconstruction error of ${plan.heldOut} held-out examples`,
    settings: settingsOf(plan, best.values),
    validation: best.validation,
    deviation: best.deviation,
    seeds: plan.seeds,
    runs: best.rows.map(({ planned }) => planned.name),
    run: best.rows[0].planned.run,
  };
}

function settingsOf({ vary }: SweepPlan, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(vary.map(({ key }, i) => [key, values[i]]));
}
