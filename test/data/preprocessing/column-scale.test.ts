import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, transposed } from '../../../src/array/matrix.ts';
import { columnScale, unscaled } from '../../../src/data/preprocessing/column-scale.ts';
import { assertClose } from '../../support/close.ts';

/** Columns of mean μ and standard deviation s: μ ± s in turn. */
const columns = (...of: [mean: number, deviation: number][]) =>
  matrix(
    Float64Array.from({ length: 40 * of.length }, (_, p) => {
      const [mean, deviation] = of[p % of.length];
      return Math.floor(p / of.length) % 2 === 0 ? mean + deviation : mean - deviation;
    }),
    40,
    of.length,
  );
const problem = (...of: [number, number][]) => unscaled(columnScale(columns(...of)));

test('columnScale measures range, means and deviations of the columns that vary, the unit divided out', () => {
  const x = columns([3, 1], [-4, 2], [1e6, 0]);
  for (const view of [x, transposed(matrix(Float64Array.from(transposedOf(x.data, 40, 3)), 3, 40))]) {
    const { range, deviations, mean, deviation } = columnScale(view);
    assert.equal(range, [-6, 1e6]);
    assertClose([...deviations, mean, deviation], [1, 2, Math.sqrt(12.5), Math.sqrt(2.5)]);
  }
  const bytes = columnScale(Object.assign(matrix(Uint8Array.of(0, 255, 51, 255), 2, 2), { unit: 255 }));
  assert.equal(
    [bytes.range, bytes.deviations],
    [
      [0, 1],
      [0.1, 0.1],
    ],
  );
  assert.equal(columnScale(columns([0.1 + 0.2, 0])).deviations, [0, 0]);
});

function transposedOf(data: Float64Array, m: number, d: number): number[] {
  return Array.from({ length: m * d }, (_, p) => data[(p % m) * d + Math.floor(p / m)]);
}

test('unscaled names what keeps a model from learning, and nothing where columns are centred or lie in [0, 1]', () => {
  assert.is(problem([20, 3], [1e6, 2e5], [0.5, 0.1]), "the columns' standard deviations go from 0.1 to 200000");
  assert.is(problem([4, 0.3], [-4, 0.3]), "the columns' means are about 4, 13.3 times their standard deviations");
  assert.is(problem([5, 6], [0, 7]), "the columns' standard deviations are about 6.52");
  assert.is(problem([0, 0.01], [0, 0.02]), "the columns' standard deviations are about 0.0158");
  for (const fine of [
    [[0, 1]],
    [
      [1, 2],
      [-1, 0.5],
    ],
    [
      [0.9, 0.01],
      [0.5, 0.5],
    ],
    [[7, 0]],
  ] as [number, number][][]) {
    assert.is(problem(...fine), null);
  }
});

test.run();
