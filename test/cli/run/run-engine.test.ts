import { Command } from 'commander';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addEngineOptions,
  assertDevice,
  type EngineFlags,
  kernelOptions,
} from '../../../src/cli/flags/engine-flags.ts';
import { nameFlags } from '../../../src/cli/flags/flag-names.ts';
import { engineOf, ranOnSettings, timedBatch } from '../../../src/cli/run/run-engine.ts';
import type { RunSettings } from '../../../src/cli/run/run-settings.ts';
import { InputError } from '../../../src/errors.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import { ranOn, ranOnLines } from '../../../src/report/ran-on.ts';
import { assertRefused, errorOf } from '../../support/errors.ts';
import { fakeGpu, withGpu } from '../../support/fake-gpu.ts';

const chosen = { by: 'auto', kernels: 'webgpu', cpu: 12.3456, gpu: 3.1, batchSize: 40 } as const;
const settings = (more: Partial<RunSettings>, precision: 'float32' | 'float64' = 'float32'): RunSettings => ({
  ...{ rhohat: '0', run: { source: 'a', data: {}, model: { hidden: 2, precision }, fit: { batchSize: 40 } } },
  ...more,
});
const alone = { examples: 200, together: false };

test('--device: what does not go with it is refused with one line each', async () => {
  const refused: [EngineFlags, Parameters<typeof assertDevice>[1], RegExp][] = [
    [{ device: 'gpu', deterministic: true }, {}, /^--device gpu is given with --deterministic/],
    [{ device: 'auto', deterministic: true }, {}, /^--device auto is given with --deterministic/],
    [{ device: 'gpu', fastFloat64: true }, {}, /--fast-float64/],
    [{ device: 'gpu' }, { precision: 'float64' }, /--precision float64/],
    [{ device: 'gpu' }, { together: true }, /to several processes.*without mpirun/],
    [{ device: 'auto' }, { together: true }, /to several processes/],
  ];
  for (const [flags, around, message] of refused) await assertRefused(() => assertDevice(flags, around), message);
  assertDevice({ device: 'cpu', deterministic: true, fastFloat64: true }, { precision: 'float64', together: true });
  assertDevice({ device: 'auto', fastFloat64: true }, { precision: 'float64' }); // the processor
  assertDevice({ deterministic: true }, { together: true });
  await assertRefused(() => kernelOptions({ device: 'gpu', deterministic: true }), /--deterministic/);
});

test('--device: the kernels that it asks for', () => {
  assert.equal(kernelOptions({}), {});
  assert.equal(kernelOptions({ device: 'cpu' }), { kernels: 'cpu' });
  assert.equal(kernelOptions({ device: 'gpu', threads: 2 }), { kernels: 'webgpu', threads: 2 });
  assert.equal(kernelOptions({ device: 'auto' }), { kernels: 'auto' });
});

test('--device: what the library says of kernels is said of the flag', async () => {
  const error = await withGpu(
    () => fakeGpu(),
    () => errorOf(() => Autoencoder.create({ inputs: 2, hidden: 1, precision: 'float64' }, { kernels: 'webgpu' })),
  );
  assert.instance(error, InputError);
  const told = nameFlags(error, addEngineOptions(new Command('encode')));
  assert.match(told, /^--device is gpu, and config\.precision is "float64".*: leave --device out, or take float32$/);
});

test('--device is that of the run, which a flag of a resumed one replaces; auto keeps what it had chosen', async () => {
  const of = (given: Partial<RunSettings>, flags: EngineFlags) => engineOf(settings(given), flags, alone).engine;
  assert.equal(of({}, {}), {});
  assert.equal(of({ device: 'gpu' }, {}), { kernels: 'webgpu' });
  assert.equal(of({ device: 'gpu' }, { device: 'cpu' }), { kernels: 'cpu' });
  assert.equal(of({ device: 'auto', chosen }, {}), { kernels: 'auto', batchSize: 40, chosen });
  assert.equal(of({}, { device: 'auto' }), { kernels: 'auto', batchSize: 40, chosen: undefined });
  await assertRefused(() => of({ deterministic: true }, { device: 'gpu' }), /--deterministic/);
  await assertRefused(() => engineOf(settings({ device: 'gpu' }, 'float64'), {}, alone), /float64/);
  await assertRefused(() => engineOf(settings({ device: 'gpu' }), {}, { ...alone, together: true }), /processes/);
});

test('auto is timed on batches as they come, of a whole set on no more than 10,000 examples', () => {
  assert.equal(timedBatch({ batchSize: 40 }, 1000), { batchSize: 40 });
  assert.equal(timedBatch({ batchSize: 40 }, 10), { batchSize: 10 });
  assert.equal(timedBatch({ optimizer: { kind: 'lbfgs', iterations: 5 } }, 500), { batchSize: 500 });
  assert.equal(timedBatch({ optimizer: { kind: 'lbfgs', iterations: 5 } }, 60_000), { batchSize: 10_000 });
});

test('a summary says on what a model ran, and what auto measured; a run keeps both', async () => {
  const model = await withGpu(
    () => fakeGpu(),
    () => Autoencoder.create({ inputs: 2, hidden: 1 }, { kernels: 'auto', chosen }),
  );
  const ran = ranOn(model.runtime);
  assert.equal(ranOnLines(ran), [
    'webgpu on Acme Paper 1 (acme paper), buffers to 1 GiB, bindings to 128 MiB',
    'chosen by auto: 3.1 ms a step of 40 examples, the processor 12.3 ms',
  ]);
  assert.equal(ranOnSettings(model.runtime), { chosen, adapter: 'Acme Paper 1 (acme paper)' });
  const cpu = { ...chosen, kernels: 'cpu' } as const;
  const [engine, measured] = ranOnLines({ kernels: 'simd', threads: 2, note: 'why', device: 'cpu', chosen: cpu });
  assert.equal(
    [engine, measured],
    ['simd, 2 threads: why', 'chosen by auto: 12.3 ms a step of 40 examples, the GPU 3.1 ms'],
  );
  const own = await Autoencoder.create({ inputs: 2, hidden: 1 }, { threads: 1 });
  assert.equal(Object.keys(ranOn(own.runtime)).sort(), ['kernels', 'threads']);
  assert.equal(ranOnSettings(own.runtime), {});
});

test('auto that could time nothing is kept by a resumed run, and asked anew where it is said again', () => {
  const untimed = { by: 'auto', kernels: 'cpu' } as const;
  const of = (flags: EngineFlags) =>
    engineOf(settings({ device: 'auto', chosen: untimed }), flags, alone).engine.chosen;
  assert.equal(of({}), untimed);
  assert.is(of({ device: 'auto' }), undefined);
});

test.run();
