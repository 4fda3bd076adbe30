import { say } from '../output.ts';

/**
 * What `work` gives; where it fails, undefined and a line on stderr: for all that a trained model can do without, such as a
 * picture too large to draw. Memory that is not there is such a failure as well.
 */
export async function attempt<T>(what: string, work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    leftOut(what, error);
    return undefined;
  }
}

/** Says on stderr what is missing among the results, and why. */
export function leftOut(what: string, error: unknown): void {
  say(`rhohat: ${what} left out: ${error instanceof Error ? error.message : String(error)}`);
}
