import { fstatSync } from 'node:fs';
import { InputError } from '../../errors.ts';
import type { Launch } from './launch.ts';

/**
 * MPICH's launcher reaches a process by a socket that it inherits, descriptor PMI_FD. Node closes those to what it starts, and
 * so do npx and npm, below which MPI_Init would end the process with an error stack.
 * @throws InputError where PMI_FD is no socket.
 */
export function assertReached({ by }: Pick<Launch, 'by'>, env: NodeJS.ProcessEnv = process.env): void {
  if (by !== 'pmi' || env.PMI_FD === undefined || isSocket(Number(env.PMI_FD))) return;
  throw new InputError(
    `descriptor ${env.PMI_FD} (PMI_FD), by which MPICH's mpirun reaches this process, was not handed on: start it without npx or a script of npm between, such as mpirun -n 2 node_modules/.bin/rhohat train`,
  );
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false; // closed, or no number
  }
}
