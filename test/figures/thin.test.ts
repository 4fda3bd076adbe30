import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Point, thin } from '../../src/figures/thin.ts';

const curve = (n: number): Point[] => Array.from({ length: n }, (_, i): Point => [i, Math.sin(i * i)]);

test('thin leaves short curves alone', () => {
  const points = curve(10);
  assert.is(thin(points, 10), points);
});

test('thin keeps order, ends and extremes within the limit', () => {
  const points = curve(5003);
  const kept = thin(points, 100);
  assert.ok(kept.length <= 100 && kept.length > 90);
  assert.is(kept[0], points[0]);
  assert.is(kept[kept.length - 1], points[5002]);
  for (let i = 1; i < kept.length; i++) assert.ok(kept[i][0] > kept[i - 1][0]);
  const highest = Math.max(...points.map(([, value]) => value));
  assert.ok(kept.some(([, value]) => value === highest));
});

test.run();
