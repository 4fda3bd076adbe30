import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadModel } from '../../src/node/index.ts';
import { inScratch, once, rhohat, table } from '../cli/command.ts';
import { nodeJob, rhohatJob, testUnderMpi } from '../support/mpirun.ts';

const MAIN = join(process.cwd(), 'dist/cli/main.js');
const TRAIN = ['train', 'data.csv', '--hidden', '3', '--batch-size', '100', '--no-turbo'];
const bytesOf = (folder: string, name: string) => readFileSync(join(folder, name, 'model.safetensors')).toString('hex');

/** Kills the process that holds a run's folder, which is that of rank 0. */
function killHolder(lock: string, signal: NodeJS.Signals = 'SIGKILL'): void {
  process.kill(JSON.parse(readFileSync(lock, 'utf8')).pid, signal);
}

async function largestDifference(folder: string, a: string, b: string): Promise<number> {
  const [one, other] = await Promise.all(
    [a, b].map(async (name) => (await loadModel(join(folder, name, 'model.safetensors'))).model.parameters()),
  );
  let largest = 0;
  for (const [name, { data }] of Object.entries(await one)) {
    const { data: theirs } = (await other)[name];
    data.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - theirs[i]));
    });
  }
  return largest;
}

testUnderMpi('train: 1 and 3 processes agree, 3 repeat to the bit, one speaks and writes', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(1000));
    const args = [...TRAIN, '--epochs', '5', '--held-out', '100', '--precision', 'float64'];
    for (const [out, n] of [
      ['one', 1],
      ['a', 3],
      ['b', 3],
    ] as const) {
      const job = await rhohatJob(launcher, n, [...args, '--out', out, '--json'], { cwd: folder });
      assert.is(job.status, 0, job.stderr);
      const summary = JSON.parse(job.stdout); // one document, of the first process
      assert.is(summary.processes?.number, n === 1 ? undefined : 3);
      if (n === 3) assert.ok(summary.processes.bytesPerStep > 8 * 27 && summary.processes.bytesPerStep < 8 * 27 * 3);
    }
    assert.is(bytesOf(folder, 'a'), bytesOf(folder, 'b'));
    const apart = await largestDifference(folder, 'one', 'a');
    assert.ok(apart < 1e-12, `differ by ${apart}`);
    assert.equal(readdirSync(join(folder, 'a')), readdirSync(join(folder, 'one')));
  });
});

testUnderMpi('train: a signal ends all with its status, and a checkpoint', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const { status, stderr } = await rhohatJob(
      launcher,
      2,
      [...TRAIN, '--epochs', '5000', '--checkpoint-every', '20', '--out', 'run'],
      {
        cwd: folder,
        // MPICH's launcher hands Ctrl-C on, Open MPI's kills a second later.
        onStart: (pid) =>
          once(join(folder, 'run/checkpoint.safetensors'), () => {
            if (launcher.name === 'MPICH') process.kill(pid, 'SIGINT');
            else killHolder(join(folder, 'run/run.lock'), 'SIGINT');
          })(() => {}),
      },
    );
    assert.is(status, 130, stderr);
    assert.match(stderr, /interrupted: go on with mpirun -n \d rhohat train --resume run/);
    assert.ok(readdirSync(join(folder, 'run')).includes('run.json'));
  });
});

testUnderMpi('train: interrupted and resumed by as many processes ends in the same bits', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const args = [...TRAIN, '--epochs', '150', '--checkpoint-every', '20'];
    const first = await rhohatJob(launcher, 2, [...args, '--out', 'run'], {
      cwd: folder,
      onStart: () =>
        once(join(folder, 'run/checkpoint.safetensors'), () => killHolder(join(folder, 'run/run.lock')))(() => {}),
    });
    assert.is.not(first.status, 0);
    assert.match(first.stderr, /rank 0 of 2/);
    cpSync(join(folder, 'run'), join(folder, 'by-one'), { recursive: true });
    const other = await rhohatJob(launcher, 2, ['train', '--resume', 'run', '--json'], { cwd: folder });
    assert.is(other.status, 0, other.stderr);
    assert.is(JSON.parse(other.stdout).processesBefore, undefined);
    const whole = await rhohatJob(launcher, 2, [...args, '--out', 'whole'], { cwd: folder });
    assert.is(whole.status, 0, whole.stderr);
    assert.is(bytesOf(folder, 'run'), bytesOf(folder, 'whole'));
    const one = await rhohat(['train', '--resume', 'by-one', '--json'], { cwd: folder });
    assert.is(one.status, 0, one.stderr);
    assert.match(one.stderr, /the run was of 2 processes and goes on with 1 process: its last digits differ/);
    assert.is(JSON.parse(one.stdout).processesBefore, 2);
    const apart = await largestDifference(folder, 'by-one', 'whole');
    assert.ok(apart < 1e-3, `differ by ${apart}`);
  });
});

