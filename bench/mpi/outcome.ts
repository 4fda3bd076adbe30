import { STEPS } from './rows.ts';

/** What process 0 of a subject says. */
export interface Outcome {
  /** Before each of the first steps. */
  readonly costs: readonly number[];
  /** Milliseconds a step, of each pass over the data. */
  readonly samples: readonly number[];
  /** That a process gives to sums and others in a step; 0 of one process. */
  readonly bytes: number;
  /** What carried them. */
  readonly library: string;
}

/** @throws Error unless the costs of the first steps are the same, relative: nothing is timed then. */
export function assertCosts(
  name: string,
  costs: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  for (let i = 0; i < STEPS; i++) {
    if (Math.abs(costs[i] - expected[i]) <= tolerance * Math.abs(expected[i])) continue;
    throw new Error(`${name}: step ${i + 1} costs ${costs[i]}, in the first subject ${expected[i]}: nothing was timed`);
  }
}
