import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launched, withoutLauncher } from '../../../src/node/mpi/index.ts';
import { openLibrary } from '../../../src/node/mpi/library.ts';
import { assertReached } from '../../../src/node/mpi/reached.ts';
import { assertRefused } from '../../support/errors.ts';

const LAUNCHES: readonly (readonly [name: string, env: NodeJS.ProcessEnv, launch: ReturnType<typeof launched>])[] = [
  [
    "Open MPI's mpirun",
    { OMPI_COMM_WORLD_RANK: '2', OMPI_COMM_WORLD_SIZE: '4', PMIX_RANK: '2' },
    { rank: 2, size: 4, by: 'open-mpi' },
  ],
  ['Hydra', { PMI_RANK: '0', PMI_SIZE: '3', MPI_LOCALNRANKS: '3' }, { rank: 0, size: 3, by: 'pmi' }],
  [
    'srun --mpi=pmi2',
    { PMI_RANK: '1', PMI_SIZE: '2', SLURM_PROCID: '1', SLURM_STEP_NUM_TASKS: '2' },
    { rank: 1, size: 2, by: 'pmi' },
  ],
  [
    'srun --mpi=pmix',
    { PMIX_RANK: '5', SLURM_PROCID: '5', SLURM_STEP_NUM_TASKS: '8' },
    { rank: 5, size: 8, by: 'pmix' },
  ],
  ['srun --mpi=none', { SLURM_PROCID: '1', SLURM_STEP_NUM_TASKS: '2' }, { rank: 1, size: 2, by: 'slurm' }],
  ['one process', { OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '1' }, null],
  ['the script of sbatch, which runs once', { SLURM_PROCID: '0', SLURM_NTASKS: '8' }, null],
  ['nobody', { PATH: '/bin' }, null],
  ['nonsense', { PMI_RANK: 'x', PMI_SIZE: '3' }, null],
];

for (const [name, env, launch] of LAUNCHES) {
  test(`launched: ${name}`, () => {
    assert.equal(launched(env), launch);
    // What is started without the launcher's variables was started alone.
    assert.is(launched(withoutLauncher(env)), null);
  });
}

test('withoutLauncher leaves all else', () => {
  const env = { PATH: '/bin', HOME: '/root', SLURM_CPUS_PER_TASK: '4', OMPI_MCA_btl: 'tcp', PMIX_RANK: '0' };
  assert.equal(withoutLauncher(env), { PATH: '/bin', HOME: '/root', SLURM_CPUS_PER_TASK: '4' });
});

test('openLibrary says which library is missing, and what to set', async () => {
  await assertRefused(
    () => openLibrary({ by: 'pmi' }, { RHOHAT_MPI: '/nowhere/libmpi.so' }),
    /^RHOHAT_MPI is \/nowhere\/libmpi\.so: .+: set RHOHAT_MPI to the path of the library that belongs to mpirun/,
  );
  await assertRefused(
    () =>
      openLibrary({ by: 'open-mpi' }, { RHOHAT_MPI: process.platform === 'darwin' ? 'libSystem.dylib' : 'libm.so.6' }),
    /is no MPI library that is known/,
  );
});

test('openLibrary names a library of the family that the launcher is of', async () => {
  const env = { RHOHAT_MPI: '/nowhere/libmpi.so' };
  await assertRefused(() => openLibrary({ by: 'pmi' }, env), /such as \S+\/libmpich\.so\.12$/);
  await assertRefused(() => openLibrary({ by: 'open-mpi' }, env), /such as \S+\/libmpi\.so\.40$/);
});

test('assertReached: PMI_FD is a socket', async () => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port);
  await once(socket, 'connect');
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  assertReached({ by: 'pmi' }, { PMI_FD: String(fd) });
  const file = openSync(new URL(import.meta.url), 'r');
  for (const unreached of [String(file), '999999', 'x'])
    await assertRefused(
      async () => assertReached({ by: 'pmi' }, { PMI_FD: unreached }),
      /^descriptor .*\(PMI_FD\), by which MPICH's mpirun reaches this process, was not handed on: .*npx/,
    );
  closeSync(file);
  assertReached({ by: 'pmi' }, { PMI_PORT: 'host:4711' });
  assertReached({ by: 'open-mpi' }, { PMI_FD: '999999' });
  socket.destroy();
  server.close();
});

test.run();
