import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../../src/array/matrix.ts';
import { fillNormal, stream } from '../../../src/array/random.ts';
import { principalAngles } from '../../../src/data/preprocessing/principal-angles.ts';
import { close, refused } from '../refused.ts';

const a = fromRows([
  [1, 2, 0, -1, 3],
  [0.5, 1, -1, 2, 0],
  [3, 0, 1, 1, -2],
]);
const b = fromRows([
  [1, 2, 0.1, -1, 3],
  [0.5, 1, -1, 2, 0.01],
  [0, 1, 1, 0, 1],
]);

test('principalAngles agrees with scipy.linalg.subspace_angles', () => {
  // Two spaces of 3 dimensions in 5 share a line: the smallest angle is 0 (SciPy 1.17 says 5e-8, from a cosine).
  close(principalAngles(a, b), [1.482284342377871, 0.004754448006956203, 0], 2e-15);
  const two = matrix(a.data.slice(0, 10), 2, 5);
  close(principalAngles(two, b), [0.009441271809194348, 0.0025170959280058237], 2e-15);
  close(principalAngles(b, two), [0.009441271809194348, 0.0025170959280058237], 2e-15);
});

test('principalAngles keeps the digits of small angles and of right ones', () => {
  const plane = fromRows([
    [1, 0, 0, 0],
    [0, 1, 0, 0],
  ]);
  const tilted = fromRows([
    [1, 0, 1e-9, 0],
    [0, 1, 0, 2e-5],
  ]);
  const angles = principalAngles(plane, tilted);
  close([angles[0] / Math.atan(2e-5), angles[1] / 1e-9], [1, 1], 1e-11);
  const upright = fromRows([
    [0, 0, 1, 0],
    [0, 1e-9, 0, 1],
  ]);
  close(principalAngles(plane, upright), [Math.PI / 2, Math.PI / 2 - 1e-9], 1e-15);
});

test('principalAngles is 0 for another basis of one space, and for a part of it', () => {
  const [k, d] = [30, 200];
  const rows = matrix(fillNormal(new Float64Array(k * d), { seed: 1, stream: stream.testing }), k, d);
  const mixing = fillNormal(new Float64Array(k * k), { seed: 2, stream: stream.testing });
  const mixed = matrix(new Float64Array(k * d), k, d);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += mixing[i * k + c] * rows.get(c, j);
      mixed.set(i, j, 1000 * sum);
    }
  }
  const angles = principalAngles(rows, mixed);
  assert.is(angles.length, k);
  close(angles, new Float64Array(k), 1e-11);
  close(principalAngles(rows.hi(5, d), mixed), new Float64Array(5), 1e-11);
});

test('principalAngles gives the angle of planes that were turned by it', () => {
  for (const angle of [0, 1e-12, 0.3, Math.PI / 4, 1, Math.PI / 2]) {
    const line = fromRows([[Math.cos(angle), Math.sin(angle)]]);
    close(principalAngles(fromRows([[2, 0]]), line), [angle], 2e-16);
  }
});

test('principalAngles refuses dependent rows, other widths, and entries that are not finite', async () => {
  const dependent = fromRows([
    [1, 2, 3],
    [2, 4, 6],
  ]);
  const line = fromRows([[1, 0, 0]]);
  await refused(() => principalAngles(line, dependent), /2 rows of b span 1 dimensions: leave out/);
  await refused(() => principalAngles(fromRows([[0, 0, 0]]), line), /1 rows of a span 0/);
  await refused(() => principalAngles(line, fromRows([[1, 2]])), /a has 3 columns and b 2/);
  await refused(() => principalAngles(fromRows([[1], [2]]), fromRows([[1]])), /a has the shape \(2, 1\)/);
  await refused(() => principalAngles(fromRows([[1, Number.NaN, 0]]), line), /principal angles: a: row 0, column 1/);
});

test.run();
