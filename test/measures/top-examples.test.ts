import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { topExamples } from '../../src/measures/top-examples.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { rowsOf } from '../support/naive-model.ts';
import { randomView } from '../support/views.ts';

test('topExamples gives the largest activations in order, of equal ones the earlier, over chunks', async () => {
  const model = await Autoencoder.create({ inputs: 4, hidden: 3, activation: 'relu', precision: 'float64', seed: 2 });
  const some = rowsOf(randomView(40, 4, 'rows', 'float64', 1));
  const x = fromRows(Array.from({ length: 600 }, (_, k) => some[k % 40])); // every example 15 times
  const codes = rowsOf(await model.encode(x));
  const found = await topExamples(model, x, [2, 0], 10);
  for (const [i, unit] of [2, 0].entries()) {
    const expected = codes
      .map((row, example) => ({ example, activation: row[unit] }))
      .filter(({ activation }) => activation !== 0)
      .sort((a, b) => b.activation - a.activation)
      .slice(0, 10);
    assert.equal(found[i], expected);
  }
});

test('topExamples of a unit that seldom or never fires gives fewer, or none', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 2, activation: 'relu', precision: 'float64' });
  model.setParameters({
    'encoder.weight': fromRows([
      [1, 0],
      [0, 1],
    ]),
  });
  const x = fromRows([
    [-1, -2],
    [3, -1],
    [0, 0],
  ]);
  assert.equal(await topExamples(model, x, [0, 1], 10), [[{ example: 1, activation: 3 }], []]);
});

test.run();
