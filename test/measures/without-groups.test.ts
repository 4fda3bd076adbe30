import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { Autoencoder, fit } from '../../src/index.ts';
import { withoutGroups } from '../../src/measures/without-groups.ts';

test('withoutGroups finds the category that goes with the rest of a row', async () => {
  // x is 1 with category 0 and −1 with category 1.
  const row = (category: number, x: number) => [category === 0 ? 1 : 0, category === 1 ? 1 : 0, x];
  const rows = Array.from({ length: 40 }, (_, k) => row(k % 2, k % 2 === 0 ? 1 : -1));
  const model = await Autoencoder.create(
    { inputs: 3, hidden: 1, activation: 'linear', output: 'linear', precision: 'float64' },
    { threads: 1 },
  );
  await fit(model, fromRows(rows), { optimizer: { kind: 'lbfgs', iterations: 200 } });
  const x = fromRows([row(1, 1), row(0, 1), row(-1, -1)]);
  const group = { begin: 0, count: 2, on: () => 1, off: () => 0 };
  const found = await withoutGroups(model, x, [0, 1, 2], [group]);
  assert.equal(
    found.map(([{ own, expected }]) => [own, expected]),
    [
      [1, 0], // odd: 0 goes with it
      [0, 1], // as it should be: the other is told, and is worse
      [-1, 1], // of none: 1 goes with it
    ],
  );
  assert.ok(found[0][0].score < 1e-6 && found[1][0].score > 0.1 && found[2][0].score < 1e-6);
});

test.run();
