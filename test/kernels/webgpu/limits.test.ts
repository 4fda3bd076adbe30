import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Block, View } from '../../../src/array/matrix.ts';
import type { CpuKernels, Kernels } from '../../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { type OpenDevice, openDevice } from '../../../src/kernels/webgpu/adapter.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { place, randomView } from '../../support/views.ts';

/** Bytes of a binding on a device that binds little. */
const LARGEST = 16 * 1024;

/** What was bound and sent: the longest binding, the most groups of a call, how many calls. */
const seen = { longest: 0, calls: 0 };

/** A device that is told to bind less than it could, and is watched. */
async function lowDevice(longestWork?: number): Promise<OpenDevice> {
  const { device, info } = await openDevice();
  const createBindGroup = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    for (const { binding, resource } of descriptor.entries) {
      if (binding > 0) seen.longest = Math.max(seen.longest, (resource as GPUBufferBinding).size ?? 0);
    }
    return createBindGroup(descriptor);
  };
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (how) => {
      const pass = begin(how);
      const dispatch = pass.dispatchWorkgroups.bind(pass);
      pass.dispatchWorkgroups = (...groups) => {
        seen.calls++;
        dispatch(...groups);
      };
      return pass;
    };
    return encoder;
  };
  return { device, info: { ...info, limits: { ...info.limits, largestBinding: LARGEST } }, longestWork };
}

const low = await gpuKernels({ open: () => lowDevice() });
const short = await gpuKernels({ open: () => lowDevice(100_000) });
const plain = createReferenceKernels('float64');

/** A matrix of this side, in whole on a device and for the reference. */
function both(k: Kernels, { data, shape, stride, offset }: ReturnType<typeof randomView>): [View, View] {
  const block = k.allocate(data.length);
  k.write({ data: block, shape: [data.length], stride: [1], offset: 0 }, data);
  const own = plain.allocate(data.length);
  own.set(data as never);
  const how = { shape: [...shape], stride: [...stride], offset };
  return [{ ...how, data: block } as View, { ...how, data: own } as View];
}

/** All of a block beside all of the reference's. */
async function assertSame(k: Kernels, late: View, exact: View, units: number, at: string): Promise<void> {
  const { data } = late as { data: Block };
  const got = await k.copyOut({ data, shape: [data.length], stride: [1], offset: 0 });
  const wanted = exact.data as Float64Array;
  const bad = wanted.findIndex((value, n) => !(Math.abs(value - got[n]) <= units * 2 ** -24 * (1 + Math.abs(value))));
  assert.is(bad, -1, `${at}: at ${bad} there is ${got[bad]}, wanted ${wanted[bad]}`);
}

const LAYOUTS = ['rows', 'transposed'] as const;

