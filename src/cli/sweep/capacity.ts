import { availableParallelism, freemem } from 'node:os';
import { InputError } from '../../errors.ts';
import type { SweepPlan } from './plan.ts';

/** Bytes of a process before it has data. */
const PROCESS = 120 * 2 ** 20;
/** Bytes a number of the examples takes while it is read, treated and trained on. */
const OF_NUMBER = 12;
/** Bytes a parameter takes: itself, its gradient, what the optimizer keeps of it. */
const OF_PARAMETER = 32;
/** Of the memory that is free. */
const SHARE = 0.8;

/** What the machine has. */
export interface Machine {
  readonly cores: number;
  readonly freeBytes: number;
  /** Processes that share the runs, this one among them: cores and memory are what it has of its machine. Default 1. */
  readonly processes?: number;
}

/** This machine. */
export const machine = (): Machine => ({ cores: availableParallelism(), freeBytes: freemem() });

/** How many runs at once, on how many threads each; `note` where memory, and not processors, says so. */
export interface Capacity {
  readonly jobs: number;
  readonly threads: number;
  readonly note: string | null;
}

/**
 * As many runs at once as processors, a thread each, but no more than there are runs, or than memory holds; processors that are left are
 * shared as threads. A result does not depend on either.
 * @throws InputError where --jobs and --threads ask for more than there is.
 */
export function capacity(
  plan: Pick<SweepPlan, 'examples' | 'runs'> & Partial<Pick<SweepPlan, 'flags'>>,
  asked: { readonly jobs?: number | undefined; readonly threads?: number | 'auto' | undefined },
  { cores, freeBytes, processes = 1 }: Machine = machine(),
): Capacity {
  const threads = asked.threads === 'auto' ? undefined : asked.threads;
  if (asked.jobs !== undefined && threads !== undefined && threads > 1 && asked.jobs * threads > cores) {
    throw new InputError(
      `--jobs is ${asked.jobs} with --threads ${threads}: there are ${cores} processors for ${asked.jobs * threads} threads; leave one of the two out`,
    );
  }
  const runs = Math.ceil(plan.runs.length / processes);
  // A GPU takes one run after the other, and what `auto` times has the machine to itself.
  const onGpu = (plan.flags?.device ?? 'cpu') !== 'cpu';
  const wanted = asked.jobs ?? (onGpu ? 1 : Math.max(1, Math.floor(cores / (threads ?? 1))));
  const bytes = bytesOfRun(plan);
  const room = asked.jobs === undefined ? Math.max(1, Math.floor((SHARE * freeBytes) / bytes)) : wanted;
  const jobs = Math.min(wanted, runs, room);
  const note =
    jobs < Math.min(wanted, runs)
      ? `a run takes about ${(bytes / 2 ** 30).toFixed(1)} GiB, so ${jobs} are trained at once; decide otherwise with --jobs`
      : null;
  return { jobs, threads: threads ?? Math.min(64, Math.max(1, Math.floor(cores / jobs))), note };
}

/** A generous guess at the memory of a run. */
function bytesOfRun({ examples: [m, d], runs }: Pick<SweepPlan, 'examples' | 'runs'>): number {
  const parameters = Math.max(
    ...runs.map(({ run }) => {
      const sizes = [d, ...[run.model.hidden].flat()];
      return 2 * sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i], 0);
    }),
  );
  return PROCESS + OF_NUMBER * m * d + OF_PARAMETER * parameters;
}
