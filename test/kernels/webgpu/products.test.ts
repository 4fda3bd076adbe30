import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Block, View } from '../../../src/array/matrix.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { openDevice } from '../../../src/kernels/webgpu/adapter.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { type LayoutName, layouts, place, randomView } from '../../support/views.ts';
import { multiply } from '../multiply.ts';

/** With tiles, however small a product is. */
const gpu = await gpuKernels({ open: async () => ({ ...(await openDevice()), smallWork: 0 }) });
const usual = await gpuKernels();

type Shape = readonly [rows: number, depth: number, columns: number];
const SCALARS = [
  [1, 0],
  [-2, 0.5],
] as const;

type Layouts = readonly [out: LayoutName, a: LayoutName, b: LayoutName];

/** A matrix of this side on the device, its gaps too. */
function send(k: Kernels, { data, shape, stride, offset }: ReturnType<typeof place>): View {
  const block = k.allocate(data.length);
  k.write({ data: block, shape: [data.length], stride: [1], offset: 0 }, data);
  return { data: block, shape: [shape[0], shape[1]], stride: [stride[0], stride[1]], offset };
}

/** All that lies in a view's block. */
async function take(k: Kernels, { data }: View): Promise<Float32Array> {
  const block = data as Block;
  return (await k.copyOut({ data: block, shape: [block.length], stride: [1], offset: 0 })) as Float32Array;
}

/** Compares with three loops in float64, gaps too; the bits that the block ends with. */
async function check(k: Kernels, shape: Shape, layout: Layouts, alpha: number, beta: number, repeated = false) {
  const [rows, depth, columns] = shape;
  const at = `${shape.join('×')}, ${layout.join('/')}, α ${alpha}, β ${beta}${repeated ? ', a row repeated' : ''}`;
  const a = randomView(rows, depth, layout[1], 'float32', 1);
  const b = randomView(depth, columns, layout[2], 'float32', 2);
  const old =
    beta === 0
      ? place(rows, columns, layout[0], 'float32', () => Number.NaN)
      : randomView(rows, columns, layout[0], 'float32', 3);
  const expected = multiply(old, a, b, alpha, beta);
  const views = [send(k, old), send(k, a), send(k, b)];
  k.gemm(views[0], views[1], views[2], alpha, beta);
  const got = await take(k, views[0]);
  // Sums in float32: √depth roundings of the magnitudes, and then some.
  const units = (8 + 2 * Math.sqrt(depth)) * 2 ** -24;
  const exact = 2 * (depth + 4) * 2 ** -53 + 2 * 2 ** -24; // what `tolerance` has of them
  const inside = new Set<number>();
  for (let i = 0, n = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, n++) {
      const p = old.offset + i * old.stride[0] + j * old.stride[1];
      inside.add(p);
      const bound = (expected.tolerance[n] / exact) * units + 1e-37;
      if (!(Math.abs(got[p] - expected.values[n]) <= bound))
        assert.unreachable(`${at}: (${i}, ${j}) is ${got[p]}, wanted ${expected.values[n]} ± ${bound}`);
    }
  }
  const changed = got.findIndex((value, p) => !inside.has(p) && !Object.is(value, old.data[p]));
  assert.is(changed, -1, `${at}: the gap at ${changed} has changed`);
  for (const { data } of views) k.release(data as Block);
  return got;
}

/** Whether bits are the same: the first place where they are not, or −1. */
function differ(one: Float32Array, other: Float32Array): number {
  const [l, r] = [new Uint32Array(one.buffer), new Uint32Array(other.buffer)];
  return l.findIndex((bits, n) => bits !== r[n]);
}

