import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, vector } from '../../../src/array/matrix.ts';
import { fillNormal, stream } from '../../../src/array/random.ts';
import {
  applyPreprocessing,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from '../../../src/data/preprocessing/preprocessing.ts';
import { restore } from '../../../src/data/preprocessing/restore.ts';
import { close, refused } from '../refused.ts';

// NumPy, with numpy.linalg.pinv for what whitens: data/oracles/make_preprocessing.py.
const oracle = JSON.parse(readFileSync('data/oracles/preprocessing.json', 'utf8'));
const [x, made, narrow] = [fromRows(oracle.x), fromRows(oracle.made), fromRows(oracle.narrow)];
const fit = (spec: PreprocessingSpec) => [fitPreprocessing(spec, x)];

test('restore undoes each kind of step as NumPy does', () => {
  close(restore(fit({ kind: 'layer-norm' }), x, made).data, oracle.layerNorm.restored.flat(), 1e-13);
  close(restore(fit({ kind: 'constant-norm' }), x, made).data, oracle.constantNorm.restored.flat(), 1e-13);
  close(restore(fit({ kind: 'contrast', epsilon: 0.1 }), x, made).data, oracle.contrast.restored.flat(), 1e-13);
  close(restore(fit({ kind: 'standardize' }), x, made).data, oracle.standardize.restored.flat(), 1e-13);
  close(restore(fit({ kind: 'zca', epsilon: 0.1 }), x, made).data, oracle.zca.restored.flat(), 1e-12);
  const pca = restore(fit({ kind: 'pca', epsilon: 0.1, components: 3 }), x, narrow);
  assert.equal(pca.shape, [6, 5]);
  // A direction's sign is chosen here as it is not in NumPy: it turns the codes about.
  const signs = [0, 1, 2].map(() => [1, -1]);
  const turned = signs[0].flatMap((a) => signs[1].flatMap((b) => signs[2].map((c) => [a, b, c])));
  const gaps = turned.map((sign) => {
    const rows = fromRows(oracle.narrow.map((row: number[]) => row.map((value, j) => value * sign[j])));
    const { data } = restore(fit({ kind: 'pca', epsilon: 0.1, components: 3 }), x, rows);
    return Math.max(...data.map((value, i) => Math.abs(value - oracle.pca.restored.flat()[i])));
  });
  assert.ok(Math.min(...gaps) < 1e-12, `${Math.min(...gaps)}`);
});

test('restore undoes a chain from its end, each step by what it was given', () => {
  const steps: Preprocessing[] = [{ kind: 'scale', deviation: oracle.chain.deviation }];
  for (const spec of [
    { kind: 'layer-norm', epsilon: oracle.chain.layer },
    { kind: 'zca', epsilon: oracle.chain.zca },
  ] as const) {
    steps.push(fitPreprocessing(spec, applyPreprocessing(steps, x)));
  }
  close(restore(steps, x, made).data, oracle.chain.restored.flat(), 1e-12);
});

test('what is restored of the preprocessed rows themselves is the raw rows', () => {
  const specs: PreprocessingSpec[] = [
    { kind: 'standardize' },
    { kind: 'contrast', epsilon: 0.1 },
    { kind: 'scale' },
    { kind: 'zca', epsilon: 0.1 },
    { kind: 'constant-norm' },
    { kind: 'pca', epsilon: 0.01 },
  ];
  const data = matrix(fillNormal(new Float64Array(300 * 9), { seed: 2, stream: stream.testing }), 300, 9);
  const steps: Preprocessing[] = [];
  for (const spec of specs) {
    steps.push(fitPreprocessing(spec, applyPreprocessing(steps, data)));
    close(restore(steps, data, applyPreprocessing(steps, data)).data, data.data, 1e-10);
  }
  assert.equal(restore([], data, data).data, data.data);
  const single = restore(steps, data, applyPreprocessing(steps, data, 'float32'));
  assert.instance(single.data, Float32Array);
  close(single.data, data.data, 1e-4);
});

test('flat rows are restored to their mean and to 0', () => {
  const flat = fromRows([[5, 5, 5]]);
  assert.equal(
    restore([{ kind: 'layer-norm', epsilon: 1e-5 }], flat, fromRows([[1, 2, 3]])).data,
    Float64Array.of(5, 5, 5),
  );
  const zeros = fromRows([[0, 0, 0]]);
  assert.equal(restore([{ kind: 'constant-norm' }], zeros, fromRows([[1, 2, 3]])).data, Float64Array.of(0, 0, 0));
});

test('restore refuses what cuts, other shapes, NaN, and transforms that it does not undo', async () => {
  await refused(() => restore([{ kind: 'cs294a', limit: 1 }], x, made), /"cs294a", which cuts values off/);
  await refused(() => restore([], x, narrow), /reconstruction is \(6, 3\) for x of \(6, 5\): it must be \(6, 5\)/);
  await refused(() => restore(fit({ kind: 'pca', epsilon: 0.1, components: 3 }), x, made), /it must be \(6, 3\)/);
  await refused(() => restore(fit({ kind: 'standardize' }), narrow, narrow), /3 columns, .* fitted for 5/);
  await refused(() => restore([], x, matrix(new Float64Array(30).fill(Number.NaN), 6, 5)), /reconstruction: row 0/);
  const of = (kind: 'zca' | 'pca', rows: number[][]): Preprocessing => {
    return {
      kind,
      epsilon: 0,
      mean: vector(new Float64Array(2)),
      transform: matrix(Float64Array.from(rows.flat()), 2, 2),
    };
  };
  const two = fromRows([[1, 2]]);
  await refused(() => restore([of('zca', [[1, 1], [0, 1]])], two, two), /zca: its transform is not symmetric/); // biome-ignore format: matrices
  await refused(() => restore([of('zca', [[1, 1], [1, 1]])], two, two), /zca: its transform is singular/); // biome-ignore format: matrices
  await refused(() => restore([of('pca', [[1, 0], [1, 1]])], two, two), /pca: rows 0 and 1 .* not orthogonal/); // biome-ignore format: matrices
  await refused(() => restore([of('pca', [[0, 0], [1, 1]])], two, two), /pca: its transform is singular/); // biome-ignore format: matrices
});

test.run();
