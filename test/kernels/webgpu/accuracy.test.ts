import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activations } from '../../../src/kernels/activations/table.ts';
import type { Case, Cases } from '../../../src/node/turbo/cases/case.ts';
import type { Ground } from '../../../src/node/turbo/ground.ts';
import { between, signed } from '../../../src/node/turbo/ground.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree } from './agree.ts';

const gpu = await gpuKernels();

/** Of every number by itself, however large its neighbours are. */
const EACH = { relative: 2e-6, ofLargest: 0 };
const SHAPES = [
  [1, 1],
  [1, 300],
  [70, 41],
] as const;

/** Sizes from 1e-30 to 100, of both signs. */
const wide = (n: number) => (n % 2 === 0 ? 1 : -1) * 10 ** (-30 + ((7 * n) % 320) / 10);
/** About ±20, where units saturate. */
const steep = (n: number) => ((n * 37) % 401) / 10 - 20;
/** The code of what a unit reaches: near its limits too. */
const reached = (n: number) => [0, 1e-20, 1e-7, 0.3, 0.5, 0.9, 1 - 2 ** -24, 1][n % 8];

const accurate: Record<string, Case> = {};
for (const [name, f] of Object.entries(activations)) {
  for (const [which, z] of Object.entries({ wide, steep })) {
    accurate[`activate ${name} of ${which} numbers`] = (ground, rows, columns) =>
      ground.kernels.activate(ground.out(rows, columns), ground.other(rows, columns, z), f);
  }
  accurate[`delta ${name}`] = (ground, rows, columns) => {
    const upstream = ground.out(rows, columns, between(1, 2));
    ground.kernels.delta(upstream, upstream, null, ground.other(rows, columns, reached), f);
  };
  accurate[`contraction ${name}`] = (ground, rows, columns) => {
    const [dA, pull] = [ground.out(rows, columns, () => 0), ground.vector(columns)];
    const norms = ground.vector(columns, between(0.1, 2));
    ground.kernels.contraction(dA, pull, ground.results, 1, ground.other(rows, columns, reached), norms, f, 0.7, rows);
  };
  for (const selected of [false, true]) {
    accurate[`jacobianSquares ${name}${selected ? ' of what is selected' : ''}`] = (ground, rows, columns) => {
      const r = ground.vector(columns, between(0.1, 2));
      ground.kernels.jacobianSquares(ground.vector(rows), ground.other(rows, columns, reached), r, f, selected);
    };
  }
}

/** Logits of a model that is right about x. */
const right = (n: number) => (n % 2 === 0 ? 1 : -1) * (((n * 7) % 190) / 10 + 1);
const binary = (n: number) => (n % 2 === 0 ? 1 : 0);
Object.assign(accurate, {
  'crossEntropy of a model that is right': (ground: Ground, rows: number, columns: number) => {
    const [z, x] = [ground.other(rows, columns, right), ground.other(rows, columns, binary)];
    ground.kernels.crossEntropy(ground.out(rows, columns), ground.results, 1, z, x, null, rows);
  },
  'softmax in place': (ground: Ground, rows: number, columns: number) => {
    const z = ground.out(rows, columns, between(-5, 5));
    ground.kernels.softmax(z, z);
  },
  'activate in place': (ground: Ground, rows: number, columns: number) => {
    const z = ground.out(rows, columns, between(-20, 20));
    for (const f of [activations.tanh, activations.linear]) ground.kernels.activate(z, z, f);
  },
} satisfies Cases);

/** Rates of dead, saturated and even units, and about the target. */
const RATES = [0, 1, 1e-12, 1e-7, -0.1, 1.1, 1 - 2 ** -24, 0.05 * (1 + 1e-4), 0.049, 0.3, 0.7, 0.97];
for (const scale of [1, 0.5]) {
  accurate[`klSparsity, scale ${scale}`] = (ground, _, columns) => {
    const shift = 1 - scale;
    const rhoHat = ground.vector(columns, (n) => (RATES[n % RATES.length] - shift) / scale);
    const kl = { target: 0.05, weight: 3, scale, shift };
    ground.kernels.klSparsity(ground.vector(columns), ground.results, 2, rhoHat, kl);
  };
  for (const [n, rate] of RATES.entries()) {
    accurate[`klSparsity at ${rate}, scale ${scale}`] = (ground, rows) => {
      if (rows > 1) return;
      const rhoHat = ground.vector(1, () => (RATES[n] - (1 - scale)) / scale);
      const kl = { target: 0.05, weight: 3, scale, shift: 1 - scale };
      ground.kernels.klSparsity(ground.vector(1), ground.results, 2, rhoHat, kl);
    };
  }
}

