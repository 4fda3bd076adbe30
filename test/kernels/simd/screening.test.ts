import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrixView, transposed, vectorView } from '../../../src/array/matrix.ts';
import { relu } from '../../../src/kernels/activations/relu.ts';
import type { View } from '../../../src/kernels/cpu-view.ts';
import type { CpuKernels } from '../../../src/kernels/kernels.ts';
import { loadScreenings } from '../../../src/kernels/simd/screening/on-demand.ts';
import { ProductScreening } from '../../../src/kernels/simd/screening/product-screening.ts';
import { type Way, Ways } from '../../../src/kernels/simd/screening/ways.ts';
import { createSimdKernels } from '../../../src/kernels/simd/simd.ts';
import { machine } from './machine.ts';
import { type ScreenedSize, screenedData, spoils } from './screened-data.ts';

await loadScreenings(machine);

const relaxed = machine.modules.relaxed !== null;
/** How products may be screened here: Node 20 has no relaxed SIMD, and so no int8. */
const ways: readonly { readonly way: Way; readonly deterministic: boolean }[] = [
  { way: 'int16', deterministic: true },
  ...(relaxed
    ? ([
        { way: 'int16', deterministic: false },
        { way: 'int8', deterministic: false },
      ] as const)
    : []),
];

const SIZES: readonly (ScreenedSize & { readonly k: number; readonly threads: number })[] = [
  { m: 53, d: 16, h: 512, k: 3, threads: 1 },
  { m: 200, d: 37, h: 515, k: 8, threads: 2 },
  { m: 61, d: 401, h: 1000, k: 32, threads: 3 },
  { m: 97, d: 803, h: 640, k: 1, threads: 2 },
  { m: 50, d: 17, h: 20, k: 1, threads: 2 }, // one block, and units that there are not in its last panel
];

/** Kernels, operands in their memory, and a screening that goes one way. */
function setting(
  { m, d, h }: ScreenedSize,
  threads: number,
  { way, deterministic }: (typeof ways)[number],
  spoil: string,
) {
  const k = createSimdKernels(machine, { threads, deterministic });
  const storage = k.fork();
  const { x, w, b } = screenedData({ m, d, h }, spoils[spoil]);
  const placed = (values: Float32Array) => {
    const block = storage.allocate(values.length);
    block.set(values);
    return block;
  };
  const product = {
    x: matrixView(placed(x), m, d),
    weight: transposed(matrixView(placed(w), h, d)) as View,
    bias: vectorView(placed(b)),
  };
  const always: Pick<Ways, 'next' | 'took'> = { next: () => way, took() {} };
  const screening = new ProductScreening(machine, threads, k, storage, !deterministic && relaxed, always as Ways);
  const matrix = (columns: number) => matrixView(storage.allocate(m * columns), m, columns);
  const pairs = (n: number) => ({ values: matrix(n), indices: matrixView(storage.allocateIndices(m * n), m, n) });
  return { k, storage, product, screening, matrix, pairs };
}

/** Z as the float path has it. */
function multiply(k: CpuKernels, z: View, { x, weight, bias }: { x: View; weight: View; bias: View }): void {
  k.broadcastRow(z, bias);
  k.gemm(z, x, weight, 1, 1);
}

/** Bits, every NaN one. */
function bits(view: { data: Float32Array | Float64Array | Uint32Array }): Uint32Array {
  const numbers = Float32Array.from(view.data);
  return new Uint32Array(numbers.buffer);
}

function assertSame(actual: View, expected: View, what: string): void {
  const [a, e] = [bits(actual), bits(expected)];
  const at = a.findIndex(
    (value, p) => value !== e[p] && !(Number.isNaN(actual.data[p]) && Number.isNaN(expected.data[p])),
  );
  assert.is(at, -1, `${what}: ${actual.data[at]} for ${expected.data[at]} at ${at}`);
}

