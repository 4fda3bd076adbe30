import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, transposed } from '../../../src/array/matrix.ts';
import {
  applyPreprocessing,
  displayFilters,
  fitPreprocessing,
  type Preprocessing,
} from '../../../src/data/preprocessing/preprocessing.ts';
import {
  preprocessingFromTensors,
  preprocessingToTensors,
} from '../../../src/data/preprocessing/preprocessing-tensors.ts';
import { parseDataPlan } from '../../../src/training/run.ts';
import { close, refused } from '../refused.ts';

const x = fromRows([
  [1, 2, 0.5, -1],
  [2, 1, 3, 0.25],
]);

test('applyPreprocessing contrast agrees with NumPy: (x − mean)/√(var(ddof=1) + ε), row by row', () => {
  const expected = [
    0.29083752537355545, 1.0664042597030368, -0.09694584179118515, -1.260295943285407, 0.353433195658441,
    -0.4544141087037099, 1.161280500020592, -1.0602995869753231,
  ];
  const step = fitPreprocessing({ kind: 'contrast', epsilon: 0.1 }, x);
  close(applyPreprocessing([step], x).data, expected, 1e-15);
  const turned = transposed(fromRows([0, 1, 2, 3].map((j) => [x.get(0, j), x.get(1, j)])));
  close(applyPreprocessing([step], turned).data, expected, 1e-15);
  const single = applyPreprocessing([step], matrix(Float32Array.from(x.data), 2, 4));
  assert.instance(single.data, Float32Array);
  close(single.data, expected, 1e-6);
});

test('applyPreprocessing contrast learns nothing: a row alone, brighter or stronger comes out alike', () => {
  const step: Preprocessing = { kind: 'contrast', epsilon: 1e-12 };
  const [first] = [applyPreprocessing([step], x).data.slice(0, 4)];
  const changed = matrix(
    Float64Array.from(x.data.subarray(0, 4), (value) => 7 + 3 * value),
    1,
    4,
  );
  close(applyPreprocessing([step], changed).data, first, 1e-11);
  assert.equal(applyPreprocessing([step], fromRows([[5, 5, 5]])).data, Float64Array.of(0, 0, 0));
  const flat = applyPreprocessing([{ kind: 'contrast', epsilon: 1e-4 }], fromRows([Array(7).fill(0.1)]));
  assert.ok(flat.data.every((value) => Math.abs(value) < 1e-13));
});

test('contrast works in a chain, leaves filters in place and is saved', () => {
  const steps = [fitPreprocessing({ kind: 'contrast', epsilon: 0.1 }, x)];
  steps.push(fitPreprocessing({ kind: 'zca', epsilon: 0.1 }, applyPreprocessing(steps, x)));
  const { json, tensors } = preprocessingToTensors(steps);
  assert.equal(json[0], { kind: 'contrast', epsilon: 0.1 });
  const back = preprocessingFromTensors(JSON.parse(JSON.stringify(json)), tensors);
  assert.equal(applyPreprocessing(back, x).data, applyPreprocessing(steps, x).data);
  assert.equal(displayFilters(steps.slice(0, 1), x).data, x.data);
  assert.equal(parseDataPlan({ preprocessing: [{ kind: 'contrast', epsilon: 0.1 }] }).preprocessing, [
    { kind: 'contrast', epsilon: 0.1 },
  ]);
});

test('contrast refuses an epsilon that damps nothing, and single columns', async () => {
  for (const epsilon of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await refused(() => fitPreprocessing({ kind: 'contrast', epsilon }, x), /^contrast: epsilon is .* above 0/);
  }
  await refused(() => fitPreprocessing({ kind: 'contrast', epsilon: 1 }, fromRows([[1], [2]])), /have 1 column/);
  await refused(() => preprocessingFromTensors([{ kind: 'contrast', epsilon: 0 }], new Map()), /epsilon is 0/);
  await refused(
    () => parseDataPlan({ preprocessing: [{ kind: 'contrast', epsilon: 0 }] }),
    /^data.preprocessing.0.epsilon is 0: .* above 0/,
  );
  await refused(
    () => parseDataPlan({ preprocessing: [{ kind: 'contrast' }] }),
    /^data.preprocessing.0.epsilon is missing/,
  );
});

test.run();