testUnderMpi('train: what is wrong is said once, and ends all', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
      [['train', 'absent.csv', '--hidden', '2'], /absent\.csv/],
      [[...TRAIN, '--batch-size', '2', '--epochs', '1'], /options\.batchSize is 2 with 3 processes|--batch-size is 2/],
      [['inspect', 'run'], /rhohat inspect was started as 3 processes/],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = await rhohatJob(launcher, 3, args, { cwd: folder });
      assert.is.not(status, null, 'it hung');
      assert.is.not(status, 0);
      assert.is(stderr.match(new RegExp(message.source, 'g'))?.length, 1, stderr);
    }
  });
});

testUnderMpi('train: processes that were started with other options are told apart', async (launcher) => {
  await inScratch(async (folder) => {
    // Each sees another folder.
    for (const [name, cell] of [
      ['0', '0.5'],
      ['1', '0.51'],
    ]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'data.csv'), table(100).replace('0.5', cell));
    }
    writeFileSync(
      join(folder, 'each.mjs'),
      `process.chdir(process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK);
       await import(${JSON.stringify(join(process.cwd(), 'dist/cli/main.js'))});`,
    );
    const job = [join(folder, 'each.mjs'), ...TRAIN, '--epochs', '1', '--out', 'run'];
    const { status, stderr } = await nodeJob(launcher, 2, job, { cwd: folder });
    assert.is.not(status, null, 'it hung');
    assert.is.not(status, 0);
    assert.match(stderr, /the examples of rank 1 differ from rank 0's/);
  });
});

testUnderMpi('processes that were started with several commands are told apart', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const short = [...TRAIN, '--epochs', '1', '--threads', '1', '--out', 'run'];
    const commands: readonly (readonly string[])[] = [
      [...short, '--preset', 'topk', '--k', '2', '--shard', 'latents'],
      ['encode', 'absent', 'data.csv', '--out', 'codes.npy'],
      ['sweep', 'data.csv', '--vary', 'hidden=2,3'],
    ];
    for (const other of commands) {
      const job = [MAIN, ...short, ':', '-n', '1', process.execPath, MAIN, ...other];
      const { status, stderr } = await nodeJob(launcher, 1, job, { cwd: folder });
      assert.is.not(status, null, 'it hung');
      assert.is.not(status, 0);
      assert.match(
        stderr,
        /the command of rank 1 differs from rank 0's: all 2 processes must be started with the same/,
      );
    }
    const threads = short.map((arg, i) => (short[i - 1] === '--threads' ? '2' : arg)); // each its own
    const own = [MAIN, ...short, ':', '-n', '1', process.execPath, MAIN, ...threads];
    assert.is((await nodeJob(launcher, 1, own, { cwd: folder })).status, 0);
  });
});

testUnderMpi('train: of processes that MPI does not know, each says so', async () => {
  await inScratch(async (folder) => {
    for (const rank of ['0', '2']) {
      // As by srun --mpi=none; Open MPI, begun so, sets variables of its own.
      const env = { SLURM_PROCID: rank, SLURM_STEP_NUM_TASKS: '3' };
      const { status, stderr } = await rhohat(TRAIN, { cwd: folder, env });
      assert.is(status, 2);
      assert.match(stderr, new RegExp(`is rank 0 of 1, and was started as rank ${rank} of 3: .*--mpi=pmix`));
    }
  });
});

testUnderMpi('train: a process that cannot join the others is told, and ends all', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    for (const rank of ['0', '1']) {
      writeFileSync(
        join(folder, 'each.mjs'),
        `const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK;
         if (rank === '${rank}') process.env.RHOHAT_MPI = '/nowhere';
         await import(${JSON.stringify(join(process.cwd(), 'dist/cli/main.js'))});`,
      );
      const { status, stderr } = await nodeJob(launcher, 2, [join(folder, 'each.mjs'), ...TRAIN], { cwd: folder });
      assert.is.not(status, null, 'it hung');
      assert.is.not(status, 0);
      assert.match(
        stderr,
        rank === '0' ? /^rhohat: RHOHAT_MPI is \/nowhere/ : /^rhohat: rank 1 of 2 \(host .+\): RHOHAT_MPI/,
      );
    }
  });
});

test('one process that no launcher started needs no MPI', async () => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const { status } = await rhohat([...TRAIN, '--epochs', '1', '--out', 'run'], {
      cwd: folder,
      env: { RHOHAT_MPI: '/nowhere' },
    });
    assert.is(status, 0);
  });
});

test.run();
