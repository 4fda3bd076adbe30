import { hostname } from 'node:os';
import { InputError } from '../../errors.ts';
import { launched } from '../../node/mpi/launch.ts';
import type { MpiGroup } from '../../node/mpi/mpi-group.ts';

/** Commands that several processes share. */
const SHARED: readonly string[] = ['train', 'encode', 'score', 'sweep'];

/** @throws InputError where several processes were started of a command that is one's: they would do it all over again. */
export function assertParallel(command: string): void {
  const launch = launched();
  if (launch === null || SHARED.includes(command)) return;
  if (launch.rank > 0) process.exit(0); // the first one tells
  throw new InputError(
    `rhohat ${command} was started as ${launch.size} processes, and is the work of one: start it without mpirun; what several share is ${SHARED.join(', ')}`,
  );
}

let joined: Promise<MpiGroup | null> | null = null;

/** The processes that were started with this one; null where it was started alone. @throws InputError as `openGroup` does. */
export function joinGroup(): Promise<MpiGroup | null> {
  joined ??= launched() === null ? Promise.resolve(null) : openedGroup();
  return joined;
}

async function openedGroup(): Promise<MpiGroup> {
  return (await import('../../node/mpi/open-group.ts')).openGroup();
}

/** The same where this command has joined them, and not left: who fails must tell them. */
export async function joinedGroup(): Promise<MpiGroup | null> {
  const group = await joined?.catch(() => null);
  return group?.isOpen ? group : null;
}

/**
 * Leaves the others once all have come through, with the same exit status: a signal may have been seen by some of them alone,
 * and the status of MPICH's launcher may be that of another.
 */
export async function leaveGroup(): Promise<void> {
  const group = await joinedGroup();
  if (group === null) return;
  const status = Float64Array.of(Number(process.exitCode ?? 0));
  group.max(status);
  process.exitCode = status[0];
  await group.close();
}

/**
 * Ends a process that could not join the others. Where all fail for the same reason, the first one tells it, and the launcher ends
 * the rest meanwhile; those that have joined would wait without end, and MPICH's launcher ends them for a signal alone.
 */
export async function failToJoin(why: string): Promise<void> {
  const launch = launched();
  if (launch === null || joined === null) return;
  if (launch.rank > 0) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    process.stderr.write(`rhohat: rank ${launch.rank} of ${launch.size} (host ${hostname()}): ${why}\n`);
  }
  if (launch.by === 'pmi') process.kill(process.pid, 'SIGTERM');
}
