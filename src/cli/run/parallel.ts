import { availableParallelism, cpus } from 'node:os';
import type { MpiGroup } from '../../node/mpi/mpi-group.ts';
import type { ProcessesSummary } from '../../report/run-summary.ts';
import type { EngineFlags } from '../flags/engine-flags.ts';
import { assertSameCommand, joinGroup, leaveGroup } from './join-group.ts';
import { decideTurbo, type Work } from './turbo.ts';

/** The processes of a command that mpirun or srun started several times; of one that was started alone, just this one. */
export interface Parallel {
  /** Null where this process is alone. */
  readonly group: MpiGroup | null;
  /** Whether this process prints and writes: the first does. */
  readonly leads: boolean;
  /** What `work` gives in the first process, plain JSON, in all of them: the others do not do it. */
  fromFirst<T>(work: () => Promise<T>): Promise<T>;
  /** Bytes that the first process has, in all of them. */
  bytesOfFirst(bytes: Uint8Array | undefined): Uint8Array | undefined;
  /** `threads` of the flags, or this process's share of the processors of its machine. */
  threads(flags: Pick<EngineFlags, 'threads'>): EngineFlags['threads'];
  /** `decideTurbo`, proved once on each machine. */
  decideTurbo(flags: EngineFlags, work: Work): Promise<void>;
  /** For `fit`. */
  readonly share: { readonly group?: MpiGroup };
  /** For the settings of a run. */
  readonly size: { readonly processes?: number };
  /** For the summary of a run of so many steps. */
  told(steps: number | undefined): ProcessesSummary | undefined;
  /** Waits for all and leaves the group: the first process may have more to do. */
  close(): Promise<void>;
}

const alone: Parallel = {
  group: null,
  leads: true,
  fromFirst: (work) => work(),
  bytesOfFirst: (bytes) => bytes,
  threads: ({ threads }) => threads,
  decideTurbo,
  share: {},
  size: {},
  told: () => undefined,
  close: async () => {},
};

/**
 * The processes that run this command: joins them, the first time. @throws InputError as `openGroup` does, and where they were started
 * with several commands.
 */
export async function parallel(): Promise<Parallel> {
  const group = await joinGroup();
  if (group === null) return alone;
  assertSameCommand(group);
  return together(group);
}

function together(group: MpiGroup): Parallel {
  return {
    group,
    leads: group.rank === 0,
    async fromFirst(work) {
      const text = group.rank === 0 ? JSON.stringify((await work()) ?? null) : '';
      return JSON.parse(group.texts(text)[0]);
    },
    bytesOfFirst(bytes) {
      const length = Float64Array.of(bytes?.length ?? -1);
      group.broadcast(length);
      if (length[0] < 0) return undefined;
      const all = group.rank === 0 && bytes !== undefined ? bytes : new Uint8Array(length[0]);
      group.broadcast(all);
      return all;
    },
    threads: ({ threads = 'auto' }) => (threads === 'auto' ? shareOfProcessors(group.localSize) : threads),
    async decideTurbo(flags, work) {
      // One on each machine proves it, and leaves its verdict to the others.
      const first = group.hosts.indexOf(group.hosts[group.rank]) === group.rank;
      if (first) await decideTurbo(flags, work);
      group.barrier();
      if (!first) await decideTurbo(flags, work);
    },
    share: { group },
    size: { processes: group.size },
    told: (steps) => ({
      number: group.size,
      library: group.library,
      ...(steps ? { bytesPerStep: Math.round(group.bytes / steps) } : {}),
    }),
    close: leaveGroup,
  };
}

/** Launchers bind processes to processors of their own, or let all have all. */
function shareOfProcessors(processes: number): number {
  const own = availableParallelism();
  return own < cpus().length ? own : Math.max(1, Math.floor(own / processes));
}