for (const [name, run] of Object.entries(accurate)) {
  test(`WebGPU is accurate number by number: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, EACH, SHAPES);
  });
}

/** Adam's bias correction and 1 − β are the host's: the update's own digits, by θ = 0. */
for (const step of [1, 2, 1000, 1e6]) {
  test(`adamStep, step ${step}: θ moves by what it should, number by number`, async () => {
    if (gpu === null) return;
    const adam: Case = (ground, rows, columns) => {
      const length = rows * columns;
      const [theta, before] = [ground.flat(length, () => 0), ground.flat(length)];
      const [first, second] = [ground.flat(length, between(0.5, 1)), ground.flat(length, between(0.1, 1))];
      const options = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step };
      ground.kernels.adamStep(theta, before, first, second, ground.flat(length, between(0.5, 1, 3)), options);
    };
    await assertAgree(gpu, { adam }, EACH, SHAPES);
  });
}

test('softmaxCrossEntropy keeps the cost of a model that is right', async () => {
  if (gpu === null) return;
  const cost: Case = (ground, rows, columns) => {
    const z = ground.other(rows, columns, (n) => (n % columns === 0 ? 20 : signed(2)(n)));
    const y = ground.other(rows, columns, (n) => (n % columns === 0 ? 1 : 0));
    ground.kernels.softmaxCrossEntropy(ground.out(rows, columns), ground.results, 0, z, y, rows);
  };
  await assertAgree(gpu, { cost }, EACH, [
    [1, 3],
    [40, 300],
  ]);
});

/** Numbers of which some are not finite. */
const strange = (n: number) => [0.3, Number.NaN, 2, Infinity, -1, -Infinity, -0, 0.7][(5 * n) % 8];
const clean = { relative: 3e-6, ofLargest: 1e-6 };
const strangers: Cases = {
  squaredError: (ground, rows, columns) =>
    ground.kernels.squaredError(
      ground.out(rows, columns),
      ground.results,
      0,
      ground.other(rows, columns, strange),
      ground.other(rows, columns, signed(5)),
      null,
      rows + 2,
    ),
  crossEntropy: (ground, rows, columns) => {
    const [z, x] = [ground.other(rows, columns, strange), ground.other(rows, columns, (n) => (n % 3) / 2)];
    ground.kernels.crossEntropy(ground.out(rows, columns), ground.results, 0, z, x, null, rows + 2);
  },
  softmaxCrossEntropy: (ground, rows, columns) => {
    // every second row alone
    const z = ground.other(rows, columns, (n) => (Math.floor(n / columns) % 2 ? strange(n) : signed(2)(n)));
    ground.kernels.softmax(ground.out(rows, columns), z);
    const y = ground.other(rows, columns, between(0, 1));
    ground.kernels.softmaxCrossEntropy(ground.out(rows, columns), ground.results, 0, z, y, rows + 2);
  },
  penalties: (ground, rows, columns) => {
    const w = ground.other(rows, columns, strange);
    ground.kernels.weightDecay(ground.out(rows, columns), ground.results, 0, w, 0.3);
    ground.kernels.weightL1(ground.out(rows, columns, signed()), ground.results, 1, w, 0.3);
    ground.kernels.l1Sparsity(ground.out(rows, columns, signed()), ground.results, 2, w, 0.3, rows + 2);
    const rhoHat = ground.vector(columns, (n) => [0.3, Number.NaN, 0.9][n % 3]);
    const kl = { target: 0.1, weight: 1, scale: 1, shift: 0 };
    ground.kernels.klSparsity(ground.vector(columns), ground.results, 3, rhoHat, kl);
  },
  activations: (ground, rows, columns) => {
    for (const f of Object.values(activations)) {
      const [dA, pull] = [ground.out(rows, columns, signed()), ground.vector(columns)];
      const norms = ground.vector(columns, between(0, 1));
      const a = ground.other(rows, columns, strange);
      ground.kernels.contraction(dA, pull, ground.results, 0, a, norms, f, 0.7, rows + 2);
      ground.kernels.delta(ground.out(rows, columns), ground.other(rows, columns, strange), null, a, f);
      ground.kernels.jacobianSquares(ground.vector(rows), a, norms, f, false);
    }
  },
  optimizers: (ground, rows, columns) => {
    const [theta, before, first, gradient] = [1, 2, 3]
      .map((seed) => ground.flat(rows * columns, signed(seed)))
      .concat(ground.flat(rows * columns, strange));
    const second = ground.flat(rows * columns, between(0, 1));
    const options = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3 };
    ground.kernels.adamStep(theta, before, first, second, gradient, options);
    ground.kernels.momentumStep(theta, before, first, gradient, { learningRate: 0.1, momentum: 0.9, nesterov: true });
  },
};

for (const [name, run] of Object.entries(strangers)) {
  test(`WebGPU hides no NaN and no ∞: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, clean, [...SHAPES, [0, 5]]);
  });
}

test('activations out of the table are refused by name', () => {
  if (gpu === null) return;
  const { activate } = gpu;
  const out = { data: gpu.allocate(1), shape: [1], stride: [1], offset: 0 };
  assert.throws(() => activate(out, out, { ...activations.relu, name: 'own' }), /activation own/);
});

test.run();
