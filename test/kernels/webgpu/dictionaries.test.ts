import { test } from 'uvu';
import type { Cases } from '../../../src/node/turbo/cases/case.ts';
import { between, signed } from '../../../src/node/turbo/ground.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree } from './agree.ts';

const gpu = await gpuKernels();
const SHAPES = [
  [1, 1],
  [3, 5],
  [1, 300],
  [70, 41],
] as const;

/** Numbers of which some are not finite. */
const strange = (n: number) => [0.3, Number.NaN, 2, Infinity, -1, -Infinity, -0, 0.7][(5 * n) % 8];
const some = (n: number) => [0, 0.25, Number.NaN, 0.5, 4][n % 5];

const cases: Cases = {
  thresholds: (ground, _, columns) => {
    for (const log of [false, true]) {
      for (const values of [signed(3), strange]) {
        const [theta, p] = [ground.vector(columns), ground.vector(columns, values)];
        ground.kernels.thresholds(theta, p, log);
        ground.kernels.thresholdDelta(ground.vector(columns, signed(5)), theta, p, log);
        ground.kernels.thresholds(p, p, log); // in place
      }
    }
  },
  'l0Penalty, with a target and without': (ground, rows, columns) => {
    for (const [slot, target] of [null, 31, 3.7].entries()) {
      const count = ground.doubles(1, () => 31 + 1e-6 * rows * columns);
      ground.kernels.l0Penalty(ground.doubles(1), ground.results, slot, count, 0.7, target);
      ground.kernels.l0Penalty(ground.doubles(1), ground.results, slot, count, 0.3, target);
    }
  },
  'countOn and what is made of it': (ground, rows, columns) => {
    const [count, slope] = [ground.doubles(1, () => 0.5), ground.doubles(1)];
    const [z, theta] = [ground.other(rows, columns, strange), ground.vector(columns, some)];
    ground.kernels.countOn(count, z, theta, rows + 2);
    ground.kernels.l0Penalty(slope, ground.results, 0, count, 0.7, 2);
    const jump = { theta, bandwidth: 0.5 };
    ground.kernels.l0Delta(ground.out(rows, columns, signed()), ground.vector(columns), z, jump, slope, rows + 2);
  },
  'jump-relu of what is not finite': (ground, rows, columns) => {
    const [z, theta] = [ground.other(rows, columns, strange), ground.vector(columns, some)];
    ground.kernels.jumpRelu(ground.out(rows, columns), z, theta);
    const jump = { theta, bandwidth: 0.5 };
    for (const values of [signed(), strange]) {
      const delta = ground.out(rows, columns, values);
      ground.kernels.jumpReluDelta(delta, ground.vector(columns), z, jump, true, rows + 2);
    }
  },
  'preActivationLoss of what is not finite': (ground, rows, columns) => {
    const z = ground.other(rows, columns, (n) => (n % columns === 0 ? strange(n) : signed(2)(n)));
    const out = {
      dZ: ground.out(rows, columns, signed()),
      dTheta: ground.vector(columns),
      pull: ground.vector(columns),
    };
    const squares = ground.vector(columns, (n) => [1, 0, 0.3][n % 3]);
    ground.kernels.preActivationLoss(out, ground.results, 0, z, ground.vector(columns), squares, null, 0.7, rows + 2);
  },
  'preActivationLoss, silence beyond 2²⁴': (ground, rows, columns) => {
    const counts = ground.doubles(columns, (n) => 2 ** 27 - 1 + (n % 3)); // around the limit
    const out = {
      dZ: ground.out(rows, columns, signed()),
      dTheta: ground.vector(columns),
      pull: ground.vector(columns),
    };
    const [z, squares] = [ground.other(rows, columns), ground.vector(columns, between(0.1, 1))];
    const silence = { counts, limit: 2 ** 27 };
    ground.kernels.preActivationLoss(out, ground.results, 0, z, ground.vector(columns), squares, silence, 0.7, rows);
  },
  'gated units of what is not finite': (ground, rows, columns) => {
    const [gateBias, magnitudeBias, scale] = [1, 2, 3].map((seed) => ground.vector(columns, signed(seed)));
    const gate = { gateBias, magnitudeBias, scale };
    const [z, a] = [ground.other(rows, columns, strange), ground.other(rows, columns, strange)];
    ground.kernels.gatedActivation(ground.out(rows, columns), z, gate);
    const [dGateBias, dMagnitudeBias, dScale] = [1, 2, 3].map((seed) => ground.vector(columns, signed(seed)));
    const gradients = { dGateBias, dMagnitudeBias, dScale };
    const delta = ground.out(rows, columns, signed());
    ground.kernels.gatedDelta(delta, ground.other(rows, columns, strange), gradients, a, z, gate, rows + 2);
    ground.kernels.maskPositive(delta, delta, z); // in place
  },
  'penalties by norms of what is not finite': (ground, rows, columns) => {
    const a = ground.other(rows, columns, strange);
    const squares = ground.vector(columns, (n) => [1, 0, 0.3, Number.NaN][n % 4]);
    const [first, second] = [1, 2].map((seed) => ground.out(rows, columns, signed(seed)));
    ground.kernels.normWeightedL1(first, ground.vector(columns), ground.results, 0, a, squares, 0.7, rows + 2);
    const options = { weight: 0.7, scale: 3, m: rows + 2 };
    ground.kernels.tanhPenalty(second, ground.vector(columns), ground.results, 1, a, squares, options);
    for (const inverse of [false, true]) {
      const own = ground.out(rows, columns, signed());
      ground.kernels.scaleColumns(own, own, squares, inverse); // in place
    }
  },
  'rows of norm 0, and of none': (ground, rows, columns) => {
    const values = (n: number) => {
      const row = Math.floor(n / columns) % 3;
      if (row === 0) return 0;
      return row === 1 && n % columns === 0 ? Number.NaN : signed(2)(n);
    };
    ground.kernels.normalizeRows(ground.out(rows, columns, values));
    if (columns > 1)
      ground.kernels.projectRows(ground.out(rows, columns, signed()), ground.other(rows, columns, values));
  },
};

for (const [name, run] of Object.entries(cases)) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, undefined, SHAPES);
  });
}

const steep: Cases = {
  'tanhPenalty where tanh has come to 1': (ground, rows, columns) => {
    const [dA, a] = [ground.out(rows, columns, () => 0), ground.other(rows, columns, between(0.5, 3))];
    const options = { weight: 0.7, scale: 3, m: rows };
    const squares = ground.vector(columns, between(0.5, 1));
    ground.kernels.tanhPenalty(dA, ground.vector(columns), ground.results, 1, a, squares, options);
  },
  'l0Penalty near its target': (ground, rows, columns) => {
    const count = ground.doubles(1, () => 31 + 1e-4 * rows * columns);
    ground.kernels.l0Penalty(ground.doubles(1), ground.results, 1, count, 0.7, 31);
  },
};
for (const [name, run] of Object.entries(steep)) {
  test(`WebGPU is accurate number by number: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, { relative: 1e-5, ofLargest: 0 }, SHAPES);
  });
}

test.run();
