import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { withoutColumns } from '../../src/measures/without-columns.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';

/** x̂ = P x, P the projection to the plane of (1, 1, 0) / √2 and (0, 0, 1): columns 0 and 1 are equal in all that it knows. */
async function projection() {
  const model = await Autoencoder.create({
    inputs: 3,
    hidden: 2,
    activation: 'linear',
    output: 'linear',
    weightDecay: 0,
    precision: 'float64',
    sparsity: null,
  });
  const r = Math.SQRT1_2;
  model.setParameters({
    'encoder.weight': matrix(Float64Array.of(r, r, 0, 0, 0, 1), 2, 3),
    'decoder.weight': matrix(Float64Array.of(r, r, 0, 0, 0, 1), 2, 3),
  });
  return model;
}

test('of a linear model the fixed point by hand: x₀ = x₁, and a free column as it is', async () => {
  const model = await projection();
  const x = matrix(Float64Array.of(1, 1, 5, 4, 1, 5), 2, 3);
  const [fine, odd] = await withoutColumns(model, x, [0, 1]);
  for (const { score } of fine) assert.ok(score < 1e-20);
  // ‖x − Px‖² of (4, 1, 5) is (4 − 1)²/2.
  assert.ok(Math.abs(odd[0].expected - 1) < 1e-12 && odd[0].score < 1e-20);
  assert.ok(Math.abs(odd[1].expected - 4) < 1e-12 && odd[1].score < 1e-20);
  assert.is(odd[2].expected, 5);
  assert.ok(Math.abs(odd[2].score - 4.5) < 1e-12);
  model.dispose();
});

test('rows in the order that is asked for, of views with a unit too, whatever the number of rows', async () => {
  const model = await projection();
  const bytes = matrix(Uint8Array.of(100, 100, 7, 100, 50, 7), 2, 3);
  const found = await withoutColumns(model, Object.assign(bytes, { unit: 100 }), [1, 0, 1]);
  assert.ok(Math.abs(found[0][0].expected - 0.5) < 1e-12 && Math.abs(found[2][1].expected - 1) < 1e-12);
  assert.ok(found[1].every(({ score }) => score < 1e-20));
  const many = await withoutColumns(model, bytes, new Array(3000).fill(1));
  assert.is(many.length, 3000);
  assert.equal(many[2999], many[0]);
  model.dispose();
});

test('of a sigmoid model no repair is further from its reconstruction than three rounds leave it', async () => {
  const model = await Autoencoder.create({ inputs: 4, hidden: 3, precision: 'float64', sparsity: null });
  const x = matrix(Float64Array.of(0.2, 0.9, 0.4, 0.6), 1, 4);
  const [found] = await withoutColumns(model, x, [0]);
  for (const [j, { expected, score }] of found.entries()) {
    const own = Float64Array.from(x.data);
    own[j] = expected;
    const made = await model.reconstruct(matrix(own, 1, 4));
    assert.ok(Math.abs(made.get(0, j) - expected) < 1e-9, `column ${j}`);
    const by = own.reduce((sum, value, i) => sum + (made.get(0, i) - value) ** 2, 0);
    assert.ok(Math.abs(by - score) < 1e-12);
  }
  model.dispose();
});

test.run();
