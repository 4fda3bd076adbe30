import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { gpuKernels } from '../support/gpu.ts';

// On what WebGPU finds here; what stands in for a GPU is in kernel-choice.test.ts.

const x = matrix(
  Float32Array.from({ length: 40 * 6 }, (_, i) => ((i * 7919) % 97) / 100),
  40,
  6,
);
const config = { inputs: 6, hidden: 4, seed: 1 } as const;
const options = { epochs: 2, batchSize: 20 } as const;
const kernels = await gpuKernels();
const adapter = kernels?.adapter;
kernels?.dispose();
const onGpu = kernels === null ? test.skip : test;

onGpu('kernels: webgpu trains as the processor does, is saved, and goes on from a checkpoint of either', async () => {
  const checkpoints: Uint8Array[] = [];
  const save = (bytes: Uint8Array) => void checkpoints.push(bytes);
  const there = await Autoencoder.create(config, { kernels: 'webgpu' });
  const { limits, ...names } = adapter ?? {};
  assert.equal([there.runtime.device, there.runtime.adapter, there.runtime.limits], ['gpu', names, limits]);
  const here = await Autoencoder.create(config);
  const costs = [
    await fit(there, x, { ...options, checkpoint: { every: 2, save } }),
    await fit(here, x, { ...options, checkpoint: { every: 2, save } }),
  ].map(({ cost }) => cost);
  assert.ok(Math.abs(costs[0] - costs[1]) <= 1e-5 * costs[1], `${costs}`);

  const [half, , other] = checkpoints;
  const resumed = await fit(await Autoencoder.create(config), x, { ...options, resume: half });
  assert.equal(resumed.resumed, { step: 2, kernels: 'webgpu' });
  const back = await fit(await Autoencoder.create(config, { kernels: 'webgpu' }), x, { ...options, resume: other });
  for (const { cost } of [resumed, back]) assert.ok(Math.abs(cost - costs[1]) <= 1e-5 * costs[1], `${cost}, ${costs}`);

  const bytes = await serializeModel(there);
  const codes = await there.encode(x);
  for (const kernels of ['cpu', 'webgpu'] as const) {
    const { model } = await deserializeModel(bytes, { kernels });
    const { data } = await model.encode(x);
    const far = data.findIndex((value: number, i: number) => Math.abs(value - codes.data[i]) > 1e-5);
    assert.is(far, -1, kernels);
  }
});

onGpu('kernels: auto times both, and runs on the faster', async () => {
  const { runtime } = await Autoencoder.create(config, { kernels: 'auto', batchSize: 20 });
  const { chosen, device, note } = runtime;
  const { cpu = Number.NaN, gpu = Number.NaN } = chosen ?? {};
  assert.ok(cpu > 0 && gpu > 0, JSON.stringify(runtime));
  assert.equal([device, note], [gpu < cpu ? 'gpu' : 'cpu', null]);
});

test.run();
