import type { Peers } from './beside/load.ts';
import type { Python, PythonTasks } from './beside/python.ts';
import { type Effort, effort } from './harness/measure.ts';

/** What every benchmark is given. */
export interface Context {
  readonly smoke: boolean;
  /** As asked for by --threads; a benchmark has its own default. */
  readonly threads: number | null;
  readonly peers: Peers;
  /** A Python with these tasks and threads, one process each; null where it lacks what they import. */
  python(tasks: PythonTasks, threads: number): Promise<Python | null>;
}

/** What is being timed now: a full run takes a while. On stderr, as stdout is for results. */
export function announce(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what} …\r`);
}

export function effortOf({ smoke }: Context): Effort {
  return smoke ? effort.smoke : effort.full;
}
