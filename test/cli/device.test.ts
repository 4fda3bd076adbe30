import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gpuKernels } from '../support/gpu.ts';
import { inScratch, once, rhohat, table } from './command.ts';

const SMALL = ['train', 't.csv', '--hidden', '2', '--epochs', '1', '--batch-size', '50', '--out', 'run'];
const json = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, 'run', name), 'utf8'));
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';

/** Vulkan's loader finds no driver. */
const NO_DRIVER = { VK_ICD_FILENAMES: '/nonexistent.json', VK_DRIVER_FILES: '/nonexistent.json' };
const onLinux = process.platform === 'linux' ? test : test.skip;

const kernels = await gpuKernels();
const adapter = kernels?.adapter;
kernels?.dispose();
const onGpu = kernels === null ? test.skip : test;

test('--device gpu beside what no GPU has is refused before anything is read', () =>
  inScratch(async (folder) => {
    for (const flags of [['--deterministic'], ['--fast-float64'], ['--precision', 'float64']]) {
      for (const command of ['train', 'stack', 'classify', 'sweep']) {
        if (command === 'sweep' && flags[0] === '--precision') continue; // found with the runs
        const { status, stderr } = await rhohat([command, 'none.csv', '--device', 'gpu', ...flags], { cwd: folder });
        assert.is(status, 2, stderr);
        assert.match(stderr, new RegExp(`^rhohat: --device gpu is given with ${flags[0]}.*\\n$`), command);
      }
    }
    const { status, stderr } = await rhohat(['train', 'none.csv', '--device', 'tpu'], { cwd: folder });
    assert.is(status, 2);
    assert.match(stderr, /cpu, gpu, auto/);
  }));

onLinux(
  '--device gpu without a driver says what is missing; auto trains on the processor, which its run remembers',
  () =>
    inScratch(async (folder) => {
      writeFileSync(join(folder, 't.csv'), table(4000));
      const without = { cwd: folder, env: NO_DRIVER };
      const gpu = await rhohat([...SMALL, '--device', 'gpu'], without);
      assert.is(gpu.status, 1);
      assert.match(
        lastLine(gpu.stderr),
        /^rhohat: (WebGPU finds no adapter|there is no WebGPU here).*npm install webgpu/,
      );

      const long = [...SMALL, '--device', 'auto', '--epochs', '100000', '--checkpoint-every', '50'];
      const onStart = once(join(folder, 'run/checkpoint.safetensors'), (kill) => kill('SIGINT'));
      assert.is((await rhohat(long, { ...without, onStart })).status, 130);
      const { device, chosen } = json(folder, 'run.json');
      assert.equal({ device, chosen }, { device: 'auto', chosen: { by: 'auto', kernels: 'cpu' } });
      const again = await rhohat(['train', '--resume', 'run'], {
        ...without,
        onStart: once(join(folder, 'run/run.lock'), (kill) => setTimeout(() => kill('SIGINT'), 1500)),
      });
      assert.not.match(again.stderr, /auto chose/); // it is not asked again
      const summary = json(folder, 'summary.json');
      assert.equal([summary.device, summary.chosen], ['cpu', { by: 'auto', kernels: 'cpu' }]);
    }),
);

onGpu('--device gpu trains and encodes there, and tells the adapter', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 't.csv'), table(100));
    const trained = await rhohat([...SMALL, '--device', 'gpu'], { cwd: folder });
    assert.is(trained.status, 0, trained.stderr);
    const summary = json(folder, 'summary.json');
    const { limits, ...names } = adapter ?? {};
    assert.equal([summary.kernels, summary.device, summary.adapter, summary.limits], ['webgpu', 'gpu', names, limits]);
    assert.match(trained.stdout, /^ {2}engine {10}webgpu on .*, buffers to /m);
    assert.match(trained.stderr, /^rhohat: webgpu on /m);
    const there = await rhohat(['encode', 'run', 't.csv', '--device', 'gpu'], { cwd: folder });
    const here = await rhohat(['encode', 'run', 't.csv'], { cwd: folder });
    assert.is(there.status, 0, there.stderr);
    const [a, b] = [there, here].map(({ stdout }) => stdout.split(/[\n,]/).map(Number));
    assert.is(a.length, b.length);
    assert.is(
      a.findIndex((value, i) => Math.abs(value - b[i]) > 1e-5),
      -1,
    );
  }),
);

test.run();
