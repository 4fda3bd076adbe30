import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, fromRows, matrix, transposed, type View } from '../../../src/array/matrix.ts';
import {
  applyPreprocessing,
  displayFilters,
  fitPreprocessing,
  type PreprocessingSpec,
} from '../../../src/data/preprocessing/preprocessing.ts';
import {
  preprocessingFromTensors,
  preprocessingToTensors,
} from '../../../src/data/preprocessing/preprocessing-tensors.ts';
import { parseDataPlan } from '../../../src/training/run.ts';
import { close, refused } from '../refused.ts';

// NumPy: data/oracles/make_preprocessing.py.
const oracle = JSON.parse(readFileSync('data/oracles/preprocessing.json', 'utf8'));
const x = fromRows(oracle.x);
const applied = (spec: PreprocessingSpec, data: View<AnyNumbers> = x) =>
  applyPreprocessing([fitPreprocessing(spec, data)], data);

test('layer-norm agrees with NumPy: (x − mean)/(std(ddof=1) + ε), row by row, ε 1e-5 by default', () => {
  close(applied({ kind: 'layer-norm' }).data, oracle.layerNorm.u.flat(), 1e-14);
  close(applied({ kind: 'layer-norm', epsilon: 1e-5 }).data, oracle.layerNorm.u.flat(), 1e-14);
  close(applied({ kind: 'layer-norm', epsilon: 0.5 }).data, oracle.layerNormWide.u.flat(), 1e-14);
  const columns = oracle.x[0].map((_: number, j: number) => oracle.x.map((row: number[]) => row[j]));
  close(applied({ kind: 'layer-norm' }, transposed(fromRows(columns))).data, oracle.layerNorm.u.flat(), 1e-14);
  const single = applied({ kind: 'layer-norm' }, matrix(Float32Array.from(x.data), 6, 5));
  assert.instance(single.data, Float32Array);
  close(single.data, oracle.layerNorm.u.flat(), 1e-5);
});

test('constant-norm agrees with NumPy: x·√d/‖x‖', () => {
  close(applied({ kind: 'constant-norm' }).data, oracle.constantNorm.u.flat(), 1e-14);
  const bytes = { data: Uint8Array.of(0, 255, 51, 0), shape: [1, 4], stride: [4, 1], offset: 0, unit: 255 };
  const { data } = applyPreprocessing([{ kind: 'constant-norm' }], bytes);
  close(data, [0, 2 / Math.sqrt(1.04), 0.4 / Math.sqrt(1.04), 0], 1e-15);
});

test('rows of zeros and of one value become exactly 0, huge and tiny ones what moderate ones become', () => {
  for (const value of [0, 0.1, 1e20, -3e-300]) {
    assert.equal(applied({ kind: 'layer-norm' }, fromRows([Array(7).fill(value)])).data, new Float64Array(7));
  }
  assert.equal(applied({ kind: 'constant-norm' }, fromRows([[0, 0, 0]])).data, new Float64Array(3));
  for (const size of [1e200, 1e-200]) {
    const row = fromRows([[3 * size, 0, -4 * size, 0]]);
    close(applied({ kind: 'constant-norm' }, row).data, [1.2, 0, -1.6, 0], 1e-14);
  }
  const huge = fromRows([[3e200, 0, -3e200]]);
  close(applied({ kind: 'layer-norm' }, huge).data, [1, 0, -1], 1e-14);
});

test('row-wise norms stand in a chain, leave filters in place, are saved, and are read from a run', () => {
  const specs: PreprocessingSpec[] = [{ kind: 'layer-norm' }, { kind: 'constant-norm' }];
  const steps = specs.map((spec) => fitPreprocessing(spec, x));
  const { json, tensors } = preprocessingToTensors(steps);
  assert.equal(json, [{ kind: 'layer-norm', epsilon: 1e-5 }, { kind: 'constant-norm' }]);
  assert.equal([...tensors], []);
  const back = preprocessingFromTensors(JSON.parse(JSON.stringify(json)), tensors);
  assert.equal(back, steps);
  assert.equal(applyPreprocessing(back, x).data, applyPreprocessing(steps, x).data);
  assert.equal(displayFilters(steps, x).data, x.data);
  assert.equal(parseDataPlan({ preprocessing: specs }).preprocessing, specs);
});

test('layer-norm refuses an ε that leaves flat rows undefined, and single columns', async () => {
  for (const epsilon of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await refused(() => applied({ kind: 'layer-norm', epsilon }), /^layer-norm: epsilon is .* above 0/);
  }
  await refused(() => applied({ kind: 'layer-norm' }, fromRows([[1], [2]])), /^layer-norm: .* have 1 column/);
  for (const epsilon of [0, undefined]) {
    await refused(() => preprocessingFromTensors([{ kind: 'layer-norm', epsilon }], new Map()), /epsilon is/);
  }
  await refused(
    () => preprocessingToTensors([{ kind: 'layer-norm' } as never]),
    /^preprocessing.0 is .* which is not fitted/,
  );
  await refused(
    () => parseDataPlan({ preprocessing: [{ kind: 'layer-norm', epsilon: 0 }] }),
    /epsilon is 0: .* above 0/,
  );
});

test.run();
