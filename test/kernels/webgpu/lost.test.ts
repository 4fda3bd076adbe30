import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { vectorView } from '../../../src/array/matrix.ts';
import { EngineError } from '../../../src/errors.ts';
import { openDevice } from '../../../src/kernels/webgpu/adapter.ts';
import { gpuKernels } from '../../support/gpu.ts';

/** Opens devices that the test can destroy; `none`: as if there were no other. */
function opening() {
  const devices: GPUDevice[] = [];
  const state = { none: false };
  const open = async () => {
    if (state.none) throw new EngineError('no adapter');
    const opened = await openDevice();
    devices.push(opened.device);
    return opened;
  };
  return { open, devices, state };
}

const there = (await gpuKernels()) !== null;
const gpuTest = (name: string, run: () => Promise<void>) => (there ? test(name, run) : test.skip(name));

async function setUp() {
  const { open, devices, state } = opening();
  const k = await gpuKernels({ open });
  if (k === null) throw new Error('there was one');
  const theta = vectorView(k.allocate(3));
  const other = vectorView(k.allocate(3));
  k.keep?.(theta.data);
  k.write(theta, [1, 2, 3]);
  k.write(other, [4, 5, 6]);
  return { k, theta, other, devices, state };
}

/** Rest, in which what has changed is kept. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 300));

gpuTest(
  'a device that is lost while nothing runs: what was kept is on the next one, the rest is gone until it is written',
  async () => {
    const { k, theta, other, devices } = await setUp();
    assert.equal([...(await k.copyOut(theta))], [1, 2, 3]);
    await rest();
    devices[0].destroy();
    await rest();
    assert.equal([...(await k.copyOut(theta))], [1, 2, 3]);
    assert.match(
      String(await k.copyOut(other).catch((error) => error)),
      /the GPU was lost, and what the call had computed with it/,
    );
    k.write(other, [4, 5, 6]);
    assert.equal([...(await k.copyOut(other))], [4, 5, 6]);
    assert.is(devices.length, 2);
    assert.is(k.losses, 1);
    assert.match(String(k.note), /the GPU was lost .*a new device runs/);
    k.axpy(theta, 2, theta);
    assert.equal([...(await k.copyOut(theta))], [3, 6, 9]);
    k.dispose();
  },
);

gpuTest('what was written to what is kept outlives a device that is lost before any copy was made', async () => {
  const { k, theta, devices } = await setUp();
  const row = { ...theta, shape: [1, 2], stride: [2, 1], offset: 1 };
  k.write(row, [8, 9]);
  k.write({ ...theta, shape: [] as number[], stride: [] as number[], offset: 0 }, [7]);
  devices[0].destroy();
  await devices[0].lost;
  assert.equal([...(await k.copyOut(theta))], [7, 8, 9]);
  k.dispose();
});

gpuTest('a device that is lost during a read: the read fails, the next works', async () => {
  const { k, theta, devices } = await setUp();
  await k.copyOut(theta);
  await rest();
  k.scale(theta, 2);
  const reading = k.copyOut(theta);
  devices[0].destroy();
  let failed: unknown = null;
  await reading.catch((error) => {
    failed = error;
  });
  assert.instance(failed, EngineError);
  assert.match((failed as Error).message, /^the GPU was lost \(.*its parameters are those of \d+\.\d s before/);
  assert.equal([...(await k.copyOut(theta))], [1, 2, 3]);
  k.dispose();
});

gpuTest('calls between a loss and the next device are made on it, with what they were given', async () => {
  const { k, theta, devices } = await setUp();
  await k.copyOut(theta);
  await rest();
  devices[0].destroy();
  await devices[0].lost;
  await Promise.resolve();
  const values = new Float32Array([7, 8, 9]);
  k.write(theta, values);
  values.fill(0);
  k.scale(theta, 2);
  assert.equal([...(await k.copyOut(theta))], [14, 16, 18]);
  k.dispose();
});

gpuTest('where no other device can be had the processor goes on, and says so', async () => {
  const { k, theta, devices, state } = await setUp();
  await k.copyOut(theta);
  await rest();
  state.none = true;
  devices[0].destroy();
  await devices[0].lost;
  assert.equal([...(await k.copyOut(theta))], [1, 2, 3]);
  const results = k.allocateResults(2);
  k.clearResults(results);
  k.dot(results, 1, theta, theta);
  assert.equal([...(await k.read(results))], [0, 14]);
  assert.is(k.name, 'reference');
  assert.is(k.adapter, undefined);
  assert.match(String(k.note), /the processor runs/);
  const x = { data: Uint8Array.of(255, 51), shape: [2, 1], stride: [1, 1], offset: 0, unit: 255 };
  const out = { data: k.allocate(2), shape: [2, 1], stride: [1, 1], offset: 0 };
  k.gatherRows(out, x, Uint32Array.of(1, 0));
  assert.equal([...(await k.copyOut(out))], [Math.fround(0.2), 1]);
  k.dispose();
});

gpuTest('a thousand rounds of allocation and disposal end with nothing held', async () => {
  const { open } = opening();
  for (let round = 0; round < 1000; round++) {
    const k = await gpuKernels({ open });
    if (k === null) throw new Error('there was one');
    const x = vectorView(k.fork().allocate(1 << 18)); // 1 GiB if it were kept
    k.fill(x, round);
    if (round % 100 === 0) assert.is((await k.copyOut({ ...x, shape: [1] }))[0], round);
    k.dispose();
    assert.is(k.heldBytes(), 0);
  }
});

gpuTest('a kernel that does not compile is named, and what is too long says how much it is', async () => {
  const k = await gpuKernels();
  if (k === null) throw new Error('there was one');
  const { limits } = k.adapter ?? {};
  assert.throws(() => k.allocate((limits?.largestBuffer ?? 0) / 4 + 64), /in one piece, and the GPU takes/);
  k.dispose();
});

test.run();
