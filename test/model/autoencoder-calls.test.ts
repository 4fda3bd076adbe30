import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, toFlat } from '../../src/array/matrix.ts';
import { Autoencoder, type CostAndGradient } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

const sparse: AutoencoderConfig = {
  inputs: 5,
  hidden: 3,
  precision: 'float64',
  weightDecay: 0.01,
  sparsity: { kind: 'kl', target: 0.1, weight: 2 },
};
const examples = (m = 7, seed = 1): Matrix => randomView(m, 5, 'rows', 'float64', seed, 0, 1);

/** Everything of a gradient in one row. */
function flatten({ gradient }: CostAndGradient): number[] {
  return Object.values(gradient).flatMap((view) => [...toFlat(view)]);
}

test('Autoencoder hands out arrays that the caller owns, and leaves those that it is given alone', async () => {
  const model = await Autoencoder.create(sparse);
  const x = examples();
  const before = x.data.slice();
  const read = async () => ({
    cost: (await model.costAndGradient(x)).cost,
    codes: [...(await model.encode(x)).data],
    reconstruction: [...(await model.reconstruct(x)).data],
    weight: [...toFlat((await model.parameters())['encoder.weight'])],
  });
  const first = await read();
  for (const view of Object.values(await model.parameters())) view.data.fill(9);
  for (const view of Object.values((await model.costAndGradient(x)).gradient)) view.data.fill(9);
  for (const view of [await model.encode(x), await model.decode(await model.encode(x)), await model.reconstruct(x)]) {
    view.data.fill(9);
  }
  assert.equal(await read(), first);
  assert.equal(x.data, before);
});

test('costAndGradient gives the same whether calls run at once or one after another', async () => {
  const model = await Autoencoder.create(sparse);
  const sets = [examples(7, 1), examples(30, 2), examples(3, 3)];
  const apart: (readonly [number, number[]])[] = [];
  for (const x of sets) apart.push([(await model.costAndGradient(x)).cost, flatten(await model.costAndGradient(x))]);
  const [first, codes, second, third] = await Promise.all([
    model.costAndGradient(sets[0]),
    model.encode(sets[1]),
    model.costAndGradient(sets[1]),
    model.costAndGradient(sets[2]),
  ]);
  assert.equal(
    [first, second, third].map((result) => [result.cost, flatten(result)]),
    apart,
  );
  assertClose(codes, await model.encode(sets[1]), { rtol: 0, atol: 0 });
});

test('dispose ends the model: every later call says so, and disposing twice is allowed', async () => {
  const model = await Autoencoder.create(sparse);
  model.dispose();
  model[Symbol.dispose]();
  for (const call of [
    () => model.encode(examples()),
    () => model.decode(examples().hi(7, 3)),
    () => model.reconstruct(examples()),
    () => model.costAndGradient(examples()),
    () => model.parameters(),
    async () => model.setParameters({}),
  ]) {
    await assertRefused(call, 'the model is disposed: create or load another one');
  }
});

test('setParameters is refused while a call that reads the parameters is under way, so no result mixes two of them', async () => {
  const model = await Autoencoder.create(sparse);
  const x = examples(3000);
  const expected = [...(await model.encode(x)).data];
  const under = model.encode(x);
  const other = await (await Autoencoder.create({ ...sparse, seed: 2 })).parameters();
  await assertRefused(() => model.setParameters(other), /while another call on the model is running: await that call/);
  assert.equal([...(await under).data], expected);
  model.setParameters(other);
  assert.not.equal([...(await model.encode(x)).data], expected);
});

test('without types: new in the place of create, and parameters that are none, are refused at once', async () => {
  const Plain = Autoencoder as unknown as new (config?: AutoencoderConfig) => Autoencoder;
  await assertRefused(
    () => new Plain(sparse),
    /^model is \{"inputs":5,.*: it must be what await Autoencoder\.create\(…\) gives$/,
  );
  await assertRefused(() => new Plain(), /^model is undefined: it must be what await Autoencoder\.create\(…\) gives$/);
  const model = await Autoencoder.create(sparse);
  const set = model.setParameters.bind(model) as (values?: unknown) => void;
  await assertRefused(() => set(null), 'parameters is null: it must be an object like await model.parameters()');
  await assertRefused(() => set(model.parameters()), /^parameters is a Promise \(await is missing\): /);
  await assertRefused(() => set(new Map()), /^parameters is of class Map: /);
  await assertRefused(() => set(), /^parameters is undefined: /);
  set(Object.assign(Object.create(null), await model.parameters()));
});

test('fit may begin while another call is under way: that call sees the parameters from before', async () => {
  const model = await Autoencoder.create(sparse);
  const x = examples(3000);
  const expected = [...(await model.encode(x)).data];
  const under = model.encode(x);
  await fit(model, x, { optimizer: { kind: 'adam', learningRate: 0.1 }, epochs: 1, batchSize: 500 });
  assert.equal([...(await under).data], expected);
  assert.not.equal([...(await model.encode(x)).data], expected);
});

test.run();
