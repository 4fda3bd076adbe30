import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type View, vectorView } from '../../../src/array/matrix.ts';
import { EngineError } from '../../../src/errors.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { type OpenDevice, openDevice } from '../../../src/kernels/webgpu/adapter.ts';
import { gpuKernels } from '../../support/gpu.ts';

// Devices that are lost at bad moments, failures of other models, limits: each of these was wrong once.

const there = (await gpuKernels()) !== null;
const gpuTest = (name: string, run: () => Promise<void>) => (there ? test(name, run) : test.skip(name));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What no one has caught. */
const uncaught: unknown[] = [];
process.on('unhandledRejection', (error) => uncaught.push(error));

type Change = (opened: OpenDevice, n: number) => OpenDevice;

async function setUp(change: Change = (opened) => opened) {
  const devices: GPUDevice[] = [];
  const open = async () => {
    const opened = change(await openDevice(), devices.length);
    devices.push(opened.device);
    return opened;
  };
  const k = (await gpuKernels({ open })) as Kernels;
  const theta = vectorView(k.allocate(3));
  k.keep?.(theta.data);
  k.write(theta, [1, 2, 3]);
  return { k, theta, devices, open };
}

const numbers = async (k: Kernels, view: View) => [...(await k.copyOut(view))];

function matrixOf(k: Kernels, rows: number, columns: number, kind: 'allocate' | 'allocateIndices' = 'allocate'): View {
  return { data: k[kind](rows * columns), shape: [rows, columns], stride: [columns, 1], offset: 0 };
}

gpuTest(
  'copyOut and read give what all calls before them have left, whatever is called before they are answered',
  async () => {
    const { k, theta } = await setUp();
    const reading = k.copyOut(theta);
    k.fill(theta, 7);
    assert.equal([...(await reading)], [1, 2, 3]);
    const results = k.allocateResults(1);
    k.clearResults(results);
    k.dot(results, 0, theta, theta);
    const read = k.read(results);
    k.clearResults(results);
    assert.equal([...(await read)], [147]);
    k.dispose();
  },
);

gpuTest('a timer of a device that was lost leaves what was kept alone on the next one', async () => {
  const { k, theta, devices } = await setUp();
  await k.copyOut(theta);
  await sleep(300);
  k.scale(theta, 1);
  await k.copyOut(theta); // it has changed: a timer waits, for this device
  devices[0].destroy();
  await sleep(150);
  await k.copyOut(theta).catch(() => {});
  for (let n = 0; n < 40; n++) {
    k.scale(theta, 1);
    assert.equal(await numbers(k, theta), [1, 2, 3], `after ${n} rounds`);
    await sleep(50);
  }
  k.dispose();
});

gpuTest('what was written and never read outlives a device', async () => {
  const { k, theta, devices } = await setUp();
  devices[0].destroy();
  await sleep(300);
  await k.copyOut(theta).catch(() => {});
  assert.equal(await numbers(k, theta), [1, 2, 3]);
  k.dispose();
});

gpuTest('what was computed on a device that is lost is not read as 0', async () => {
  const { k, theta, devices } = await setUp();
  const x = vectorView(k.allocate(3));
  await k.copyOut(theta);
  await sleep(300); // θ is kept, and does not change
  k.blend(x, theta, 2, theta, 0);
  devices[0].destroy();
  await devices[0].lost;
  await sleep(0);
  const got = await numbers(k, x).catch((error) => error);
  assert.ok(got instanceof EngineError, `gave ${got}, no error`);
  k.dispose();
});

gpuTest('rows that were held on a device that is lost are gathered right, or not at all', async () => {
  const { k, theta, devices } = await setUp();
  await k.copyOut(theta);
  await sleep(300);
  const x = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2], stride: [2, 1], offset: 0 };
  const out = matrixOf(k, 2, 2);
  const room = k.fork();
  await k.hold?.(room, x);
  devices[0].destroy();
  await sleep(500);
  k.gatherRows(out, x, Uint32Array.of(2, 0));
  assert.equal(await numbers(k, out), [5, 6, 1, 2]);
  k.dispose();
});

gpuTest('storage that is given back while a device is being replaced harms no later call', async () => {
  const { k, theta, devices } = await setUp();
  await k.copyOut(theta);
  await sleep(300);
  devices[0].destroy();
  await devices[0].lost;
  await Promise.resolve();
  const room = k.fork();
  k.fill(vectorView(room.allocate(3)), 3);
  room.dispose();
  k.dispose();
  await sleep(1000);
  assert.equal(uncaught.splice(0).map(String), []);
});

