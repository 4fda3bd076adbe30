import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a process does in the midst of a job, once its others are in a call of MPI. */
export type Fault = 'none' | 'kill' | 'exit' | 'throw' | 'fail' | 'stop';

/** Of a script's processes, all that are there: they have this in their environment. */
const MARK = 'RHOHAT_TEST_JOB';

/**
 * Writes a script `job.mjs` into a folder: `node job.mjs FAULT RANK,RANK`. Its processes add numbers, the ranks suffer the
 * fault while the others wait for them, and add again; rank 0 leaves `ready` beside the script before that.
 * @returns its path, and the environment to run it in.
 */
export function faultyJob(folder: string): { readonly script: string; readonly env: NodeJS.ProcessEnv } {
  const script = join(folder, 'job.mjs');
  writeFileSync(
    script,
    `import { spawn } from 'node:child_process';
     import { writeFileSync } from 'node:fs';
     import { openGroup } from ${JSON.stringify(join(process.cwd(), 'dist/node/mpi/index.js'))};
     const [fault, ranks, sums = '30'] = process.argv.slice(2);
     const acts = {
       none() {},
       kill: () => process.kill(process.pid, 'SIGKILL'),
       exit: () => process.exit(0),
       throw() { throw new Error('thrown by one') },
       fail: () => group.fail('the shard is not there', 3),
       async stop() {
         spawn('sh', ['-c', 'sleep 5; kill -CONT ' + process.pid], { detached: true, stdio: 'ignore' });
         await new Promise((resolve) => setTimeout(resolve, 100));
         process.kill(process.pid, 'SIGSTOP');
       },
     };
     const group = await openGroup();
     const values = new Float64Array(1000).fill(1);
     const add = (n) => { for (let i = 0; i < n; i++) group.total(values.fill(1)); };
     add(3);
     if (group.rank === 0) writeFileSync(${JSON.stringify(join(folder, 'ready'))}, '');
     if (ranks.split(',').includes(String(group.rank))) await acts[fault]();
     add(Number(sums));
     await group.close();
     if (values[0] !== group.size) throw new Error('a wrong sum: ' + values[0]);`,
  );
  return { script, env: markOf(folder) };
}

/** The processes that have a job's mark, as pid and rank; null for those that are no rank: the one that watches, a launcher. */
export function processesOf(mark: string): { readonly pid: number; readonly rank: number | null }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const environment = environmentOf(name);
      if (!environment.includes(`${MARK}=${mark}`)) return [];
      const rank = environment.find((entry) => /^(OMPI_COMM_WORLD_RANK|PMI_RANK)=/.test(entry));
      return [{ pid: Number(name), rank: rank === undefined ? null : Number(rank.split('=')[1]) }];
    });
}

/** Waits until no process of a job is left. @throws Error where some are after half a minute. */
export async function allGone(mark: string): Promise<void> {
  for (let tries = 0; processesOf(mark).length > 0; tries++) {
    if (tries === 300) throw new Error(`left behind: ${JSON.stringify(processesOf(mark))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The environment that marks a job. */
export const markOf = (mark: string): NodeJS.ProcessEnv => ({ [MARK]: mark });

/** Waits until a file is there. @throws Error where it is not after a minute. */
export async function fileThere(path: string): Promise<void> {
  for (let tries = 0; !existsSync(path); tries++) {
    if (tries === 600) throw new Error(`${path} has not come`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Empty for a process that is gone, a zombie, or another user's. */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
