import { duration } from './format.ts';
import type { Table } from './row.ts';

/** One setting that was tried on the validation images: never on those that a row is judged by. */
export interface Trial {
  /** What differs from the first trial. */
  readonly what: string;
  /** What was chosen by, smaller being better. */
  readonly validation: number;
  /** What else was measured, in words. */
  readonly beside?: string;
  readonly seconds: number;
}

/** docs/results/<name>.search.json: what `npm run reproduce -- <name> --search` found. */
export interface Searched {
  /** What `validation` is, and of what seed. */
  readonly measure: string;
  readonly trials: readonly Trial[];
  readonly command: string;
  readonly machine: string;
  readonly date: string;
}

/** Trials one after the other. */
export async function tryAll<Settings>(
  settings: readonly Settings[],
  trialOf: (settings: Settings) => Promise<Trial>,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const one of settings) trials.push(await trialOf(one));
  return trials;
}

/** What made the difference: trials that differ in one thing, in the order that they were made in. */
export function ablationTable(
  trials: readonly Trial[],
  {
    of,
    measure,
    unit,
    note,
  }: { readonly of: string; readonly measure: string; readonly unit: string; readonly note: string },
): Table {
  return {
    head: [of, measure],
    rows: trials.map(({ what, validation }) => [what, `${validation.toFixed(2)}${unit}`]),
    note,
  };
}

/** Trials in the order of what they gave, the best first. */
export function searchTable({ measure, trials, command, machine, date }: Searched): Table {
  const sorted = [...trials].sort((a, b) => a.validation - b.validation);
  const has = trials.some(({ beside }) => beside !== undefined);
  return {
    head: ['settings', 'validation', ...(has ? ['beside it'] : []), 'time'],
    rows: sorted.map(({ what, validation, beside = '', seconds }) => [
      what,
      `${Number(validation.toFixed(3))}`,
      ...(has ? [beside] : []),
      duration(seconds),
    ]),
    note: `${measure}. Time: of what the trials differ in, beside other work. \`${command}\`; ${machine}; ${date}.`,
  };
}
