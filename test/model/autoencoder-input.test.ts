import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, fromRows, type Matrix, matrix, toFlat, type View, vector } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { layouts, place, placeVector } from '../support/views.ts';

const base: AutoencoderConfig = { inputs: 2, hidden: 3, precision: 'float64' };
const create = (config: Partial<AutoencoderConfig> = {}) => Autoencoder.create({ ...base, ...config });
const all = async (model: Autoencoder) => Object.values(await model.parameters()).map((view) => [...toFlat(view)]);

/** Every method that takes examples, as (x) → promise. */
const methods = (model: Autoencoder) => [
  (x: View<AnyNumbers>) => model.costAndGradient(x),
  (x: View<AnyNumbers>) => model.encode(x),
  (x: View<AnyNumbers>) => model.reconstruct(x),
];

test('Autoencoder refuses what is no matrix over a typed array', async () => {
  const message =
    'it must be an ndarray of shape (m, 2) over a typed array, such as ndarray(new Float32Array(m * 2), [m, 2]), or { data, shape }, or what fromRows takes';
  const array = { data: '12', shape: [1, 2], stride: [2, 1], offset: 0 };
  const stride = { data: new Float32Array(2), shape: [1, 2], stride: [2, 1, 1], offset: 0 };
  for (const call of methods(await create())) {
    await assertRefused(() => call(null as unknown as Matrix), `x is null: ${message}`);
    await assertRefused(() => call([1, 2] as unknown as Matrix), `x is [1,2]: ${message}`);
    await assertRefused(() => call(array as unknown as Matrix), /^x\.data is "?12"?: it must be an ndarray of shape/);
    await assertRefused(
      () => call(stride as unknown as Matrix),
      /^x\.stride is \[2,1,1\]: it must be an ndarray of shape/,
    );
  }
});

test('Autoencoder refuses a wrong shape with both numbers and the remedy', async () => {
  const tail = 'it must be (m, 2), an example a row; reshape or transpose it, or create the model for other sizes';
  for (const call of methods(await create())) {
    await assertRefused(() => call(fromRows([[1], [2]])), `x has shape (2, 1): ${tail}`);
    await assertRefused(() => call(vector(Float64Array.of(1, 2))), `x has shape (2): ${tail}`);
    const none = matrix(new Float64Array(0), 0, 2);
    await assertRefused(() => call(none), 'x has no examples: it must have at least one row');
  }
});

test('Autoencoder refuses a value that is not finite and says where it is', async () => {
  const tail = 'every value must be a finite float64 number; repair or drop that example';
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const call of methods(await create())) {
      for (const layout of layouts) {
        const x = place(3, 2, layout, 'float32', (i, j) => (i === 2 && j === 1 ? value : 0.5));
        await assertRefused(() => call(x), `x is ${value} in row 2, column 1: ${tail}`);
      }
    }
  }
});

test('Autoencoder refuses a view that reaches beyond its data', async () => {
  const beyond = { data: new Float64Array(3), shape: [2, 2], stride: [2, 1], offset: 0 };
  for (const call of methods(await create()))
    await assertRefused(() => call(beyond), /^x has shape \(2, 2\), stride \(2, 1\), offset 0 over 3 numbers: /);
});

test('decode refuses codes of a wrong shape or that are not finite', async () => {
  const model = await create();
  await assertRefused(() => model.decode(fromRows([[1, 2]])), /^codes has shape \(1, 2\): it must be \(m, 3\)/);
  await assertRefused(() => model.decode(fromRows([[1, 2, Number.NaN]])), /^codes is NaN in row 0, column 2: /);
});

test('costAndGradient with cross-entropy refuses inputs outside of [0, 1], and takes both ends', async () => {
  const model = await create({ loss: 'cross-entropy' });
  const tail =
    'cross-entropy, and sigmoid outputs for bytes, need values in [0, 1]; rescale the data or use loss "squared-error" and a linear output';
  for (const value of [-0.001, 1.001, 255]) {
    const x = fromRows([[0.5, value]]);
    await assertRefused(() => model.costAndGradient(x), `x is ${value} in row 0, column 1: ${tail}`);
  }
  assert.ok(Number.isFinite((await model.costAndGradient(fromRows([[0, 1]]))).cost));
});

