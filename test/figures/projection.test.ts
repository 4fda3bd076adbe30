import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { InputError } from '../../src/errors.ts';
import { project } from '../../src/figures/index.ts';

const CORNERS = fromRows([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]);

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-12, `${actual} is not ${expected}`);
  });
}

test('project from the front, from the side and from above', () => {
  const flat = (eye: { azimuth: number; elevation: number }) =>
    project(CORNERS, eye).flatMap(({ x, y, depth }) => [x, y, depth]);
  assertNear(flat({ azimuth: 0, elevation: 0 }), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  assertNear(flat({ azimuth: 90, elevation: 0 }), [0, 0, 1, 0, 1, 0, -1, 0, 0]);
  assertNear(flat({ azimuth: 0, elevation: 90 }), [1, 0, 0, 0, 0, 1, 0, -1, 0]);
});

test('project turns space: no distance changes', () => {
  const points = fromRows([
    [1, -2, 3],
    [0.5, 4, -1],
  ]);
  const [a, b] = project(points, { azimuth: -35, elevation: 20 });
  const squared = (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.depth - b.depth) ** 2;
  assert.ok(Math.abs(squared - (0.25 + 36 + 16)) < 1e-12);
});

test('project reads views: strides, offsets and units', () => {
  const data = Uint8Array.from([9, 2, 4, 6, 9, 8, 10, 12]);
  const rows = { ...matrix(data, 2, 3), data, shape: [2, 3], stride: [4, 1], offset: 1, unit: 2 };
  assert.equal(project(rows, { azimuth: 0, elevation: 0 }), [
    { x: 1, y: 2, depth: 3 },
    { x: 4, y: 5, depth: 6 },
  ]);
});

test('project refuses other widths and what is not finite', () => {
  const eye = { azimuth: 0, elevation: 0 };
  const refused = (rows: number[][], message: RegExp) =>
    assert.throws(
      () => project(fromRows(rows), eye),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    );
  refused([[1, 2]], /^points have the shape \(1, 2\): give three columns/);
  refused([[1, Number.NaN, 2]], /^point 0 is \(1, NaN, 2\)/);
});

test.run();
