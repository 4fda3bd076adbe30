import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadModel } from '../../src/node/index.ts';
import { inScratch, rhohat, table } from '../cli/command.ts';
import { rhohatJob, testUnderMpi } from '../support/mpirun.ts';

const bytesOf = (folder: string, name: string) => readFileSync(join(folder, name, 'model.safetensors')).toString('hex');

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
