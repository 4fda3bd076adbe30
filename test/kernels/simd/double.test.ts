import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activations } from '../../../src/kernels/activations/table.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { allActivations } from '../../support/activations.ts';
import { placeVector } from '../../support/views.ts';
import { agree, double, doubleDeterministic, SPECIAL, uniform } from './agree.ts';
import { doubleMachine as machine, wholeDouble } from './machine.ts';

for (const f of allActivations) {
  test(`float64: activate and delta with ${f.name} agree with the reference for every layout, in place and not`, async () => {
    await agree(
      ({ kernels, out, other, vector }, rows, columns) => {
        const z = other(rows, columns, uniform(rows, columns, 1, -6, 6));
        const activated = out(rows, columns, () => Number.NaN);
        kernels.activate(activated, z, f);
        const own = out(rows, columns, uniform(rows, columns, 2, -6, 6));
        kernels.activate(own, own, f);
        const a = other(rows, columns, uniform(rows, columns, 3, 0, 1));
        const upstream = other(rows, columns, uniform(rows, columns, 4));
        const push = vector(columns, (j) => ((7 * j) % 5) - 1.9);
        const deltas = [null, push].map((row) => {
          const target = out(rows, columns, () => Number.NaN);
          kernels.delta(target, upstream, row, a, f);
          return target;
        });
        kernels.delta(upstream, upstream, push, a, f);
        return [activated, own, upstream, ...deltas];
      },
      { units: 8, magnitude: 3, skip: (rows, columns) => rows * columns > 3000 },
      double,
    );
  });
}

for (const loss of ['squaredError', 'crossEntropy'] as const) {
  test(`float64: ${loss} agrees with the reference for every layout, with and without emphasis`, async () => {
    await agree(
      ({ kernels, results, out, other }, rows, columns) => {
        const x = other(rows, columns, uniform(rows, columns, 1, 0, 1));
        const emphasis = other(rows, columns, (i, j) => [1, 0.5, 0, 2][(2 * i + j) % 4]);
        return [null, emphasis].flatMap((e, slot) => {
          const target = out(rows, columns, () => Number.NaN);
          kernels[loss](target, results, slot, other(rows, columns, uniform(rows, columns, 2, -5, 5)), x, e, rows + 2);
          const own = out(rows, columns, uniform(rows, columns, 3, -90, 90));
          kernels[loss](own, results, 2, own, x, e, rows + 2);
          return [target, own];
        });
      },
      {
        units: 8,
        magnitude: 2,
        sum: (rows, columns) => (loss === 'squaredError' ? 2e4 : 200) * columns * (1 + rows / 8),
        skip: (rows, columns) => rows * columns > 3000,
      },
      double,
    );
  });
}

test('float64: vectors, rows, columns and penalties agree with the reference for every layout', async () => {
  await agree(
    ({ kernels, results, out, other, vector }, rows, columns) => {
      const [a, b, c] = [1, 2, 3].map((seed) => out(rows, columns, uniform(rows, columns, seed)));
      const x = other(rows, columns, uniform(rows, columns, 4));
      const [row, sums] = [5, 6].map((seed) => vector(columns, (j) => uniform(1, columns, seed)(0, j)));
      const [s, norms, dots] = [7, 8, 9].map((seed) => vector(rows, (i) => uniform(1, rows, seed)(0, i)));
      kernels.axpy(a, -0.7, x);
      kernels.scale(a, 1.3);
      kernels.addScaledRows(a, s, x);
      kernels.addOuter(a, 0.3, s, row);
      kernels.broadcastRow(b, row);
      kernels.weightL1(b, results, 0, x, 0.2);
      kernels.weightDecay(c, results, 1, x, 0.4);
      kernels.dot(results, 2, a, x);
      kernels.rowSquaredNorms(norms, x);
      kernels.addRowDots(dots, 0.5, x, row);
      kernels.addColumnSums(sums, x, 0.25);
      kernels.addWeightedRows(sums, 0.5, s, x);
      const filled = out(rows, columns, () => Number.NaN);
      kernels.fill(filled, 0.1);
      const copied = out(rows, columns, () => Number.NaN);
      kernels.copy(copied, x);
      return [a, b, c, norms, dots, sums, filled, copied];
    },
    { units: 64, magnitude: 4200, sum: (rows, columns) => 10 * rows * columns },
    double,
  );
});

