import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch } from '../cli/command.ts';
import { allGone, type Fault, faultyJob } from '../support/faulty-job.ts';
import { type Job, type Launcher, nodeJob, testUnderMpi } from '../support/mpirun.ts';

/** Three processes, of which some suffer a fault: the job has ended, and nothing of it is left. */
async function suffer(launcher: Launcher, fault: Fault, ranks: readonly number[]): Promise<Job> {
  let job: Job | undefined;
  await inScratch(async (folder) => {
    const { script, env } = faultyJob(folder);
    job = await nodeJob(launcher, 3, [script, fault, ranks.join(',')], { cwd: folder, env });
    await allGone(folder);
  });
  if (job === undefined) throw new Error('no job');
  assert.is.not(job.status, null, `it hung: ${job.stderr}`);
  return job;
}

/** The lines that are ours. */
const linesOf = ({ stderr }: Job) => stderr.split('\n').filter((line) => line.startsWith('rhohat: '));

testUnderMpi('a job in which nothing happens ends well, and says nothing', async (launcher) => {
  const job = await suffer(launcher, 'none', []);
  assert.is(job.status, 0, job.stderr);
  assert.equal(linesOf(job), []);
});

testUnderMpi('a process that is killed ends the job, and one line names it: each of three', async (launcher) => {
  for (const rank of [0, 1, 2]) {
    const job = await suffer(launcher, 'kill', [rank]);
    assert.is.not(job.status, 0);
    const lines = linesOf(job);
    assert.is(lines.length, 1, job.stderr);
    assert.match(
      lines[0],
      new RegExp(`^rhohat: rank ${rank} of 3 \\(host \\S+, pid \\d+\\) ended without a word: .*--resume$`),
      job.stderr,
    );
  }
});

testUnderMpi('a process that leaves without a word ends the job, and one line names it', async (launcher) => {
  for (const rank of [0, 2]) {
    const job = await suffer(launcher, 'exit', [rank]);
    // MPICH's launcher, which has seen a process end with 0, sometimes ends so itself.
    if (launcher.name !== 'MPICH') assert.is.not(job.status, 0);
    assert.is(linesOf(job).length, 1, job.stderr);
    assert.match(linesOf(job).join('\n'), new RegExp(`^rhohat: rank ${rank} of 3 .* ended without a word`), job.stderr);
  }
});

testUnderMpi('a process that throws ends the job, and one line names it', async (launcher) => {
  const job = await suffer(launcher, 'throw', [1]);
  assert.is.not(job.status, 0);
  assert.match(job.stderr, /Error: thrown by one/);
  assert.match(linesOf(job).join('\n'), /^rhohat: rank 1 of 3 [^\n]* ended without a word[^\n]*$/);
});

testUnderMpi(
  'a failure is told once, with the ranks where not all have it, and its status is that of the job',
  async (launcher) => {
    for (const [ranks, line] of [
      [[0], /^rhohat: rank 0 of 3 \(host \S+\): the shard is not there$/],
      [[1], /^rhohat: rank 1 of 3 \(host \S+\): the shard is not there$/],
      [[0, 2], /^rhohat: ranks 0, 2 of 3: the shard is not there$/],
      [[0, 1, 2], /^rhohat: the shard is not there$/],
    ] as const) {
      const job = await suffer(launcher, 'fail', ranks);
      assert.is(job.status, 3, job.stderr);
      assert.match(linesOf(job).join('\n'), line);
    }
  },
);

testUnderMpi('a process that is stopped for five seconds and goes on is no death', async (launcher) => {
  const job = await suffer(launcher, 'stop', [1]);
  assert.is(job.status, 0, job.stderr);
  assert.equal(linesOf(job), []);
});

test.run();
