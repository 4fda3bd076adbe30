import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EngineError, InputError } from '../../../src/errors.ts';
import { openDevice } from '../../../src/kernels/webgpu/adapter.ts';
import { GpuBlock } from '../../../src/kernels/webgpu/block.ts';
import { call, program, vectorOf } from '../../../src/kernels/webgpu/call.ts';
import { Device } from '../../../src/kernels/webgpu/device.ts';
import { errorOf } from '../../support/errors.ts';
import { gpuKernels } from '../../support/gpu.ts';

/** Blocks of these tests have no kernels that hear of failures. */
const nobody = { failure: null };
const there = (await gpuKernels()) !== null;
const gpuTest = (name: string, run: () => Promise<void>) => (there ? test(name, run) : test.skip(name));

async function stageOf() {
  const device = new Device(await openDevice());
  return { device, scratch: (_: string, kind: 'numbers' | 'doubles' | 'indices', n: number) => new GpuBlock(n, kind) };
}

type Kind = abstract new (message: string) => Error;

async function told(action: () => Promise<unknown>, kind: Kind, message: RegExp): Promise<void> {
  const error = await errorOf(action);
  assert.instance(error, kind);
  assert.match((error as Error).message, message);
}

gpuTest('a kernel that does not compile is named, with the line, and the device goes on', async () => {
  const stage = await stageOf();
  const out = new GpuBlock(4, 'numbers', nobody);
  const bad = program({
    name: 'crooked',
    views: { out: 'write' },
    numbers: {},
    code: 'fn run(g: u32, l: u32) { nonsense(); }',
  });
  call(stage, bad, { out: vectorOf(out) }, {}, 1);
  await told(
    () => stage.device.download(out, 0, 16).then(() => stage.device.settle(nobody)),
    EngineError,
    /the kernel crooked: line \d+: .*nonsense/,
  );
  const good = program({
    name: 'straight',
    views: { out: 'write' },
    numbers: { v: 'f32' },
    code: 'fn run(g: u32, l: u32) { if (l < 4u) { set_out1(l, p.v); } }',
  });
  call(stage, good, { out: vectorOf(out) }, { v: 2.5 }, 1);
  const bytes = await stage.device.download(out, 0, 16);
  await stage.device.settle(nobody);
  assert.equal([...new Float32Array(bytes)], [2.5, 2.5, 2.5, 2.5]);
  assert.is(stage.device.pipelines.size, 1); // what was not compiled is not kept
  stage.device.gpu.destroy();
});

gpuTest('a buffer for which there is no room is told with its size', async () => {
  const { device } = await stageOf();
  const { gpu } = device;
  const pop = gpu.popErrorScope.bind(gpu);
  gpu.popErrorScope = async () => {
    await pop();
    return { message: 'out of memory' } as GPUError;
  };
  device.bufferOf(new GpuBlock(1 << 20, 'numbers', nobody));
  gpu.popErrorScope = pop;
  await told(() => device.settle(nobody), InputError, /no room for another 4.00 MiB: take a smaller batchSize/);
  await device.settle(nobody); // told once
  gpu.destroy();
});

gpuTest('calls are sent off together: a read is one submission', async () => {
  const k = await gpuKernels();
  if (k === null) throw new Error('there was one');
  const stage = await stageOf();
  const { device } = stage;
  const add = program({
    name: 'add',
    views: { out: 'write' },
    numbers: { v: 'f32' },
    code: 'fn run(g: u32, l: u32) { if (l == 0u) { set_out1(0u, out1(0u) + p.v); } }',
  });
  const out = new GpuBlock(4, 'numbers', nobody);
  for (let n = 0; n < 100; n++) call(stage, add, { out: vectorOf(out) }, { v: n }, 1);
  assert.is(device.submissions, 0);
  assert.is(new Float32Array(await device.download(out, 0, 4))[0], 4950);
  assert.is(device.submissions, 1);
  for (let n = 0; n < 3000; n++) call(stage, add, { out: vectorOf(out) }, { v: 1 }, 1); // more than parameters have room for
  assert.is(new Float32Array(await device.download(out, 0, 4))[0], 7950);
  device.gpu.destroy();
});

test.run();
