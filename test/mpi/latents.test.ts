import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertUnlocked } from '../../src/node/folder-lock.ts';
import { loadModel } from '../../src/node/index.ts';
import { inScratch, rhohat, table } from '../cli/command.ts';
import { fileThere, markOf, processesOf } from '../support/faulty-job.ts';
import { killRuns, underMpi } from '../support/kills.ts';
import { rhohatJob, testUnderMpi } from '../support/mpirun.ts';

const bytesOf = (folder: string, name: string) => readFileSync(join(folder, name, 'model.safetensors')).toString('hex');

/** A process that was ended leaves its lock to be taken over once it is gone. */
async function untilFree(folder: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const free = await assertUnlocked(folder).then(
      () => true,
      () => false,
    );
    if (free) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function parametersOf(folder: string, name: string): Promise<Record<string, number[]>> {
  const { model } = await loadModel(join(folder, name));
  const all = await model.parameters();
  return Object.fromEntries(
    Object.entries(all).map(([key, { data, offset, size }]) => [key, [...data.subarray(offset, offset + size)]]),
  );
}

testUnderMpi(
  'train --shard latents: 2 and 3 processes end where one does, the same to the bit again',
  async (launcher) => {
    await inScratch(async (folder) => {
      writeFileSync(join(folder, 'data.csv'), table(600));
      for (const preset of ['topk', 'batch-topk']) {
        const args = ['train', 'data.csv', '--preset', preset, '--hidden', '37', '--k', '4', '--epochs', '3'];
        // Adam divides by √v + 6e-10 here, which makes much of rounding in gradients that are nearly 0.
        args.push('--optimizer', 'sgd', '--learning-rate', '0.05', '--momentum', '0.9');
        args.push('--batch-size', '64', '--held-out', '100', '--precision', 'float64', '--no-turbo', '--force');
        assert.is((await rhohat([...args, '--out', 'whole'], { cwd: folder })).status, 0);
        const whole = await parametersOf(folder, 'whole');
        for (const n of [2, 3]) {
          for (const out of ['a', 'b']) {
            const job = await rhohatJob(launcher, n, [...args, '--shard', 'latents', '--out', out, '--json'], {
              cwd: folder,
            });
            assert.is(job.status, 0, job.stderr);
            const told = JSON.parse(job.stdout); // one document, of the first process
            assert.is(told.processes.number, n);
            assert.is(told.history.length, 3);
            assert.ok(told.history[2].validation > 0);
          }
          assert.is(bytesOf(folder, 'a'), bytesOf(folder, 'b'));
          assert.equal(readdirSync(join(folder, 'a')), ['model.safetensors', 'training.json']);
          const found = await parametersOf(folder, 'a');
          assert.equal(Object.keys(found), Object.keys(whole));
          for (const [name, values] of Object.entries(whole)) {
            const apart = values.reduce((most, value, i) => Math.max(most, Math.abs(value - found[name][i])), 0);
            assert.ok(apart < 1e-9, `${name} of ${preset} on ${n}: ${apart}`);
          }
        }
      }
    });
  },
);

testUnderMpi('train --shard latents: what it cannot do is one line of the first process', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const args = ['train', 'data.csv', '--hidden', '5', '--shard', 'latents', '--no-turbo', '--out', 'run'];
    const refused = async (more: readonly string[], message: RegExp) => {
      const { status, stderr } = await rhohatJob(launcher, 2, [...args, ...more], { cwd: folder });
      assert.is.not(status, 0);
      assert.match(stderr, message);
      assert.is(stderr.split('\n').filter((line) => line.startsWith('rhohat:')).length, 1, stderr);
    };
    await refused(['--model', 'sparse'], /--sparsity|sparsity.* it must be top-k or batch-top-k/);
    await refused(['--pca', '2'], /--pca is given with --shard latents/);
    assert.not.ok(readdirSync(folder).includes('run'));
  });
});