if (gpu !== null) {
  // A software renderer takes seconds to compile a variant, so these have few.
  test('WebGPU: gemm multiplies operands of every layout, with α and β', async () => {
    for (const [n, own] of layouts.entries()) {
      const [a, b] = [layouts[(n + 3) % 5], layouts[(2 * n + 1) % 5]];
      for (const [alpha, beta] of SCALARS) await check(gpu, [5, 7, 3], [own, a, b], alpha, beta);
    }
  });

  test('WebGPU: gemm serves vectors of four in all four transposes, and shapes that fit none', async () => {
    for (const a of ['rows', 'transposed'] as const) {
      for (const b of ['rows', 'transposed'] as const) {
        await check(gpu, [68, 40, 72], ['rows', a, b], 0.5, 1);
        await check(gpu, [68, 68, 68], ['transposed', a, b], 0.5, 0);
        await check(gpu, [67, 33, 70], ['rows', a, b], 0.5, 0);
      }
    }
    await check(gpu, [64, 35, 68], ['rows', 'rows', 'rows'], 1, -1);
  });

  test('WebGPU: gemm serves empty shapes: an empty sum is 0, an empty out stays empty', async () => {
    for (const shape of [
      [0, 0, 0],
      [0, 3, 2],
      [2, 3, 0],
      [4, 0, 5],
      [1, 0, 1],
    ] as const) {
      for (const beta of [0, 1, -2]) await check(gpu, shape, ['rows', 'rows', 'rows'], 1, beta);
    }
  });

  test('WebGPU: gemm serves one row, one column and one number, deep or not', async () => {
    for (const shape of [
      [1, 1, 1],
      [1, 600, 1],
      [1, 5, 300],
      [300, 5, 1],
      [1, 1, 70],
      [129, 1, 65],
      [2, 1031, 3],
    ] as const) {
      await check(gpu, shape, ['rows', 'rows', 'transposed'], 1, 0);
      await check(gpu, shape, ['transposed', 'strided', 'offset'], -2, 0.5);
    }
  });

  test('WebGPU: gemm serves large tiles, and depths in parts', async () => {
    await check(gpu, [1790, 20, 1670], ['rows', 'rows', 'rows'], 1, 0);
    await check(gpu, [1700, 9, 1700], ['transposed', 'transposed', 'rows'], 1, 1);
    await check(gpu, [100, 777, 96], ['rows', 'transposed', 'rows'], 0.25, 1);
    await check(gpu, [64, 2048, 64], ['strided', 'rows', 'transposed'], 1, 0);
  });

  test('WebGPU: gemm gives the same bits twice', async () => {
    const once = () => check(gpu, [150, 700, 130], ['rows', 'rows', 'transposed'], 1, 0.5);
    assert.is(differ(await once(), await once()), -1);
  });

  test('WebGPU: gemm passes NaN and infinities of the operands on, to the elements that they reach', async () => {
    for (const [bad, wanted] of [
      [Number.NaN, Number.NaN],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ] as const) {
      for (const layout of ['rows', 'transposed', 'strided'] as const) {
        const a = send(
          gpu,
          place(67, 35, layout, 'float32', (i, j) => (i === 66 && j === 34 ? bad : 1)),
        );
        const b = send(
          gpu,
          place(35, 68, 'rows', 'float32', () => 1),
        );
        const out = send(
          gpu,
          place(67, 68, 'rows', 'float32', () => 0),
        );
        gpu.gemm(out, a, b, 1, 0);
        const got = await take(gpu, out);
        assert.is(
          got.findIndex((value, n) => !Object.is(value, n >= 66 * 68 ? wanted : 35)),
          -1,
          layout,
        );
      }
    }
  });

  test('WebGPU: gemmFrom has the bits of a gemm over β·from, whole and in parts, from a row that is repeated too', async () => {
    const { gemmFrom } = gpu;
    assert.ok(gemmFrom !== undefined);
    for (const [rows, depth, columns] of [
      [70, 40, 68],
      [33, 17, 35],
      [10, 900, 12],
    ]) {
      for (const layout of ['rows', 'transposed'] as const) {
        for (const repeated of [false, true]) {
          const a = send(gpu, randomView(rows, depth, 'rows', 'float32', 1));
          const b = send(gpu, randomView(depth, columns, 'transposed', 'float32', 2));
          let from = send(gpu, randomView(repeated ? 1 : rows, columns, 'rows', 'float32', 3));
          if (repeated) from = { ...from, shape: [rows, columns], stride: [0, 1] };
          const [one, two] = [0, 1].map(() =>
            send(
              gpu,
              place(rows, columns, layout, 'float32', () => Number.NaN),
            ),
          );
          gemmFrom(one, a, b, -0.3, 0.7, from);
          gpu.copy(two, from);
          gpu.scale(two, Math.fround(0.7));
          gpu.gemm(two, a, b, -0.3, 1);
          assert.is(differ(await take(gpu, one), await take(gpu, two)), -1, `${rows}×${depth}×${columns}, ${layout}`);
        }
      }
    }
  });

  test('WebGPU: operands of one buffer, and out in a buffer with others', async () => {
    const all = send(gpu, randomView(1, 4096, 'rows', 'float32', 5));
    const at = (rows: number, columns: number, offset: number): View => ({
      data: all.data,
      shape: [rows, columns],
      stride: [columns, 1],
      offset,
    });
    const before = await take(gpu, all);
    const [m, q, n] = [12, 20, 16];
    const places = [
      [0, 1000, 3000],
      [1, 1001, 3000],
      [0, 1000, 3001],
    ] as const;
    for (const [pa, pb, po] of places) {
      gpu.write({ ...all, shape: [4096], stride: [1] }, before);
      gpu.gemm(at(m, n, po), at(m, q, pa), at(q, n, pb), 1, 1);
      const got = await take(gpu, all);
      const bad = got.findIndex((value, p) => {
        if (p < po || p >= po + m * n) return value !== before[p];
        const [i, j] = [Math.floor((p - po) / n), (p - po) % n];
        let sum = before[p];
        for (let k = 0; k < q; k++) sum += before[pa + i * q + k] * before[pb + k * n + j];
        return !(Math.abs(value - sum) < 1e-5);
      });
      assert.is(bad, -1);
    }
  });

  test('WebGPU: weightDecayCost adds λ/2 Σ w²', async () => {
    const results = gpu.allocateResults(2);
    const w = randomView(37, 53, 'strided', 'float32', 1);
    let wanted = 0;
    for (let i = 0; i < 37; i++) for (let j = 0; j < 53; j++) wanted += (0.3 / 2) * w.get(i, j) ** 2;
    for (let n = 0; n < 2; n++) gpu.weightDecayCost?.(results, 1, send(gpu, w), 0.3);
    const got = await gpu.read(results);
    assert.ok(Math.abs(got[1] - 2 * wanted) < 1e-6 * wanted, `${got[1]}`);
    assert.is(got[0], 0);
  });
}

test('small products, an element a lane, agree in every layout', async () => {
  if (usual === null) return;
  const shapes: Shape[] = [
    [1, 1, 1],
    [3, 0, 5],
    [17, 33, 9],
    [70, 5, 300],
  ];
  for (const shape of shapes)
    for (const layout of layouts)
      for (const [alpha, beta] of [
        [1, 0],
        [-0.7, 1],
      ])
        await check(
          usual,
          shape,
          [layout, layouts[(layouts.indexOf(layout) + 1) % layouts.length], layout],
          alpha,
          beta,
        );
});

test.run();
