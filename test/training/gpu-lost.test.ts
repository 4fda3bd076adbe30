import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadKernels } from '../../src/kernels/create.ts';
import { gpu } from '../../src/kernels/gpu.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { openDevice } from '../../src/kernels/webgpu/adapter.ts';
import { createWebGpuKernels } from '../../src/kernels/webgpu/webgpu.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { dictionaries } from '../support/dictionaries.ts';
import { gpuKernels } from '../support/gpu.ts';
import { uniforms } from '../support/views.ts';

// Models whose device is lost at bad moments: each of these was wrong once.

const there = (await gpuKernels()) !== null;
const gpuTest = (name: string, run: () => Promise<void>) => (there ? test(name, run) : test.skip(name));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const devices: GPUDevice[] = [];
const lose = () => devices[devices.length - 1].destroy();
/** What follows when rows are held, once. */
const after: { hold: (() => Promise<void>) | null; read: (() => Promise<void>) | null } = { hold: null, read: null };

gpu.create = async (options = {}) => {
  const open = async () => {
    const opened = await openDevice();
    devices.push(opened.device);
    return opened;
  };
  const k = await createWebGpuKernels({ open, fallback: () => loadKernels('float32', options) });
  const of = (name: 'hold' | 'read') => {
    const own = k[name] as (...given: unknown[]) => Promise<unknown>;
    return async (...given: unknown[]) => {
      const answer = await own(...given);
      const then = after[name];
      after[name] = null;
      await then?.();
      return answer;
    };
  };
  const wrapped = Object.defineProperties({}, Object.getOwnPropertyDescriptors(k)) as Kernels;
  return Object.defineProperties(wrapped, { hold: { value: of('hold') }, read: { value: of('read') } });
};

const x = ndarray(Float32Array.from(uniforms(64 * 6, 1, 0, 1)), [64, 6]);
const config = { inputs: 6, hidden: 8, seed: 3, output: 'linear' } as const;
const plan = { epochs: 5, batchSize: 16 };
const onGpu = () => Autoencoder.create(config, { kernels: 'webgpu' });
const norm = async (model: Autoencoder) =>
  Math.hypot(...Object.values(await model.parameters()).flatMap(({ data }) => [...(data as Float32Array)]));

/** A loss, and until the next device is there. */
async function lost(): Promise<void> {
  const before = devices.length;
  lose();
  for (let n = 0; n < 1000 && devices.length === before; n++) await sleep(5);
  await sleep(20);
}

gpuTest('parameters that were set after a loss stay', async () => {
  const model = await onGpu();
  const first = await model.parameters();
  const wanted = await norm(model);
  let steps = 0;
  const onProgress = () => {
    if (++steps === 60) lose();
  };
  await fit(model, x, { ...plan, epochs: 100, onProgress }).catch(() => {}); // which tells of the loss
  model.setParameters(first);
  await sleep(3000);
  assert.is(await norm(model), wanted);
  model.dispose();
});

gpuTest('a model that was made, and its device lost before anything was read, is what it was', async () => {
  const [model, plain] = [await onGpu(), await Autoencoder.create(config)];
  await lost();
  await model.encode(x).catch(() => {});
  assert.ok(Math.abs((await norm(model)) - (await norm(plain))) < 1e-4);
  model.dispose();
  plain.dispose();
});

gpuTest('rows that were held on a device that is lost are not trained on as 0s', async () => {
  const [model, plain] = [await onGpu(), await Autoencoder.create(config)];
  await model.encode(x);
  await sleep(300);
  after.hold = lost;
  const { cost } = await fit(plain, x, plan);
  const got = await fit(model, x, plan).catch(() => null);
  assert.ok(got === null || Math.abs(got.cost - cost) < 1e-3, `cost ${got?.cost}, on the processor ${cost}`);
  model.dispose();
  plain.dispose();
});

gpuTest('a gradient is not 0 for a device that was lost after the cost was read', async () => {
  const model = await onGpu();
  await model.costAndGradient(x);
  await sleep(300);
  after.read = lost;
  const got = await model.costAndGradient(x).catch(() => null);
  const all = got === null ? [1] : Object.values(got.gradient).flatMap(({ data }) => [...(data as Float32Array)]);
  assert.ok(all.some((value) => value !== 0));
  model.dispose();
});

gpuTest('a model that is disposed during fit says so, as on the processor', async () => {
  const model = await onGpu();
  const onProgress = ({ step }: { step: number }) => {
    if (step === 5) model.dispose();
  };
  const error = await fit(model, x, { ...plan, onProgress }).catch((thrown) => thrown);
  assert.is(String(error), 'InputError: the model was disposed during the call');
});

gpuTest('parameters are those of when they were asked for', async () => {
  const model = await onGpu();
  const before = await norm(model);
  const zeros = Object.entries(await model.parameters()).map(
    ([name, { shape }]) => [name, ndarray(new Float32Array(shape[0] * (shape[1] ?? 1)), [...shape])] as const,
  );
  const asked = model.parameters();
  model.setParameters(Object.fromEntries(zeros));
  const got = Object.values(await asked).flatMap(({ data }) => [...(data as Float32Array)]);
  assert.is(Math.hypot(...got), before);
  model.dispose();
});

gpuTest('after a device was lost every kind of model costs and encodes what it did, to the bit', async () => {
  const plain: Record<string, Partial<AutoencoderConfig>> = {
    KL: { sparsity: { kind: 'kl', target: 0.1, weight: 1 }, weightDecay: 1e-3, weightL1: 1e-3 },
    L1: { sparsity: { kind: 'l1', weight: 0.01 }, loss: 'cross-entropy', tied: true },
    'k-sparse': { sparsity: { kind: 'k-sparse', k: 3, alpha: 2 } },
    contractive: { contraction: 0.1, hidden: [7, 5] },
    denoising: { corruption: { kind: 'masking', fraction: 0.3 } },
  };
  const target = ndarray(Float32Array.from(uniforms(64 * 4, 2, 0, 1)), [64, 4]);
  const kinds = Object.entries({ ...plain, ...dictionaries });
  const models: Autoencoder[] = [];
  for (const [, kind] of kinds) {
    models.push(
      await Autoencoder.create({ inputs: 6, hidden: 21, seed: 3, ...kind } as AutoencoderConfig, { kernels: 'webgpu' }),
    );
  }
  const outcome = async (model: Autoencoder) => {
    const compared = model.config.targets === 6 ? {} : { target };
    const { cost, gradient } = await model.costAndGradient(x, compared);
    const codes = await model.encode(x);
    return [
      cost,
      ...Object.values(gradient).flatMap(({ data }) => [...(data as Float32Array)]),
      ...(codes.data as Float32Array),
    ];
  };
  const before: number[][] = [];
  for (const model of models) before.push(await outcome(model));
  await sleep(300); // what was written last is kept
  await lost();
  for (const [n, model] of models.entries()) {
    const after = await outcome(model);
    const at = after.findIndex((value, i) => !Object.is(value, before[n][i]));
    assert.is(at, -1, `${kinds[n][0]}: number ${at} is ${after[at]}, and was ${before[n][at]}`);
    model.dispose();
  }
});

test.run();
