import type { Trial } from './trial.ts';

/** What a process of the proof sends to the one that began it. */
export type Answer = Trial | { readonly failure: string };

/** Runs a trial, with turbo where the first argument says so, and sends what it finds. */
export function answer(trial: (turbo: boolean) => Trial): void {
  let found: Answer;
  try {
    found = trial(process.argv[2] === 'turbo');
  } catch (error) {
    found = { failure: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(found, () => process.disconnect());
}