testUnderMpi(
  'train --shard latents: a signal to any process saves, and --resume ends in the same bits',
  async (launcher) => {
    await inScratch(async (folder) => {
      writeFileSync(join(folder, 'data.csv'), table(90));
      const args = [
        'train',
        'data.csv',
        '--preset',
        'topk',
        '--hidden',
        '19',
        '--k',
        '4',
        '--batch-size',
        '30',
        '--no-turbo',
      ];
      args.push(
        '--shard',
        'latents',
        '--epochs',
        '60',
        '--checkpoint-every',
        '5',
        '--held-out',
        '30',
        '--keep',
        'best',
      );
      const job = async (n: number, more: readonly string[]) => rhohatJob(launcher, n, more, { cwd: folder });
      const left = await job(2, [...args, '--out', 'left']);
      assert.is(left.status, 0, left.stderr);
      const run = rhohatJob(launcher, 2, [...args, '--out', 'run'], { cwd: folder, env: markOf(folder) });
      await fileThere(join(folder, 'run/checkpoint.rank-1-of-2.safetensors'));
      const second = processesOf(folder).find(({ rank }) => rank === 1);
      process.kill(second?.pid as number, 'SIGTERM');
      const { status, stdout, stderr } = await run;
      assert.is(status, 0, stderr);
      assert.is(stdout, '');
      assert.match(stderr, /^interrupted: go on with mpirun -n 2 rhohat train --resume run$/m);
      const found = readdirSync(join(folder, 'run'));
      assert.ok(found.includes('model.safetensors') && found.includes('run.json'), found.join(' '));
      assert.is(found.filter((name) => /^checkpoint\.rank-[01]-of-2\.safetensors$/.test(name)).length, 2);
      const three = await job(3, ['train', '--resume', 'run']);
      assert.is.not(three.status, 0);
      assert.match(
        three.stderr,
        /run is of 2 processes, each with .*, and this is 3: go on with as many, mpirun -n 2 /,
      );
      await untilFree(join(folder, 'run'));
      const resumed = await job(2, ['train', '--resume', 'run']);
      assert.is(resumed.status, 0, resumed.stderr);
      assert.is(bytesOf(folder, 'run'), bytesOf(folder, 'left'));
      assert.equal(readdirSync(join(folder, 'run')), ['model.safetensors', 'training.json']);
    });
  },
);

testUnderMpi(
  'train --shard latents: killed at any moment and resumed ends in the bits of a run left alone',
  async (launcher) => {
    await inScratch(async (folder) => {
      const args = [
        '--preset',
        'batch-topk',
        '--hidden',
        '9',
        '--k',
        '3',
        '--epochs',
        '12',
        '--batch-size',
        '9',
        '--no-turbo',
      ];
      args.push('--shard', 'latents', '--checkpoint-every', '2');
      const { kills, finished } = await killRuns(join(folder, 'runs'), args, 2, 7, underMpi(launcher, 2));
      assert.is(kills, 2);
      assert.ok(finished >= 1);
    });
  },
);

testUnderMpi('encode --shard latents: the bytes of one process, as .npy and as text', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(90));
    for (const preset of ['topk', 'batch-topk']) {
      const args = ['train', 'data.csv', '--preset', preset, '--hidden', '37', '--k', '4', '--no-turbo', '--force'];
      args.push('--precision', 'float64', '--epochs', '2', '--batch-size', '30');
      assert.is((await rhohat([...args, '--out', 'run'], { cwd: folder })).status, 0);
      const encode = (more: readonly string[]) => ['encode', 'run', 'data.csv', '--no-turbo', ...more];
      assert.is((await rhohat(encode(['--out', 'one.npy']), { cwd: folder })).status, 0);
      const one = await rhohat(encode([]), { cwd: folder });
      for (const n of preset === 'topk' ? [3] : [2]) {
        const all = await rhohatJob(launcher, n, encode(['--shard', 'latents', '--out', 'all.npy']), { cwd: folder });
        assert.is(all.status, 0, all.stderr);
        assert.match(all.stdout, /^all.npy: 90 codes of 37 units, float64\n$/);
        assert.ok(
          readFileSync(join(folder, 'one.npy')).equals(readFileSync(join(folder, 'all.npy'))),
          `${n} processes`,
        );
        const text = await rhohatJob(launcher, n, encode(['--shard', 'latents']), { cwd: folder });
        assert.ok(text.stdout === one.stdout, `as text by ${n}`);
      }
    }
  });
});

test('train --shard latents of one process is refused', async () => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const { status, stderr } = await rhohat(['train', 'data.csv', '--shard', 'latents'], { cwd: folder });
    assert.is.not(status, 0);
    assert.match(stderr, /started alone: start several, such as mpirun -n 2/);
  });
});

test.run();
