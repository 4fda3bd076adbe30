import { spawn } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';
import { launched } from './launch.ts';
import { openLibrary } from './library.ts';

/** What starts processes of MPI, as the system names it in 15 characters. */
const LAUNCHERS = /^(mpirun|mpiexec|orterun|orted|prterun|prted|prte|hydra_)/;

/** What ends `$1:NAME` … that are still there after a while; launchers that are asked, not forced, print their own end. */
const REAPER = `
sleep 5
for it in "$@"; do
  pid=\${it%%:*}
  [ "$(cat /proc/$pid/comm 2>/dev/null)" = "\${it#*:}" ] && kill -KILL $pid
done`;

/** Writes lines to stderr at once, whatever the other threads do. */
export function tell(lines: string | readonly string[]): void {
  let rest = Buffer.from(`${[lines].flat().join('\n')}\n`);
  for (let tries = 0; rest.length > 0 && tries < 1000; tries++) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return; // nobody reads any more
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/**
 * Ends all processes of the job, this one too, with an exit status, though the main thread may wait in a call of MPI:
 * MPI_Abort, from whichever thread calls this. Where that does not end them, as when the launcher waits for a host that
 * has vanished, this process and the launcher that started it on this host are killed, after five seconds.
 */
export async function endAll(status: number): Promise<void> {
  reap();
  try {
    const launch = launched();
    if (launch === null) throw new Error('no launcher');
    const calls = await openLibrary(launch);
    await calls.later('Abort', calls.handle.world, status);
  } catch {
    process.kill(process.pid, 'SIGKILL'); // the launcher ends the rest
  }
}

/** Starts what outlives this process and ends its launcher. It holds none of its streams: launchers wait for their end. */
function reap(): void {
  if (process.platform !== 'linux') return;
  const all = [`${process.pid}:${nameOf(process.pid)}`, ...launchersOf(process.pid)];
  try {
    const child = spawn('/bin/sh', ['-c', REAPER, 'sh', ...all], { detached: true, stdio: 'ignore', cwd: '/' });
    child.on('error', () => undefined);
    child.unref();
  } catch {
    // MPI_Abort alone, then.
  }
}

/** The nearest ancestors of a process that are launchers, as `pid:name`. */
function launchersOf(pid: number): string[] {
  const found: string[] = [];
  for (let at = parentOf(pid); at > 1; at = parentOf(at)) {
    const name = nameOf(at);
    if (LAUNCHERS.test(name)) found.push(`${at}:${name}`);
    else if (found.length > 0) break;
  }
  return found;
}

function nameOf(pid: number): string {
  return read(`/proc/${pid}/comm`).trim();
}

/** Field 4 of /proc/<pid>/stat; 0 where there is none. [proc(5)] */
function parentOf(pid: number): number {
  const text = read(`/proc/${pid}/stat`);
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
