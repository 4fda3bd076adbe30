import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, rowRange, toFlat } from '../../../src/array/matrix.ts';
import {
  applyPreprocessing,
  fitPreprocessing,
  type Preprocessing,
} from '../../../src/data/preprocessing/preprocessing.ts';
import { preprocessedSource } from '../../../src/data/stream/preprocessed-source.ts';
import { CountingSource } from '../../support/sources.ts';
import { randomView } from '../../support/views.ts';
import { refused } from '../refused.ts';

const x = randomView(40, 5, 'rows', 'float64', 1, 0.1, 0.9);
const chains: Preprocessing[][] = [
  [fitPreprocessing({ kind: 'standardize' }, x)],
  [fitPreprocessing({ kind: 'pca', epsilon: 0.1, components: 3 }, x)],
];

test('blocks of a preprocessed source are the rows of the whole, preprocessed', async () => {
  for (const steps of chains) {
    for (const precision of ['float32', 'float64'] as const) {
      const whole = applyPreprocessing(steps, x, precision);
      const source = preprocessedSource(new CountingSource(x), steps, precision);
      assert.equal(source.shape, [...whole.shape]);
      let old: Awaited<ReturnType<typeof source.read>> | undefined;
      for (const [begin, end] of [
        [0, 40],
        [3, 9],
        [9, 40],
      ]) {
        old = await source.read(begin, end, old);
        assert.equal(toFlat(old), toFlat(rowRange(whole, begin, end)));
      }
    }
  }
});

test('rows that are wider than a piece go through one by one', async () => {
  const d = 2 ** 20 + 1;
  const wide = matrix(
    Float32Array.from({ length: 3 * d }, (_, i) => i % 9),
    3,
    d,
  );
  const source = new CountingSource(wide);
  const [step] = [fitPreprocessing({ kind: 'contrast', epsilon: 1 }, wide)];
  const block = await preprocessedSource(source, [step], 'float32').read(0, 3);
  assert.is(source.reads.length, 3);
  assert.equal(block.data, applyPreprocessing([step], wide, 'float32').data);
});

test('a value that is not finite is named by its row, as the source tells it', async () => {
  const bad = x.data.slice();
  bad[5 * 7 + 1] = Number.POSITIVE_INFINITY;
  const source = preprocessedSource(new CountingSource(matrix(bad, 40, 5)), chains[0], 'float32');
  await refused(() => source.read(0, 40), /data: row 7 of the test, column 1 \(counted from 0\) is Infinity/);
});

test.run();
