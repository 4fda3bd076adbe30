import { availableParallelism } from 'node:os';
import { begin, type Child, type Ended, ran, signalOf } from '../../src/cli/child.ts';

/** How rows are run several at once. */
export interface AtOnce {
  readonly jobs: number;
  /** What every process is given beside the name of its row. */
  readonly flags: readonly string[];
  /** Threads of each; what `jobs` leaves of the processors unless given. */
  readonly threads?: number | undefined;
  readonly signal: AbortSignal;
  /** Told of each line that a row's process writes. */
  readonly say: (line: string) => void;
  /** After each row, one at a time: a row that ends meanwhile waits. It must not throw. */
  readonly onEnd: () => Promise<void>;
  /** Begins a process of this program; another one in tests. */
  readonly start?: (args: readonly string[], onLine: (line: string) => void) => Child;
}

/**
 * Runs rows, `jobs` at once, each a process of its own, in the given order. One that fails ends none of the others. An abort ends
 * the processes, which keep their checkpoints. A step that two rows share is done by one of them, for which the other waits.
 * @returns why each row failed that did, by its name.
 */
export async function rowsAtOnce(names: readonly string[], options: AtOnce): Promise<Map<string, string>> {
  const { flags, signal, say, onEnd, start = begin } = options;
  const jobs = Math.min(options.jobs, names.length);
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / jobs));
  const failures = new Map<string, string>();
  const queue = [...names];
  let told = Promise.resolve();
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined && !signal.aborted; name = queue.shift()) {
      const child = start([name, ...flags, `--threads=${threads}`], (line) => say(`${name} | ${line}`));
      const ended = await ran(child, signal);
      if (ended.status !== 0 && !signal.aborted) failures.set(name, reasonOf(ended));
      told = told.then(onEnd);
      await told;
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return failures;
}

function reasonOf(ended: Ended): string {
  const by = signalOf(ended);
  return by === null ? ended.says.replace(/^error: /, '') || `exit status ${ended.status}` : `ended by ${by}`;
}

/** The longest first, by the seconds of their last runs, so that none is left alone at the end; those without one before all. */
export function longestFirst<R extends { readonly name: string }>(
  rows: readonly R[],
  records: ReadonlyMap<string, { readonly seconds: number }>,
): R[] {
  const lasts = ({ name }: R) => records.get(name)?.seconds ?? Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => (lasts(a) === lasts(b) ? 0 : lasts(b) - lasts(a)));
}
