/** As what a launcher of several processes started this one. */
export interface Launch {
  /** Of this process, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** What tells so: the launcher's own variables. `slurm`: srun, without a way for MPI to find the other processes. */
  readonly by: 'open-mpi' | 'pmi' | 'pmix' | 'slurm';
}

/** Variables of rank and size, the most telling first. */
const LAUNCHERS: readonly (readonly [by: Launch['by'], rank: string, size: string])[] = [
  ['open-mpi', 'OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE'], // Open MPI's mpirun
  ['pmi', 'PMI_RANK', 'PMI_SIZE'], // Hydra, that of MPICH and Intel MPI; srun --mpi=pmi2
  ['pmix', 'PMIX_RANK', 'SLURM_STEP_NUM_TASKS'], // srun --mpi=pmix
  ['slurm', 'SLURM_PROCID', 'SLURM_STEP_NUM_TASKS'], // srun --mpi=none
];

/** What launchers tell their processes by. */
const OF_LAUNCHERS = /^(OMPI_|PMI_|PMIX_|PMI2_|MPI_LOCAL|HYDI?_|PRTE_|SLURM_(PROCID|STEP_NUM_TASKS|STEP_ID|STEPID)$)/;

/** What a launcher has left in the environment; null where this process was started by itself, or alone. */
export function launched(env: NodeJS.ProcessEnv = process.env): Launch | null {
  for (const [by, rankName, sizeName] of LAUNCHERS) {
    const [rank, size] = [Number(env[rankName] ?? Number.NaN), Number(env[sizeName] ?? Number.NaN)];
    if (!Number.isInteger(rank) || !Number.isInteger(size)) continue;
    return size > 1 ? { rank, size, by } : null;
  }
  return null;
}

/** The environment for a process that this one starts and that is none of the launcher's. */
export function withoutLauncher(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_LAUNCHERS.test(name)));
}
