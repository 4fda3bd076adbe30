import { between, type Ground, gridded, signed } from '../ground.ts';
import type { Cases } from './case.ts';

const squares = between(0, 1, 8);
/** On a grid with some numbers, and ‖D_j‖² of some rows 0. */
const onGrid = (n: number) => (n % 4) / 4;
const someZero = (n: number) => (n % 6 === 1 ? 0 : squares(n));

/** Room for survivors of a batch. */
function survivors(ground: Ground, rows: number, columns: number) {
  return [ground.out(rows, columns), ground.indices(rows, columns), ground.indices(null, rows)] as const;
}

/** The kernels of today's dictionaries. */
export const dictionaryCases: Cases = {
  selectLargestOfAll: (ground, rows, columns) => {
    const [a, least] = [ground.other(rows, columns, signed()), ground.doubles(1)];
    const count = Math.ceil((rows * columns) / 9);
    ground.kernels.selectLargestOfAll(...survivors(ground, rows, columns), least, a, count);
  },
  selectAbove: (ground, rows, columns) => {
    const [a, threshold] = [ground.other(rows, columns, gridded()), ground.doubles(1, () => 0.25)];
    ground.kernels.selectAbove(...survivors(ground, rows, columns), a, threshold);
  },
  selectSilent: (ground, rows, columns) => {
    const width = Math.min(3, columns);
    const [values, indices, lengths] = survivors(ground, rows, width);
    const silence = ground.doubles(columns, (n) => (7 * n) % 5);
    ground.kernels.selectSilent(values, indices, lengths, ground.other(rows, columns, gridded()), silence, 2);
  },
  countActive: (ground, rows, columns) =>
    ground.kernels.countActive(ground.doubles(columns), ground.other(rows, columns, gridded())),
  residualMoments: (ground, rows, columns) =>
    ground.kernels.residualMoments(ground.doubles(columns + 1), ground.other(rows, columns)),
  scaledSquaredError: (ground, rows, columns) => {
    const [eHat, e, scale] = [
      ground.other(rows, columns),
      ground.other(rows, columns, signed(5)),
      ground.doubles(1, () => 0.3),
    ];
    ground.kernels.scaledSquaredError(ground.out(rows, columns), ground.results, 0, eHat, e, scale, rows + 2);
  },
  jumpRelu: (ground, rows, columns) => {
    const [z, theta] = [ground.other(rows, columns, gridded()), ground.vector(columns, onGrid)];
    ground.kernels.jumpRelu(ground.out(rows, columns), z, theta);
    ground.kernels.countOn(ground.doubles(1), z, theta, rows + 2);
  },
  jumpReluDelta: (ground, rows, columns) => {
    const z = ground.other(rows, columns, gridded());
    const jump = { theta: ground.vector(columns, onGrid), bandwidth: 0.5 };
    for (const toInput of [false, true]) {
      const delta = ground.out(rows, columns, signed());
      ground.kernels.jumpReluDelta(delta, ground.vector(columns), z, jump, toInput, rows + 2);
    }
  },
  l0Delta: (ground, rows, columns) => {
    const z = ground.other(rows, columns, gridded());
    const jump = { theta: ground.vector(columns, onGrid), bandwidth: 0.5 };
    const slope = ground.doubles(1, () => 0.7);
    for (const dZ of [null, ground.out(rows, columns, signed())])
      ground.kernels.l0Delta(dZ, ground.vector(columns), z, jump, slope, rows + 2);
  },
  preActivationLoss: (ground, rows, columns) => {
    const [z, theta] = [ground.other(rows, columns, gridded()), ground.vector(columns, onGrid)];
    const norms = ground.vector(columns, someZero);
    const counts = ground.doubles(columns, (n) => n % 3);
    for (const [slot, silence] of [null, { counts, limit: 1 }].entries()) {
      const dZ = ground.out(rows, columns, signed());
      const out = { dZ, dTheta: ground.vector(columns), pull: ground.vector(columns) };
      ground.kernels.preActivationLoss(out, ground.results, slot, z, theta, norms, silence, 0.7, rows + 2);
    }
  },
  gated: (ground, rows, columns) => {
    const [gateBias, magnitudeBias, scale] = [1, 2, 3].map((seed) => ground.vector(columns, signed(seed)));
    const gate = { gateBias, magnitudeBias, scale };
    const [z, dGate, a] = [gridded(), signed(5), between(0, 1)].map((values) => ground.other(rows, columns, values));
    ground.kernels.gatedActivation(ground.out(rows, columns), z, gate);
    const [dGateBias, dMagnitudeBias, dScale] = [1, 2, 3].map((seed) => ground.vector(columns, signed(seed)));
    const gradients = { dGateBias, dMagnitudeBias, dScale };
    ground.kernels.gatedDelta(ground.out(rows, columns, signed()), dGate, gradients, a, z, gate, rows + 2);
    ground.kernels.maskPositive(ground.out(rows, columns), dGate, z);
  },
  scaleColumns: (ground, rows, columns) => {
    for (const inverse of [false, true]) {
      const [out, a] = [ground.out(rows, columns), ground.other(rows, columns)];
      ground.kernels.scaleColumns(out, a, ground.vector(columns, someZero), inverse);
    }
  },
  normWeightedL1: (ground, rows, columns) => {
    const [dA, pull, norms] = [
      ground.out(rows, columns, signed()),
      ground.vector(columns),
      ground.vector(columns, someZero),
    ];
    ground.kernels.normWeightedL1(
      dA,
      pull,
      ground.results,
      0,
      ground.other(rows, columns, gridded()),
      norms,
      0.7,
      rows + 2,
    );
  },
  tanhPenalty: (ground, rows, columns) => {
    const [dA, pull, norms] = [
      ground.out(rows, columns, signed()),
      ground.vector(columns),
      ground.vector(columns, someZero),
    ];
    const options = { weight: 0.7, scale: 3, m: rows + 2 };
    ground.kernels.tanhPenalty(dA, pull, ground.results, 0, ground.other(rows, columns, gridded()), norms, options);
  },
  projectRows: (ground, rows, columns) =>
    ground.kernels.projectRows(ground.out(rows, columns, signed()), ground.other(rows, columns)),
  normalizeRows: (ground, rows, columns) => ground.kernels.normalizeRows(ground.out(rows, columns, signed())),
};
