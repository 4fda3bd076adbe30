import { runInNewContext } from 'node:vm';
import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type View } from '../../src/array/matrix.ts';
import type { MatrixLike } from '../../src/array/view-check.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { measure } from '../../src/measures/on-demand.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { fit } from '../../src/training/fit.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { fitStack } from '../../src/training/on-demand.ts';
import { assertRefused } from '../support/errors.ts';

// What people have in their hands is taken for a matrix, wherever examples are asked for.

const rows = [
  [0.1, 0.9, 0.4],
  [0.7, 0.2, 0.5],
  [0.3, 0.6, 0.8],
];
const flat = rows.flat();
const x = fromRows(rows);
const floats = Float32Array.from(flat);
const asFloat32 = ndarray(floats, [3, 3]);
const float64: MatrixLike[] = [
  ndarray(Float64Array.from(flat), [3, 3]),
  rows,
  rows.map((row) => Float64Array.from(row)),
  { data: flat, shape: [3, 3] },
  { data: Float64Array.from(flat), shape: [3, 3] },
  { data: flat, shape: Int32Array.of(3, 3) as never },
  ndarray(flat, [3, 3]) as never, // over a list
  { values: Float64Array.from(flat), shape: [3, 3] }, // as TensorFlow.js' TensorBuffer
];
const float32: MatrixLike[] = [
  asFloat32,
  rows.map((row) => Float32Array.from(row)).map((row) => Array.from(row)),
  { data: floats, shape: [3, 3] },
];
const bytes: MatrixLike[] = [
  { ...ndarray(Uint8Array.of(0, 51, 102, 153, 204, 255), [2, 3]), unit: 255 },
  { data: [0, 51, 102, 153, 204, 255], shape: [2, 3], unit: 255 },
];

test('models, training and measures take rows, lists with a shape and tensor buffers as they take ndarrays', async () => {
  for (const kind of [float64, float32, bytes]) {
    const results: unknown[] = [];
    for (const given of kind) {
      const model = await Autoencoder.create({ inputs: 3, hidden: 2, precision: 'float64', seed: 1 });
      const { history } = await fit(model, given, { epochs: 2, batchSize: 2, validation: given });
      const { cost, gradient } = await model.costAndGradient(given);
      const codes = await model.encode(given);
      const all = [history, cost, gradient['encoder.weight'].data, codes.data, (await model.decode(codes)).data];
      results.push([...all, (await model.reconstruct(given)).data, await measure(model, given)]);
      const classifier = await Classifier.create({ inputs: 3, hidden: [], classes: 2, precision: 'float64' });
      results[results.length - 1] = [results.at(-1), (await classifier.probabilities(given)).data];
      const { results: layers } = await fitStack(given, [
        { model: { hidden: 2, precision: 'float64' }, fit: { epochs: 1 } },
      ]);
      results[results.length - 1] = [results.at(-1), layers[0].cost];
    }
    for (const result of results.slice(1)) assert.equal(result, results[0]);
  }
});

test('a transcoder takes its targets so, too', async () => {
  const targets = [[1], [2], [3]];
  const costs: number[] = [];
  for (const target of [fromRows(targets), targets, { data: [1, 2, 3], shape: [3, 1] }]) {
    const model = await Autoencoder.create({
      inputs: 3,
      targets: 1,
      hidden: 2,
      precision: 'float64',
      output: 'linear',
    });
    costs.push((await fit(model, rows, { target, epochs: 2 })).cost, (await model.costAndGradient(x, { target })).cost);
  }
  assert.equal(costs.slice(2, 4), costs.slice(0, 2));
  assert.equal(costs.slice(4), costs.slice(0, 2));
});

