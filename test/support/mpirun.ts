import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';

const MAIN = join(process.cwd(), 'dist/cli/main.js');
/** Longer than any of these jobs takes: what hangs is ended, and its status is null. */
const LIMIT_MS = process.env.RHOHAT_ALL_ROWS === '1' ? 1_200_000 : 180_000;

/** A launcher of several processes on this machine. */
export interface Launcher {
  readonly name: 'Open MPI' | 'MPICH';
  readonly command: string;
  readonly args: readonly string[];
}

/** Debian names both, others the one they have. */
const COMMANDS = ['mpirun.openmpi', 'mpirun.mpich', 'mpirun'];

/** Those of this machine, one of each kind. */
export function launchers(): Launcher[] {
  const found = COMMANDS.flatMap((command): Launcher[] => {
    const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status !== 0) return [];
    const asRoot = process.getuid?.() === 0 ? ['--allow-run-as-root'] : [];
    if (/Open MPI/.test(stdout)) return [{ name: 'Open MPI', command, args: [...asRoot, '--oversubscribe'] }];
    return /HYDRA/i.test(stdout) ? [{ name: 'MPICH', command, args: [] }] : [];
  });
  return found.filter(({ name }, i) => found.findIndex((other) => other.name === name) === i);
}

/** A test for each launcher of this machine; where there is none, one that says so and is skipped. */
export function testUnderMpi(name: string, run: (launcher: Launcher) => Promise<void>): void {
  const all = launchers();
  if (all.length === 0) {
    process.stderr.write(`${name}: skipped, there is no mpirun: install Open MPI or MPICH\n`);
    test.skip(name);
  }
  for (const launcher of all) test(`${launcher.name}: ${name}`, () => run(launcher));
}

export interface Job {
  /** null where it hung. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface JobOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Arguments of the launcher beside its own. */
  readonly more?: readonly string[];
  /** With the launcher's own process. */
  readonly onStart?: (pid: number) => void;
}

/** Runs a script of Node's in `processes` processes. */
export function nodeJob(
  { command, args }: Launcher,
  processes: number,
  script: readonly string[],
  { cwd = process.cwd(), env, more = [], onStart }: JobOptions = {},
): Promise<Job> {
  return new Promise((resolve) => {
    const all = [...args, ...more, '-n', String(processes), process.execPath, ...script];
    const child = spawn(command, all, {
      cwd,
      env: { ...process.env, RHOHAT_DATA: '', RHOHAT_DEBUG: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, to be ended as a whole
    });
    let [stdout, stderr, hung] = ['', '', false];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const limit = setTimeout(() => {
      hung = true;
      process.kill(-(child.pid as number), 'SIGKILL');
    }, LIMIT_MS);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const status = signal === null ? code : 128 + constants.signals[signal];
      resolve({ status: hung ? null : status, stdout, stderr });
    });
    onStart?.(child.pid as number);
  });
}

/** Runs `rhohat …` in `processes` processes. */
export function rhohatJob(
  launcher: Launcher,
  processes: number,
  args: readonly string[],
  options?: JobOptions,
): Promise<Job> {
  return nodeJob(launcher, processes, [MAIN, ...args], options);
}