for (const spoil of Object.keys(spoils)) {
  for (const [s, size] of SIZES.entries()) {
    for (const way of ways) {
      const name = `${spoil}; ${size.m} × ${size.d} → ${size.h}, ${way.way}${way.deterministic ? ', deterministic' : ''}`;
      test(`the k largest, to the bit: ${name}`, () => {
        const { k, product, screening, matrix, pairs, storage } = setting(size, size.threads, way, spoil);
        for (const rectified of [true, false]) {
          const [a, own] = [matrix(size.h), pairs(size.k)];
          const [z, expected] = [matrix(size.h), pairs(size.k)];
          multiply(k, z, product);
          if (rectified) k.activate(z, z, relu);
          k.selectLargest(expected.values, expected.indices, z);
          k.fill(a, 7);
          // Twice: the second call begins with a guess of the first, and a that is clean.
          for (const call of ['first', 'second']) {
            screening.changed();
            screening.largest(own.values, own.indices, a, product, rectified);
            assert.equal([...own.indices.data], [...expected.indices.data], `${call}: columns`);
            assertSame(own.values, expected.values, `${call}: values`);
            assertSame(a, z, `${call}: a`);
          }
        }
        storage.dispose();
      });

      if (s > 1) continue;
      test(`above bounds, to the bit: ${name}`, () => {
        const { k, product, screening, matrix, storage } = setting(size, size.threads, way, spoil);
        const theta = vectorView(storage.allocate(size.h));
        theta.data.forEach((_, j) => {
          theta.data[j] = 1.5 + (j % 3);
        });
        const [a, z, jumped] = [matrix(size.h), matrix(size.h), matrix(size.h)];
        multiply(k, z, product);
        k.jumpRelu(jumped, z, theta);
        for (let call = 0; call < 2; call++) {
          screening.changed();
          screening.above(a, product, theta);
          assertSame(a, jumped, `a of call ${call}`);
        }
        screening.candidates(a, product, theta);
        for (let p = 0; p < z.data.length; p++) {
          if (z.data[p] > theta.data[p % size.h]) assert.is(a.data[p], z.data[p]);
          else assert.not.ok(a.data[p] > theta.data[p % size.h], 'below stays below');
        }
        storage.dispose();
      });
    }
  }
}

for (const way of ways) {
  test(`z of silent units, ${way.way}${way.deterministic ? ', deterministic' : ''}`, () => {
    const size = SIZES[1];
    const { k, product, screening, matrix, pairs, storage } = setting(size, 2, way, 'normal numbers');
    const silence = vectorView(storage.allocateDoubles(size.h));
    const [own, expected] = [pairs(12), pairs(12)];
    const lengths = [0, 1].map(() => vectorView(storage.allocateIndices(size.m)));
    const z = matrix(size.h);
    for (const every of [1000, 100, 50, 3]) {
      for (let j = 0; j < size.h; j++) silence.data[j] = j % every === 2 ? 10 : 9;
      multiply(k, z, product);
      k.selectSilent(expected.values, expected.indices, lengths[0], z, silence, 10);
      screening.silent(own.values, own.indices, lengths[1], product, silence, 10);
      assert.equal([...lengths[1].data], [...lengths[0].data]);
      for (let i = 0; i < size.m; i++) {
        for (let t = 12 * i; t < 12 * i + lengths[0].data[i]; t++) {
          assert.is(own.indices.data[t], expected.indices.data[t]);
          assert.is(own.values.data[t], expected.values.data[t]);
        }
      }
    }
    storage.dispose();
  });

  const named = `${way.way}${way.deterministic ? ', deterministic' : ''}`;
  for (const spoil of ['normal numbers', 'an outlier in some coordinates', 'huge and tiny rows and units']) {
    test(`z lies within its bounds, and where they are a hundredth it does not: ${spoil}, ${named}`, () => {
      const size = { m: 60, d: 101, h: 256, k: 4, threads: 1 };
      const { k, product, screening, matrix, pairs, storage } = setting(size, 1, way, spoil);
      const [a, own, z] = [matrix(size.h), pairs(size.k), matrix(size.h)];
      multiply(k, z, product);
      let most = -1;
      const { run } = machine;
      machine.run = (kernel, threads, units, grain, ...args) => {
        if (kernel.startsWith('screen')) most = mostOfBound(way.way, args[0], z, size);
        run.call(machine, kernel, threads, units, grain, ...args);
      };
      try {
        screening.largest(own.values, own.indices, a, product, false);
      } finally {
        machine.run = run;
      }
      assert.ok(most > 0.01 && most < 1, `${most}`);
      storage.dispose();
    });
  }
}