test('what is no matrix is refused by name, with what would be taken', async () => {
  const model = await Autoencoder.create({ inputs: 3, hidden: 2 });
  const taken = /it must be an ndarray of shape \(m, 3\) .*, or \{ data, shape \}, or what fromRows takes$/;
  const cases: [unknown, RegExp][] = [
    [flat, taken],
    [floats, taken],
    [[], taken],
    [{ data: flat }, taken],
    [{ data: ['a'], shape: [1, 1] }, /^x: row 0, column 0 is "a": it must be a number$/],
    [{ data: flat, shape: [9] }, /^x has shape \(9\): it must be \(m, 3\), an example a row$/],
    [Array.from({ length: 2 }), taken],
    [Object.assign([[1, 2, 3]], { 2: [1, 2, 3] }), /^x: row 1 is undefined: it must be a list of 3 numbers$/],
    [{ data: () => floats, shape: [3, 3], rank: 2 }, /^x\.data is a function \(data\): it must be an ndarray/],
    [{ data: flat, shape: [2, 3] }, /^x has shape \(2, 3\) and 9 numbers: they must be 6, in row-major order$/],
    [{ data: flat, shape: [1, 9] }, /^x has shape \(1, 9\): it must be \(m, 3\)/],
    [
      [
        [1, 2, 3],
        [1, 2],
      ],
      /^x: row 1 is \[1,2\]: it must be a list of 3 numbers$/,
    ],
    [[[1, 2, null]], /^x: row 0, column 2 is null: it must be a number$/],
    [[[1, 2, Number.NaN]], /^x is NaN in row 0, column 2/],
    [Promise.resolve(rows), /^x is a Promise \(await is missing\)/],
    [{ dataSync: () => floats, shape: [3, 3] }, taken],
    [new Map(), taken],
  ];
  for (const [given, message] of cases) {
    await assertRefused(() => model.encode(given as never), message);
    await assertRefused(() => model.encodeSync(given as never), message);
    await assertRefused(() => fit(model, given as never), message);
    await assertRefused(() => measure(model, given as never), message);
  }
});

test('arrays of another realm are what they are', async () => {
  const foreign = (type: string, list: readonly number[]) =>
    runInNewContext(`new ${type}(list)`, { list }) as Float32Array & Uint8Array;
  const view = (data: View['data'] & Float32Array): View<Float32Array> => ({
    data,
    shape: [3, 3],
    stride: [3, 1],
    offset: 0,
  });
  const model = await Autoencoder.create({ inputs: 3, hidden: 2, seed: 1 }, { threads: 1, deterministic: true });
  const own = await model.encode(asFloat32);
  assert.equal((await model.encode(view(foreign('Float32Array', flat)))).data, own.data);
  assert.equal((await model.encode({ data: foreign('Float32Array', flat), shape: [3, 3] })).data, own.data);
  assert.equal(writeNpy(view(foreign('Float32Array', flat))), writeNpy(view(floats)));
  // Bytes without a unit are refused by name, as those of this realm are.
  const squared = await Autoencoder.create({ inputs: 3, hidden: 2, loss: 'squared-error', output: 'sigmoid' });
  for (const type of ['Uint8Array', 'Uint8ClampedArray']) {
    const pixels = {
      data: foreign(
        type,
        flat.map((v) => 255 * v),
      ),
      shape: [3, 3],
    };
    await assertRefused(() => fit(squared, pixels), /rescale the data \(bytes: \{ \.\.\.x, unit: 255 \}\)/);
    assert.ok(Number.isFinite((await fit(squared, { ...pixels, unit: 255 })).cost));
  }
  const DataViewOf = runInNewContext('new DataView(new ArrayBuffer(72))');
  await assertRefused(() => model.encode({ data: DataViewOf, shape: [3, 3] }), /it must be an ndarray/);
  await assertRefused(() => model.encode({ data: runInNewContext('new BigInt64Array(9)'), shape: [3, 3] }), /ndarray/);
});

test('a signal and a checkpoint of another realm are taken', async () => {
  const model = await Autoencoder.create({ inputs: 3, hidden: 2, seed: 1 });
  let saved: Uint8Array = new Uint8Array(0);
  const save = (bytes: Uint8Array) => {
    saved = bytes;
  };
  await fit(model, rows, { epochs: 2, checkpoint: { every: 1, save } });
  const bytesOfAnother = runInNewContext('new Uint8Array(list)', { list: Array.from(saved) }) as Uint8Array;
  const again = await Autoencoder.create({ inputs: 3, hidden: 2, seed: 1 });
  await fit(again, rows, { epochs: 2, resume: bytesOfAnother });
  assert.equal(await serializeModel(again), await serializeModel(model));
  class Foreign extends EventTarget {
    readonly aborted = false;
    get [Symbol.toStringTag]() {
      return 'AbortSignal';
    }
    throwIfAborted() {}
  }
  const signal = new Foreign() as unknown as AbortSignal;
  await fit(again, rows, { epochs: 1, signal });
  const file = runInNewContext('new Uint8Array(list)', { list: Array.from(await serializeModel(model)) }) as Uint8Array;
  assert.equal(await serializeModel((await deserializeModel(file)).model), await serializeModel(model));
});

test.run();
