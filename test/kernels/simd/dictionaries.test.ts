import ndarray from 'ndarray';
import { test } from 'uvu';
import { agree, uniform } from './agree.ts';

// The kernels of today's dictionaries. θ lies on a grid with some z, so that comparisons meet equal numbers.

/** Some numbers on quarters, the others by chance. */
const gridded = (rows: number, columns: number, seed: number) => {
  const values = uniform(rows, columns, seed);
  return (i: number, j: number) => ((i + j) % 3 === 0 ? Math.round(4 * values(i, j)) / 4 : values(i, j));
};
const doubles = (length: number, values: (j: number) => number) =>
  ndarray(
    Float64Array.from({ length }, (_, j) => values(j)),
    [length],
  );
const theta = (j: number) => (j % 4) / 4;
const square = (j: number) => ((j % 5) / 4) ** 2;
const none = () => Number.NaN;

test('jumpRelu and countOn agree with the reference for every layout, in place and not', async () => {
  await agree(
    ({ kernels, out, other, vector }, rows, columns) => {
      const target = out(rows, columns, none);
      const own = out(rows, columns, gridded(rows, columns, 1));
      const z = other(rows, columns, gridded(rows, columns, 2));
      const count = doubles(1, () => 3);
      kernels.countOn(count, z, vector(columns, theta), rows + 2);
      kernels.jumpRelu(target, z, vector(columns, theta));
      kernels.jumpRelu(own, own, vector(columns, theta));
      return [target, own, count];
    },
    { units: 0, magnitude: 0 },
  );
});

test('jumpReluDelta and l0Delta agree with the reference for every layout, with and without what z gains', async () => {
  await agree(
    ({ kernels, out, other, vector }, rows, columns) => {
      const z = other(rows, columns, gridded(rows, columns, 1));
      const jump = { theta: vector(columns, theta), bandwidth: 0.5 };
      const slope = doubles(1, () => 0.7);
      return [false, true].flatMap((toInput, n) => {
        const [delta, dZ] = [2, 3].map((seed) => out(rows, columns, uniform(rows, columns, seed + n)));
        const [byLoss, byPenalty] = [4, 5].map((seed) => vector(columns, (j) => seed * theta(j)));
        kernels.jumpReluDelta(delta, byLoss, z, jump, toInput, rows + 2);
        kernels.l0Delta(toInput ? dZ : null, byPenalty, z, jump, slope, rows + 2);
        return [delta, dZ, byLoss, byPenalty];
      });
    },
    { units: 4, magnitude: 4 },
  );
});

test('preActivationLoss agrees with the reference for every layout, of all units and of silent ones', async () => {
  await agree(
    ({ kernels, results, out, other, vector }, rows, columns) => {
      const z = other(rows, columns, gridded(rows, columns, 1));
      const [thetas, squares] = [vector(columns, theta), vector(columns, square)];
      const counts = doubles(columns, (j) => j % 3);
      return [null, { counts, limit: 1 }].flatMap((silence, slot) => {
        const dZ = out(rows, columns, uniform(rows, columns, 2));
        const [dTheta, pull] = [vector(columns, theta), vector(columns, none)];
        kernels.preActivationLoss({ dZ, dTheta, pull }, results, slot, z, thetas, squares, silence, 0.7, rows + 2);
        return [dZ, dTheta, pull];
      });
    },
    { units: 4, magnitude: 4, sum: (_, columns) => 4 * columns },
  );
});

