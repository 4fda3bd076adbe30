import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, so that another one can tell whether it still runs. Null: the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it began, as the system counts it: a later process with its pid began at another time. */
  readonly start: string | null;
  /** The system's boot: after a restart pids begin anew. */
  readonly boot: string | null;
  /** The set of processes that it sees: a container has one of its own. */
  readonly sees: string | null;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host:
      hostname()
        .replace(/[^\w.-]/g, '_')
        .slice(0, 255) || 'unnamed', // as it is printed
    start: startOf(process.pid),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    sees: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether a process runs; undefined where this one cannot see it, or not tell it from another with its pid. */
export function isRunning(other: ProcessIdentity, self = thisProcess()): boolean | undefined {
  if (other.host !== self.host || other.boot !== self.boot || other.sees !== self.sees) return undefined;
  if (!isThere(other.pid)) return false;
  if (fieldsOf(other.pid)?.[0] === 'Z') return false; // it has ended, and its parent has not looked yet
  const start = startOf(other.pid);
  return start === null || other.start === null ? undefined : start === other.start;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks, and sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat: ticks from the system's start to the process's. [proc(5)] */
function startOf(pid: number): string | null {
  return fieldsOf(pid)?.[19] ?? null;
}

/** /proc/<pid>/stat from field 3, the state, on: field 2, a name, may hold spaces and brackets. */
function fieldsOf(pid: number): string[] | null {
  return orNull(() => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  });
}

/** Systems without /proc say none of it. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
