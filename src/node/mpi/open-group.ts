import { InputError } from '../../errors.ts';
import { launched } from './launch.ts';
import { openLibrary } from './library.ts';
import { MpiGroup } from './mpi-group.ts';
import { assertReached } from './reached.ts';

/** Calls of MPI come from one thread at a time, not always the same. */
const THREAD_SERIALIZED = 2;

/**
 * Joins the processes that `mpirun` or `srun` started: every one of them must call this once, and all must ask the group for
 * the same in the same order. Give the group to `fit`, and `close` it at the end.
 * @throws InputError where this process was started alone, koffi or the MPI library is missing, npx stands between it and
 *   MPICH's launcher, or the library is not that of the launcher: then it sees other processes than were started.
 */
export async function openGroup(): Promise<MpiGroup> {
  const launch = launched();
  if (launch === null) {
    throw new InputError(
      'openGroup was called in a process that was started alone: start several, such as mpirun -n 2 node script.js',
    );
  }
  const calls = await openLibrary(launch);
  assertReached(launch);
  const out = [0];
  calls.call('Initialized', out);
  if (out[0] !== 0) throw new InputError('openGroup was called twice: a process joins its group once');
  calls.call('Init_thread', null, null, THREAD_SERIALIZED, out);
  const group = await MpiGroup.open(calls);
  if (group.size !== launch.size || group.rank !== launch.rank) {
    throw new InputError(
      `${calls.path} (${group.library}) is rank ${group.rank} of ${group.size}, and was started as rank ${launch.rank} of ${launch.size}: it is not the library of the launcher; ${launch.by === 'slurm' ? 'start srun with --mpi=pmix or --mpi=pmi2' : 'set RHOHAT_MPI to the path of the one that is'}`,
    );
  }
  return group;
}