test('gatedActivation, gatedDelta and maskPositive agree with the reference for every layout', async () => {
  await agree(
    ({ kernels, out, other, vector }, rows, columns) => {
      const z = other(rows, columns, gridded(rows, columns, 1));
      const draw = uniform(3, columns, 2);
      const [gateBias, magnitudeBias, scale] = [0, 1, 2].map((i) => vector(columns, (j) => draw(i, j)));
      const gate = { gateBias, magnitudeBias, scale };
      const a = out(rows, columns, none);
      kernels.gatedActivation(a, z, gate);
      const dGate = other(rows, columns, uniform(rows, columns, 3));
      const delta = out(rows, columns, uniform(rows, columns, 4));
      const active = other(rows, columns, (i, j) => (i + j) % 2);
      const [dGateBias, dMagnitudeBias, dScale] = [1, 2, 3].map((n) => vector(columns, (j) => n * theta(j)));
      kernels.gatedDelta(delta, dGate, { dGateBias, dMagnitudeBias, dScale }, active, z, gate, rows + 2);
      const [masked, own] = [out(rows, columns, none), out(rows, columns, uniform(rows, columns, 5))];
      kernels.maskPositive(masked, dGate, z);
      kernels.maskPositive(own, own, z);
      return [a, delta, dGateBias, dMagnitudeBias, dScale, masked, own];
    },
    { units: 4, magnitude: 10 },
  );
});

test('scaleColumns agrees with the reference for every layout, in place and not', async () => {
  await agree(
    ({ kernels, out, other, vector }, rows, columns) => {
      const a = other(rows, columns, uniform(rows, columns, 1));
      const [target, own] = [out(rows, columns, none), out(rows, columns, uniform(rows, columns, 2))];
      kernels.scaleColumns(target, a, vector(columns, square), true);
      kernels.scaleColumns(own, own, vector(columns, square), false);
      return [target, own];
    },
    { units: 4, magnitude: 0 },
  );
});

test('normWeightedL1 and tanhPenalty agree with the reference for every layout', async () => {
  await agree(
    ({ kernels, results, out, other, vector }, rows, columns) => {
      const a = other(rows, columns, gridded(rows, columns, 1));
      const squares = vector(columns, square);
      const [dA, byBent] = [2, 3].map((seed) => out(rows, columns, uniform(rows, columns, seed)));
      const [pull, bent] = [vector(columns, none), vector(columns, none)];
      kernels.normWeightedL1(dA, pull, results, 0, a, squares, 0.7, rows + 2);
      kernels.tanhPenalty(byBent, bent, results, 1, a, squares, { weight: 0.7, scale: 3, m: rows + 2 });
      return [dA, byBent, pull, bent];
    },
    { units: 8, magnitude: 10, sum: (_, columns) => 4 * columns },
  );
});

test('countActive and selectSilent agree with the reference for every layout', async () => {
  await agree(
    ({ kernels, out, other }, rows, columns) => {
      const counts = doubles(columns, (j) => j);
      kernels.countActive(counts, other(rows, columns, gridded(rows, columns, 1)));
      const width = Math.min(columns, 3);
      const values = out(rows, width, () => 0);
      const indices = ndarray(kernels.allocateIndices(rows * width) as Uint32Array, [rows, width]);
      const lengths = ndarray(kernels.allocateIndices(rows) as Uint32Array, [rows]);
      const z = out(rows, columns, gridded(rows, columns, 2));
      const silence = doubles(columns, (j) => (7 * j) % 5);
      kernels.selectSilent(values, indices, lengths, z, silence, 2);
      return [counts, values, doubles(rows * width, (t) => indices.data[t]), doubles(rows, (i) => lengths.data[i])];
    },
    { units: 0, magnitude: 0 },
  );
});

test('residualMoments and scaledSquaredError agree with the reference for every layout, in place and not', async () => {
  await agree(
    ({ kernels, results, out, other }, rows, columns) => {
      const e = other(rows, columns, uniform(rows, columns, 1));
      const moments = doubles(columns + 1, none);
      kernels.residualMoments(moments, e);
      const [target, own] = [out(rows, columns, none), out(rows, columns, uniform(rows, columns, 3))];
      const scale = doubles(1, () => 0.3);
      const eHat = other(rows, columns, uniform(rows, columns, 2));
      kernels.scaledSquaredError(target, results, 0, eHat, e, scale, rows + 2);
      kernels.scaledSquaredError(own, results, 1, own, e, scale, rows + 2);
      return [moments, target, own];
    },
    { units: 4, magnitude: 4, sum: (rows, columns) => rows * columns },
  );
});

test.run();