if (low !== null && short !== null) {
  test('WebGPU: operands longer than a binding are split: products', async () => {
    seen.longest = 0;
    for (const [out, a, b] of [
      ['rows', 'rows', 'rows'],
      ['rows', 'transposed', 'transposed'],
    ] as const) {
      for (const [m, depth, n] of [
        [150, 70, 130],
        [5, 3000, 6],
        [2, 3, 6000],
      ]) {
        const [late, exact] = both(low, randomView(m, n, out, 'float32', 1));
        const [lateA, exactA] = both(low, randomView(m, depth, a, 'float32', 2));
        const [lateB, exactB] = both(low, randomView(depth, n, b, 'float32', 3));
        for (const [k, o, l, r] of [
          [low, late, lateA, lateB],
          [plain as Kernels, exact, exactA, exactB],
        ] as const)
          k.gemm(o, l, r, 0.5, 1);
        await assertSame(low, late, exact, 8 + 4 * Math.sqrt(depth), `${m}×${depth}×${n}, ${a}/${b}`);
      }
    }
    assert.ok(seen.longest > 0 && seen.longest <= LARGEST, `${seen.longest} bytes were bound`);
  });

  test('WebGPU: operands longer than a binding are split: elementwise, of rows, of one vector, in one buffer', async () => {
    seen.longest = 0;
    for (const layout of LAYOUTS) {
      for (const other of [...LAYOUTS, 'reversed'] as const) {
        const [late, exact] = both(low, randomView(90, 110, layout, 'float32', 1));
        const [lateX, exactX] = both(low, randomView(90, 110, other, 'float32', 2));
        const [lateS, exactS] = both(low, randomView(1, 110, 'rows', 'float32', 3));
        const vector = (view: View, length: number): View => ({ ...view, shape: [length], stride: [1] });
        for (const [k, o, x, s] of [
          [low, late, lateX, lateS],
          [plain as Kernels, exact, exactX, exactS],
        ] as const) {
          k.axpy(o, 0.5, x);
          k.addScaledRows(o, vector(s, 90), x);
          k.addOuter(o, 2, vector(s, 90), vector(s, 110));
          k.addProducts(o, o, x);
        }
        await assertSame(low, late, exact, 8, `${layout}/${other}`);
      }
    }
    const [late, exact] = both(low, randomView(1, 30_000, 'rows', 'float32', 1));
    const at = (view: View, offset: number): View => ({ ...view, shape: [9000], stride: [1], offset });
    for (const [k, view] of [
      [low, late],
      [plain as Kernels, exact],
    ] as const)
      k.blend(at(view, 3), at(view, 20_001), 0.5, at(view, 10_001), -2); // far apart in one buffer
    await assertSame(low, late, exact, 8, 'one buffer');
    assert.ok(seen.longest > 0 && seen.longest <= LARGEST, `${seen.longest} bytes were bound`);
  });

  test('WebGPU: operands longer than a binding are split: sums of all, and of columns', async () => {
    seen.longest = 0;
    for (const layout of LAYOUTS) {
      const [lateX, exactX] = both(low, randomView(130, 100, layout, 'float32', 1));
      const [lateY, exactY] = both(low, randomView(130, 100, 'rows', 'float32', 2));
      const [lateOut, exactOut] = both(
        low,
        place(1, 100, 'rows', 'float32', () => 1),
      );
      const [lateS, exactS] = both(low, randomView(1, 130, 'rows', 'float32', 3));
      const vector = (view: View): View => ({ ...view, shape: [view.shape[1]], stride: [1] });
      const sums: Float64Array[] = [];
      for (const [k, x, y, out, s] of [
        [low, lateX, lateY, lateOut, lateS],
        [plain as CpuKernels, exactX, exactY, exactOut, exactS],
      ] as const) {
        const results = k.allocateResults(2);
        k.dot(results, 1, x, y);
        k.addColumnSums(vector(out), x, 0.5);
        k.addWeightedRows(vector(out), -2, vector(s), x);
        sums.push(await k.read(results));
      }
      assert.ok(Math.abs(sums[0][1] - sums[1][1]) < 1e-5, `${sums[0][1]}, wanted ${sums[1][1]}`);
      await assertSame(low, lateOut, exactOut, 40, layout);
    }
    assert.ok(seen.longest > 0 && seen.longest <= LARGEST, `${seen.longest} bytes were bound`);
  });

  test('WebGPU: a product longer than a driver waits for is cut into several calls', async () => {
    const [m, depth, n] = [140, 150, 64];
    const [late, exact] = both(short, randomView(m, n, 'rows', 'float32', 1));
    const [lateA, exactA] = both(short, randomView(m, depth, 'rows', 'float32', 2));
    const [lateB, exactB] = both(short, randomView(depth, n, 'rows', 'float32', 3));
    seen.calls = 0;
    short.gemm(late, lateA, lateB, 1, 0.5);
    assert.ok(seen.calls >= 4, `${seen.calls} calls`);
    plain.gemm(exact as never, exactA as never, exactB as never, 1, 0.5);
    await assertSame(short, late, exact, 60, 'cut');
  });
}

test.run();
