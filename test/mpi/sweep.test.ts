import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, once, rhohat, table } from '../cli/command.ts';
import { nodeJob, rhohatJob, testUnderMpi } from '../support/mpirun.ts';

const SWEEP = ['sweep', 'data.csv', '--optimizer', 'adam', '--no-turbo', '--jobs', '1'];

/** A sweep's table without the seconds that runs took. */
function tableOf(folder: string): string {
  const [head, ...rows] = readFileSync(join(folder, 'sweep.csv'), 'utf8').trim().split('\n');
  const at = head.split(',').indexOf('seconds');
  return [head, ...rows]
    .map((line) =>
      line
        .match(/("[^"]*"|[^,]*)(,|$)/g)
        ?.filter((_, i) => i !== at)
        .join(''),
    )
    .join('\n');
}

testUnderMpi('sweep: two processes train the runs of one, each once', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(300));
    const args = [...SWEEP, '--vary', 'hidden=2,3', '--vary', 'epochs=1,2'];
    const one = await rhohat([...args, '--out', 'one'], { cwd: folder });
    assert.is(one.status, 0, one.stderr);
    const all = await rhohatJob(launcher, 2, [...args, '--out', 'all'], { cwd: folder });
    assert.is(all.status, 0, all.stderr);
    assert.is(all.stdout.replace('all\n', 'one\n'), one.stdout);
    assert.is(all.stderr.match(/^\d\/4 .*: validation /gm)?.length, 4, all.stderr);
    assert.is(tableOf(join(folder, 'all')), tableOf(join(folder, 'one')));
    assert.equal(readdirSync(join(folder, 'all')), readdirSync(join(folder, 'one')));
    for (const name of readdirSync(join(folder, 'one'))) {
      if (!name.includes('=')) continue;
      const [a, b] = ['one', 'all'].map((sweep) => readFileSync(join(folder, sweep, name, 'model.safetensors')));
      assert.ok(a.equals(b), name);
      // A child is no process of the job: it trains alone.
      assert.not.match(readFileSync(join(folder, 'all', name, 'summary.json'), 'utf8'), /"processes"/);
    }
    for (const picture of ['curves.svg', 'heatmap.svg', 'best.json']) {
      const [a, b] = ['one', 'all'].map((sweep) => readFileSync(join(folder, sweep, picture), 'utf8'));
      assert.ok(a === b, picture);
    }
  });
});

testUnderMpi('sweep: a signal to one process ends all, and --resume ends in the same bits', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(2000));
    const args = [...SWEEP, '--vary', 'epochs=2,1500', '--hidden', '3', '--seeds', '2'];
    const first = await rhohatJob(launcher, 2, [...args, '--checkpoint-every', '200', '--out', 'all'], {
      cwd: folder,
      // The longest begin first, one in each process.
      onStart: () =>
        once(join(folder, 'all/epochs=1500,seed=2/checkpoint.safetensors'), () =>
          process.kill(JSON.parse(readFileSync(join(folder, 'all/run.lock'), 'utf8')).pid, 'SIGINT'),
        )(() => {}),
    });
    assert.is.not(first.status, null, 'it hung');
    assert.is.not(first.status, 0);
    assert.match(first.stderr, /interrupted: go on with rhohat sweep --resume all/);
    assert.not.ok(existsSync(join(folder, 'all/.taken')));
    assert.match(tableOf(join(folder, 'all')), /epochs=1500,seed=\d",1500,\d,(unfinished|interrupted)/);
    const rest = await rhohatJob(launcher, 2, ['sweep', '--resume', 'all', '--jobs', '1'], { cwd: folder });
    assert.is(rest.status, 0, rest.stderr);
    const one = await rhohat([...args, '--out', 'one'], { cwd: folder });
    assert.is(one.status, 0, one.stderr);
    assert.is(tableOf(join(folder, 'all')), tableOf(join(folder, 'one')));
    for (const seed of [1, 2]) {
      const [a, b] = ['one', 'all'].map((sweep) =>
        readFileSync(join(folder, sweep, `epochs=1500,seed=${seed}`, 'model.safetensors')),
      );
      assert.ok(a.equals(b));
    }
  });
});

testUnderMpi('sweep: a run that fails ends none of the others, and says why', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const vary = ['--vary', 'learning-rate=1e30,0.1', '--optimizer', 'sgd', '--epochs', '3', '--hidden', '3'];
    const args = ['sweep', 'data.csv', '--no-turbo', '--output', 'linear', ...vary, '--out', 'all'];
    const { status, stdout, stderr } = await rhohatJob(launcher, 2, args, { cwd: folder });
    assert.is(status, 1, stderr);
    assert.match(stdout, /failed: learning-rate=1e30,seed=1: step \d+: .*(Infinity|NaN)/);
    assert.match(tableOf(join(folder, 'all')), /learning-rate=0\.1,seed=1",0\.1,1,finished/);
  });
});

testUnderMpi('sweep: bad input is told once, and a folder that is not shared', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const wrong = await rhohatJob(launcher, 2, [...SWEEP, '--vary', 'hidden'], { cwd: folder });
    assert.is(wrong.status, 2, wrong.stderr);
    assert.match(wrong.stderr, /--vary is "hidden"/);
    writeFileSync(
      join(folder, 'each.mjs'),
      `import { mkdirSync, writeFileSync } from 'node:fs';
       const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK;
       mkdirSync(rank);
       process.chdir(rank);
       writeFileSync('data.csv', ${JSON.stringify(table(100))});
       await import(${JSON.stringify(join(process.cwd(), 'dist/cli/main.js'))});`,
    );
    const job = [join(folder, 'each.mjs'), ...SWEEP, '--vary', 'hidden=2,3', '--out', 'all'];
    const apart = await nodeJob(launcher, 2, job, { cwd: folder });
    assert.is(apart.status, 2, apart.stderr);
    assert.match(apart.stderr, /all is begun by rank 0, and this process does not see it/);
  });
});

test.run();