test('float64: products agree with the reference for every layout', async () => {
  for (const [depth, subject] of [
    [1, double],
    [7, double],
    [7, doubleDeterministic],
    [230, double],
    [230, doubleDeterministic],
  ] as const) {
    await agree(
      ({ kernels, out, other }, rows, columns) => {
        const a = other(rows, depth, uniform(rows, depth, 1));
        const b = other(depth, columns, uniform(depth, columns, 2));
        return [0, -0.6].map((beta) => {
          const target = out(rows, columns, beta === 0 ? () => Number.NaN : uniform(rows, columns, 3));
          kernels.gemm(target, a, b, 1.7, beta);
          return target;
        });
      },
      { units: 4, magnitude: 2 * depth + 1, skip: (rows, columns) => rows * columns > (depth > 7 ? 400 : 3000) },
      subject,
    );
  }
});

test('float64: optimizer steps agree with the reference', async () => {
  const reference = createReferenceKernels('float64');
  for (const n of [1, 2, 3, 10, 4097, 9000]) {
    const run = (k: typeof reference) => {
      const views = [1, 2, 3, 4, 5].map((seed) => {
        const data = k.allocate(n);
        const values = uniform(1, n, seed, seed === 4 ? 0 : -1, 1);
        for (let i = 0; i < n; i++) data[i] = values(0, i);
        return { data, shape: [n], stride: [1], offset: 0 };
      });
      const [theta, before, first, second, gradient] = views;
      for (const nesterov of [false, true]) {
        k.momentumStep(theta, before, first, gradient, { learningRate: 0.1, momentum: 0.9, nesterov });
      }
      k.adamStep(theta, before, first, second, gradient, {
        ...{ learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, step: 3 },
      });
      return views.map(({ data }) => Float64Array.from(data));
    };
    const [actual, expected] = [run(wholeDouble), run(reference)];
    actual.forEach((view, v) => {
      view.forEach((value, i) => {
        assert.ok(Math.abs(value - expected[v][i]) <= 1e-14 * (1 + Math.abs(expected[v][i])), `${v}, ${i}: ${value}`);
      });
    });
  }
});

const POINTS = 1 << 17;
const logistic = (z: number) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));
const logOnePlusExp = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
/** What each computes, and by how many ulps of float64 it may be off from functions of the engine's that may be off by one. */
const functions = [
  { number: 0, f: logistic, ulps: 4, name: 'sigmoid' },
  { number: 1, f: Math.tanh, ulps: 4, name: 'tanh' },
  { number: 3, f: logOnePlusExp, ulps: 4, name: 'softplus' },
  { number: 9, f: (z: number) => Math.exp(-Math.abs(z)), ulps: 2, name: 'e^−|z|' },
];

for (const { number, f, ulps, name } of functions) {
  test(`float64: ${name} is off by at most ${ulps} ulps at ${POINTS} points of its whole range, around 0, and close to 0`, () => {
    const [inAt, outAt] = [0, 1].map(() => machine.heap.allocate(8 * POINTS));
    const [x, out] = [inAt, outAt].map((at) => new Float64Array(machine.heap.memory.buffer, at, POINTS));
    const activate = () =>
      machine.kernels.activate(4096, POINTS, outAt, 4096, 1, inAt, 4096, 1, number, 0, POINTS / 4096, machine.scratch);
    for (const size of [744, 36, 2, 1e-3, 1e-200]) {
      for (let i = 0; i < POINTS; i++) x[i] = size * ((2 * i) / (POINTS - 1) - 1);
      activate();
      let most = 0;
      for (let i = 0; i < POINTS; i++) {
        const y = f(x[i]);
        const ulp = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(y), 2 ** -1022))) - 52);
        const error = Math.abs(out[i] - y) / ulp;
        if (!(error <= most)) most = error;
      }
      assert.ok(most <= ulps, `${most} ulps within ±${size}`);
    }
    const special = [...SPECIAL, 1e-310, -1e-310, 709.7, 745.1, -745.2, 1e308, -1e308];
    x.fill(0);
    x.set(special);
    activate();
    special.forEach((z, i) => {
      const near = Math.abs(out[i] - f(z)) <= Math.max(ulps * 2 ** -52 * Math.abs(f(z)), 2 ** -1074);
      assert.ok(Object.is(out[i], f(z)) || near, `${name}(${z}) is ${out[i]}, not ${f(z)}`);
    });
    for (const at of [inAt, outAt]) machine.heap.release(at);
  });
}

test('float64: relu has the bits of Math.max, and a NaN stays a NaN', () => {
  const z = placeVector(SPECIAL.length, 'rows', 'float64', (i) => SPECIAL[i]);
  const data = wholeDouble.allocate(z.data.length);
  const view = { data, shape: z.shape, stride: z.stride, offset: z.offset };
  data.set(z.data);
  wholeDouble.activate(view, view, activations.relu);
  SPECIAL.forEach((value, i) => {
    const out = data[view.offset + i * view.stride[0]];
    assert.ok(Object.is(out, Math.max(value, 0)), `${out} for ${value}`);
  });
});

test.run();
