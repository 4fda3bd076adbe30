import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../../src/array/matrix.ts';
import { geometricMedian, meanRow } from '../../../src/data/preprocessing/center.ts';
import { assertClose } from '../../support/close.ts';
import { assertRefused } from '../../support/errors.ts';
import { CountingSource } from '../../support/sources.ts';
import { layouts, place, uniforms } from '../../support/views.ts';

const near = (atol: number) => ({ rtol: 0, atol });

/** Σₖ ‖xₖ − y‖. */
function distances(rows: readonly number[][], y: ArrayLike<number>): number {
  return rows.reduce((sum, row) => sum + Math.hypot(...row.map((value, i) => value - y[i])), 0);
}

test('geometricMedian of points on a line is the middle one', async () => {
  for (const points of [
    [0, 1, 10],
    [-5, 0, 0.1, 7, 1000],
    [3, 3.5, 4, 5, 6, 7, 1e4],
  ]) {
    const middle = points[points.length >> 1];
    const y = await geometricMedian(fromRows(points.map((p) => [p, 2 * p])));
    assertClose(y, [middle, 2 * middle], near(1e-3 * Math.max(1, Math.abs(points[points.length - 1]) / 100)));
  }
});

test('geometricMedian is the point that holds half of the examples or more, also where it is the first guess', async () => {
  const majority = [
    [1, 2],
    [1, 2],
    [1, 2],
    [9, 9],
    [-3, 4],
  ];
  assertClose(await geometricMedian(fromRows(majority)), [1, 2], near(1e-5));
  // The mean, where it begins, is a point itself: the median or not.
  const cross = [
    [0, 0],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ];
  assertClose(await geometricMedian(fromRows(cross)), [0, 0], near(1e-12));
  const held = [
    [0, 0],
    [6, 0],
    [-1, 0],
    [-2, 0],
    [-3, 0],
  ]; // mean 0, median −1
  assertClose(await geometricMedian(fromRows(held)), [-1, 0], near(1e-3));
});

test('geometricMedian of a triangle is its Fermat point: 120° to every corner, or the corner that is as wide', async () => {
  const equilateral = [
    [0, 0],
    [1, 0],
    [0.5, Math.sqrt(3) / 2],
  ];
  assertClose(await geometricMedian(fromRows(equilateral)), [0.5, Math.sqrt(3) / 6], near(1e-6));
  const right = [
    [0, 0],
    [4, 0],
    [0, 3],
  ];
  const y = await geometricMedian(fromRows(right));
  const away = right.map(([p, q]) => Math.atan2(q - y[1], p - y[0])).sort((p, q) => p - q);
  for (const [i, angle] of away.entries()) {
    const next = i + 1 < 3 ? away[i + 1] : away[0] + 2 * Math.PI;
    assert.ok(Math.abs(next - angle - (2 * Math.PI) / 3) < 1e-4, `${next - angle}`);
  }
  assertClose([distances(right, y)], [Math.sqrt(25 + 12 * Math.sqrt(3))], { rtol: 1e-9 }); // (a² + b² + c²)/2 + 2√3·area
  const wide = [
    [0, 0],
    [10, 1],
    [-10, 1],
  ]; // more than 120° at the first
  assertClose(await geometricMedian(fromRows(wide)), [0, 0], near(1e-3));
});

test('geometricMedian is better than the mean and than its neighbours, and no outlier moves it far', async () => {
  for (let seed = 1; seed < 6; seed++) {
    const rows = Array.from({ length: 40 }, (_, k) => [...uniforms(4, 100 * seed + k)]);
    const y = await geometricMedian(fromRows(rows));
    const best = distances(rows, y);
    assert.ok(best <= distances(rows, await meanRow(fromRows(rows))));
    for (let i = 0; i < 4; i++)
      for (const step of [-1e-2, 1e-2])
        assert.ok(
          best <=
            distances(
              rows,
              y.map((v, j) => v + (i === j ? step : 0)),
            ),
        );
    const moved = await geometricMedian(fromRows([...rows, [1e6, 1e6, 1e6, 1e6]]));
    assert.ok(Math.hypot(...moved.map((value, i) => value - y[i])) < 0.2, `${moved}`);
  }
});

test('one example, equal examples, one column', async () => {
  assert.equal([...(await geometricMedian(fromRows([[3, -4]])))], [3, -4]);
  assert.equal(
    [
      ...(await geometricMedian(
        fromRows([
          [3, -4],
          [3, -4],
        ]),
      )),
    ],
    [3, -4],
  );
  assertClose(await geometricMedian(fromRows([[1], [2], [9]])), [2], near(1e-4));
});

test('meanRow and geometricMedian take units, strides and sources; what is not finite is refused', async () => {
  const bytes = Object.assign(matrix(Uint8Array.from([0, 255, 51, 102]), 2, 2), { unit: 255 });
  assertClose(await meanRow(bytes), [0.1, 0.7]);
  const values = uniforms(12, 4);
  const plain = matrix(values, 4, 3);
  const [mean, median] = [await meanRow(plain), await geometricMedian(plain)];
  for (const layout of layouts) {
    const x = place(4, 3, layout, 'float64', (i, j) => values[3 * i + j]);
    assert.equal([await meanRow(x), await geometricMedian(x)], [mean, median]);
  }
  assert.equal(await meanRow(new CountingSource(plain)), mean);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
    await assertRefused(() => geometricMedian(fromRows([[1, bad]])), /^x holds a value that is not finite/);
});

test.run();
