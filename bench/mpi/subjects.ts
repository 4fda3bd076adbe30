import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Outcome } from './outcome.ts';

export type Shared = 'rows' | 'latents';

/** Processes that take the steps of a row together. */
export interface Subject {
  readonly name: string;
  readonly processes: number;
  readonly threads: number;
  /** What they share of a step; latents are TopK's alone. */
  readonly shared: Shared;
  /** One launch: its first steps, then steps for so long. */
  launch(row: number, milliseconds: number): Promise<Outcome>;
}

const PYTHON = ['/usr/bin/python3', 'python3'];
/** Milliseconds of a launch that hangs. */
const LONGEST = 120_000;
const isRoot = process.getuid?.() === 0;

/** How the two launchers are called here: the names by which Debian keeps both, or the one that there is. */
const LAUNCHERS = {
  'Open MPI': (n: number) => [
    'mpirun.openmpi',
    ...(isRoot ? ['--allow-run-as-root'] : []),
    ...(n > availableParallelism() ? ['--oversubscribe'] : []),
    ...['-n', String(n)],
  ],
  MPICH: (n: number) => ['mpirun.mpich', '-n', String(n)],
} as const;

/** The first line of JSON that a command prints. @throws Error with its messages where it fails */
function outcomeOf(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST });
    let [out, said] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (status) => {
      const line = out.split('\n').find((each) => each.startsWith('{'));
      if (status === 0 && line !== undefined) resolve(JSON.parse(line) as Outcome);
      else if (line === undefined && status === 0) resolve({ costs: [], samples: [], bytes: 0, library: '' });
      else reject(new Error(`${command.join(' ')}: status ${status}\n${said}${out}`));
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}

/** Processes of `worker`, alone or by a launcher. */
export function ours(
  worker: string,
  launcher: keyof typeof LAUNCHERS | null,
  processes: number,
  threads: number,
  smoke: boolean,
  shared: Shared = 'rows',
): Subject {
  const prefix = launcher === null ? [] : LAUNCHERS[launcher](processes);
  const own = (row: number, milliseconds: number) => [
    ...[...prefix, process.execPath, ...process.execArgv, worker],
    ...[row, threads, milliseconds, shared].map(String),
    ...(smoke ? ['smoke'] : []),
  ];
  return {
    name: `${nameOf('rhohat', launcher, processes, threads)}${shared === 'latents' ? ', latents shared' : ''}`,
    ...{ processes, threads, shared },
    launch: (row, milliseconds) => outcomeOf(own(row, milliseconds)),
  };
}

/** PyTorch, gloo between its processes. `tasks`: a file of each row. */
export function torch(script: string, tasks: readonly string[], processes: number, threads: number): Subject {
  const python = PYTHON.find(existsSync) ?? 'python3';
  const launch = async (row: number, milliseconds: number) => {
    const port = await freePort();
    const { OPENBLAS_CORETYPE: _, ...others } = process.env; // all that the processor has
    const all = Array.from({ length: processes }, (_, rank) => {
      const env = {
        ...others,
        ...{ OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
        ...{ RANK: String(rank), WORLD_SIZE: String(processes), MASTER_ADDR: '127.0.0.1', MASTER_PORT: String(port) },
      };
      return outcomeOf([python, '-B', script, tasks[row], String(threads), String(milliseconds)], env);
    });
    return (await Promise.all(all))[0];
  };
  const via = processes > 1 ? 'gloo' : null;
  return { name: nameOf('PyTorch', via, processes, threads), ...{ processes, threads, shared: 'rows' }, launch };
}

function nameOf(who: string, via: string | null, processes: number, threads: number): string {
  const many = processes === 1 ? 'one process' : `${processes} processes`;
  return `${who}${via === null ? '' : `, ${via}`}, ${many} of ${threads === 1 ? 'one thread' : `${threads} threads`}`;
}