for (const { way, deterministic } of ways) {
  test(`sums that int32 does not hold are not trusted: ${way}${deterministic ? ', deterministic' : ''}`, () => {
    const size = { m: 48, d: 300_000, h: 16, k: 1 }; // 300,000·127·63 > 2³¹
    const { k, product, screening, matrix, pairs, storage } = setting(
      size,
      1,
      { way, deterministic },
      'normal numbers',
    );
    product.x.data.fill(1);
    product.weight.data.forEach((_, p) => {
      product.weight.data[p] = p % 2 === 0 ? 1 : -1;
    });
    product.weight.data.fill(1, 5 * size.d, 6 * size.d);
    const [a, own, z, expected] = [matrix(size.h), pairs(size.k), matrix(size.h), pairs(size.k)];
    multiply(k, z, product);
    k.selectLargest(expected.values, expected.indices, z);
    screening.largest(own.values, own.indices, a, product, false);
    assert.equal([...own.indices.data], [...expected.indices.data]);
    assertSame(a, z, 'a');
    storage.dispose();
  });
}

/** The largest share that |z − s·S·(q·q̂) − B| has of e·A + n·E and B's slack, all read from the panels in memory. */
function mostOfBound(way: Way, job: number, z: View, { m, d, h }: ScreenedSize): number {
  const { buffer } = machine.heap.memory;
  const words = new Uint32Array(buffer, job, 14);
  const padded = Math.ceil(d / 16) * 16;
  const [lanes, each] = way === 'int8' ? [6, 4] : [4, 2];
  const numbers = (at: number) => new Float32Array(buffer, at);
  const whole = (at: number) => (way === 'int8' ? new Int8Array(buffer, at) : new Int16Array(buffer, at));
  const [x, w, xNumbers, wNumbers] = [whole(words[10]), whole(words[12]), numbers(words[11]), numbers(words[13])];
  const place = (width: number, i: number, l: number) =>
    (Math.floor(i / width) * (padded / each) + Math.floor(l / each)) * width * each + (i % width) * each + (l % each);
  let most = 0;
  for (let i = 0; i < m; i++) {
    const [s, e, n] = xNumbers.subarray(4 * i, 4 * i + 3);
    for (let j = 0; j < h; j++) {
      let sum = 0;
      for (let l = 0; l < d; l++) sum += x[place(lanes, i, l)] * (w[place(8, j, l)] - (way === 'int8' ? 64 : 0));
      const [scale, bias, length, error] = [0, 8, 16, 24].map((from) => wNumbers[32 * (j >> 3) + from + (j & 7)]);
      const bound = e * length + n * error + Math.abs(bias) * 2 ** -17;
      most = Math.max(most, Math.abs(z.data[i * h + j] - s * scale * sum - bias) / bound);
    }
  }
  return most;
}

test('ways: each is tried, the fastest is taken, and others now and then', () => {
  const tuner = new Ways(['int8', 'int16', 'product']);
  const cost = { int8: 1, int16: 2, product: 5 };
  const taken: Way[] = [];
  for (let call = 0; call < 1000; call++) {
    const way = tuner.next();
    taken.push(way);
    tuner.took(way, cost[way] * 10, 10);
  }
  assert.equal(taken.slice(0, 9), ['int8', 'int8', 'int8', 'int16', 'int16', 'int16', 'product', 'product', 'product']);
  assert.is(new Set(taken.slice(9, 200)).size, 1);
  const others = taken.slice(9).filter((way) => way !== 'int8').length;
  assert.ok(others >= 2 && others < 10, `${others} trials`);
});

test.run();