test('setParameters sets any subset, of any layout and type, and nothing else', async () => {
  for (const layout of layouts) {
    const model = await create();
    const before = await model.parameters();
    const bias = placeVector(3, layout, 'float32', (j) => j + 0.5);
    const weight = place(3, 2, layout, 'float64', (i, j) => i - j);
    model.setParameters({ 'encoder.bias': bias, 'decoder.weight': weight });
    const after = await model.parameters();
    assertClose(after['encoder.bias'], [0.5, 1.5, 2.5], { rtol: 0, atol: 0 });
    assertClose(after['decoder.weight'], [0, -1, 1, 0, 2, 1], { rtol: 0, atol: 0 });
    for (const name of ['encoder.weight', 'decoder.bias']) assertClose(after[name], before[name], { rtol: 0, atol: 0 });
    bias.data.fill(7);
    assertClose((await model.parameters())['encoder.bias'], [0.5, 1.5, 2.5], { rtol: 0, atol: 0 });
    model.setParameters({});
    model.setParameters(before);
    assert.equal(
      await all(model),
      Object.values(before).map((view) => [...toFlat(view)]),
    );
  }
});

test('setParameters changes nothing when any of its values is refused', async () => {
  const model = await create();
  const before = await all(model);
  const good = vector(Float64Array.of(1, 2, 3));
  const set = (values: Record<string, View<AnyNumbers>>) => () =>
    model.setParameters({ 'encoder.bias': good, ...values });
  await assertRefused(
    set({ 'encoder.bais': good }),
    'parameter "encoder.bais" is unknown: this model has encoder.weight, encoder.bias, decoder.weight, decoder.bias',
  );
  await assertRefused(set({ 'decoder.bias': good }), 'parameter "decoder.bias" has shape (3): it must be (2)');
  await assertRefused(
    set({
      'decoder.weight': fromRows([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    }),
    'parameter "decoder.weight" has shape (2, 3): it must be (3, 2)',
  );
  await assertRefused(
    set({ 'decoder.bias': vector(Float64Array.of(1, Number.NaN)) }),
    'parameter "decoder.bias" holds NaN at index 1: every value must be a finite float64 number',
  );
  assert.equal(await all(model), before);
});

test('setParameters refuses a value that the precision cannot hold', async () => {
  const model = await create({ precision: 'float32' });
  const before = await all(model);
  const huge = vector(Float64Array.of(1e300, 0));
  await errorOf(() => model.setParameters({ 'decoder.bias': huge }));
  assert.equal(await all(model), before);
});

test('setParameters of a tied model refuses the decoder weights that it does not have', async () => {
  const model = await create({ tied: true });
  const weight = fromRows([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  await assertRefused(
    () => model.setParameters({ 'decoder.weight': weight }),
    'parameter "decoder.weight" is unknown: this model has encoder.weight, encoder.bias, decoder.bias',
  );
});

test('encode refuses values that the precision cannot hold, instead of returning NaN', async () => {
  const model = await create({ precision: 'float32', activation: 'linear' });
  const error = await errorOf(() => model.encode(fromRows([[1e300, 0]])));
  assert.is((error as Error).name, 'InputError');
});

test('arrays of BigInts, lists and what is no array are refused wherever numbers go in', async () => {
  const model = await create();
  const wrong = [
    BigInt64Array.from([1n, 2n, 3n]),
    new BigUint64Array(3),
    new DataView(new ArrayBuffer(24)),
    [1, 2, 3],
    '123',
    7,
    undefined,
  ];
  for (const data of wrong) {
    const bias = { data, shape: [3], stride: [1], offset: 0 } as unknown as View<AnyNumbers>;
    await assertRefused(
      () => model.setParameters({ 'encoder.bias': bias }),
      /^parameter "encoder\.bias" has data .*: it must be an ndarray over a typed array of numbers/,
    );
    if (Array.isArray(data)) continue; // an ndarray over a list holds its examples
    const x = { data, shape: [1, 2], stride: [2, 1], offset: 0 } as unknown as View<AnyNumbers>;
    for (const method of methods(model)) await assertRefused(() => method(x), /^x\.data is .*: it must be an ndarray/);
    await assertRefused(() => model.decode(x), /^codes\.data is/);
  }
  const before = await all(model);
  model.setParameters({ 'encoder.bias': vector(Int8Array.of(1, 2, 3)) });
  assert.not.equal(await all(model), before);
});

test.run();
