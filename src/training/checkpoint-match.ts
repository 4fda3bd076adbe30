import { InputError } from '../errors.ts';
import { show } from '../validate.ts';
import type { Checkpoint } from './checkpoint.ts';

/** What must be the same for a run to go on; kernels may differ. */
type Comparable = Pick<Checkpoint, 'rhohat' | 'model' | 'plan' | 'data' | 'theta'>;

/** @throws InputError naming the first thing in which a checkpoint and the run that would go on from it differ. */
export function assertResumable(checkpoint: Comparable, run: Comparable): void {
  if (checkpoint.rhohat !== run.rhohat) {
    throw new InputError(
      `the checkpoint was written by rhohat ${checkpoint.rhohat}, and this is ${run.rhohat}: go on with the version that began`,
    );
  }
  for (const [part, remedy] of [
    ['model', "go on with the checkpoint's config, or start anew"],
    ['data', 'go on with the same examples, or start anew'],
    ['plan', "go on with the checkpoint's options, or start anew"],
  ] as const) {
    const difference = firstDifference(plain(checkpoint[part]), plain(run[part]), part);
    if (difference === null) continue;
    const { key, there, here } = difference;
    throw new InputError(`${describe(key)} is ${show(there)} in the checkpoint, and ${show(here)} here: ${remedy}`);
  }
  const [there, here] = [checkpoint.theta, run.theta];
  if (there.length === here.length && there.BYTES_PER_ELEMENT === here.BYTES_PER_ELEMENT) return;
  throw new InputError(
    `the checkpoint holds ${there.length} parameters of ${there.BYTES_PER_ELEMENT} bytes, the model has ${here.length} of ${here.BYTES_PER_ELEMENT}: it is no file that rhohat saved`,
  );
}

/** data.0.hash is the examples' hash. */
function describe(key: string): string {
  return key.replace(/^data\.0\b/, 'examples').replace(/^data\.1\b/, 'labels');
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The first key, depth first, whose plain JSON values differ; null where there is none. */
export function firstDifference(
  there: unknown,
  here: unknown,
  key: string,
): { key: string; there: unknown; here: unknown } | null {
  if (there === null || here === null || typeof there !== 'object' || typeof here !== 'object') {
    return Object.is(there, here) ? null : { key, there, here };
  }
  if (Array.isArray(there) !== Array.isArray(here)) return { key, there, here };
  for (const name of new Set([...Object.keys(there), ...Object.keys(here)])) {
    const [a, b] = [there, here].map((side) => (side as Record<string, unknown>)[name]);
    const difference = firstDifference(a, b, `${key}.${name}`);
    if (difference !== null) return difference;
  }
  return null;
}