gpuTest('the processor takes over where the next device is too small', async () => {
  const small: Change = (opened, n) =>
    n === 0 ? opened : { ...opened, info: { ...opened.info, limits: { largestBuffer: 1024, largestBinding: 1024 } } };
  const { k, devices } = await setUp(small);
  const long = vectorView(k.allocate(1000));
  k.keep?.(long.data);
  k.fill(long, 5);
  await k.copyOut(long);
  await sleep(300);
  devices[0].destroy();
  await sleep(1500);
  assert.equal(uncaught.splice(0).map(String), []);
  assert.is((await k.copyOut(long))[999], 5);
  k.dispose();
});

gpuTest('a failure of one model is told to no other', async () => {
  const state = { fail: false };
  const poor: Change = (opened) => {
    const { device } = opened;
    const pop = device.popErrorScope.bind(device);
    device.popErrorScope = async () => {
      const { fail } = state;
      state.fail = false;
      const error = await pop();
      return fail ? ({ message: 'out of memory' } as GPUError) : error;
    };
    return opened;
  };
  const { k: poorer, theta, open } = await setUp(poor);
  const other = (await gpuKernels({ open })) as Kernels;
  const own = vectorView(other.allocate(3));
  other.fill(own, 1);
  await other.copyOut(own);
  await poorer.copyOut(theta);
  state.fail = true;
  poorer.fill(vectorView(poorer.allocate(1000)), 2);
  assert.equal(await numbers(other, own), [1, 1, 1]);
  poorer.dispose();
  other.dispose();
});

gpuTest('a batch longer than a binding is selected from in blocks', async () => {
  const low: Change = (opened) => ({
    ...opened,
    info: { ...opened.info, limits: { ...opened.info.limits, largestBinding: 16384 } },
  });
  const { k } = await setUp(low);
  const [m, h] = [50, 150];
  const a = matrixOf(k, m, h);
  k.write(
    a,
    Float32Array.from({ length: m * h }, (_, n) => n),
  );
  const lengths = vectorView(k.allocateIndices(m));
  const least = vectorView(k.allocateDoubles(1));
  k.selectLargestOfAll(matrixOf(k, m, h), matrixOf(k, m, h, 'allocateIndices'), lengths, least, a, 100);
  assert.is((await k.copyOut(least))[0], m * h - 100);
  k.dispose();
});

gpuTest('rows longer together than a binding are split where kernels go row by row', async () => {
  const bound: string[] = [];
  const low: Change = (opened) => {
    const create = opened.device.createBindGroup.bind(opened.device);
    opened.device.createBindGroup = (descriptor) => {
      for (const { binding, resource } of descriptor.entries)
        if (binding > 0 && ((resource as GPUBufferBinding).size ?? 0) > 16384) bound.push(String(descriptor.label));
      return create(descriptor);
    };
    return { ...opened, info: { ...opened.info, limits: { ...opened.info.limits, largestBinding: 16384 } } };
  };
  const { k } = await setUp(low);
  const [h, d] = [150, 40];
  const rows = matrixOf(k, h, d);
  k.rowSquaredNorms(vectorView(k.allocate(h)), rows);
  k.projectRows(matrixOf(k, h, d), rows);
  k.normalizeRows(rows);
  k.addRowDots(vectorView(k.allocate(h)), 1, rows, vectorView(k.allocate(d)));
  await k.copyOut(rows);
  assert.equal([...new Set(bound)], []);
  k.dispose();
});

gpuTest('dispose destroys every buffer but those that all models share, of which none is large', async () => {
  const living = new Map<GPUBuffer, string>();
  const watched: Change = (opened) => {
    const create = opened.device.createBuffer.bind(opened.device);
    opened.device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      living.set(buffer, `${descriptor.label ?? 'storage'}, ${descriptor.size} bytes`);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        living.delete(buffer);
        return destroy();
      };
      return buffer;
    };
    return opened;
  };
  const { k } = await setUp(watched);
  const results = k.allocateResults(4);
  k.clearResults(results);
  await k.read(results);
  const long = vectorView(k.allocate(1 << 20));
  k.fill(long, 1);
  await k.copyOut(long);
  k.dispose();
  assert.equal(
    [...living.values()].filter((what) => !/^(parameters|uploads|read back, 256)/.test(what)),
    [],
  );
});

test.run();
