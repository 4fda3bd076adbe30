import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { topExamples } from '../../src/measures/top-examples.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { assertRefused } from '../support/errors.ts';
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

test('topExamples refuses units that the code does not have, and data that do not fit', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3 });
  const x = fromRows([[0.5, 0.5]]);
  const refused = (units: unknown, count: unknown, message: RegExp) =>
    assertRefused(() => topExamples(model, x, units as number[], count as number), message);
  await refused([0, 3], 1, /^units\.1 is 3: the code has 3 units, so it must be a whole number from 0 to 2$/);
  await refused([-1], 1, /^units\.0 is -1/);
  await refused(0, 1, /^units is 0: it must be a list/);
  await refused([0], 0, /^count is 0: it must be a whole number, at least 1$/);
  await assertRefused(() => topExamples(model, fromRows([[1]]), [0], 1), /^x has shape \(1, 1\)/);
});

test.run();
