import type { Peers } from './beside/load.ts';
import type { Instructions, Python, PythonTasks } from './beside/python.ts';
import { type Effort, effort } from './harness/measure.ts';

/** What every benchmark is given. */
export interface Context {
  readonly smoke: boolean;
  /** As asked for by --threads; a benchmark has its own default. */
  readonly threads: number | null;
  readonly peers: Peers;
  /** Paths of Nodes, from --nodes. */
  readonly nodes: string | null;
  /** A text of the names of what is to be timed, from --only. */
  readonly only: string | null;
  /**
   * A Python with these tasks and threads, one process each; null where it lacks what they import. Its instructions are
   * those of the command line, unless said.
   */
  python(tasks: PythonTasks, threads: number, instructions?: Instructions): Promise<Python | null>;
}

/** What is being timed now: a full run takes a while. On stderr, as stdout is for results. */
export function announce(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what} …\r`);
}

export function effortOf({ smoke }: Context): Effort {
  return smoke ? effort.smoke : effort.full;
}
