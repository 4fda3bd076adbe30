import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, type View } from '../../../src/array/matrix.ts';
import { CheckpointError, TrainingError } from '../../../src/errors.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import { Classifier } from '../../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../../src/model/config.ts';
import { deserializeCheckpoint, serializeCheckpoint } from '../../../src/training/checkpoints/checkpoint.ts';
import { intervalOf } from '../../../src/training/checkpoints/checkpoint-options.ts';
import { fit } from '../../../src/training/fit.ts';
import { fitClassifier } from '../../../src/training/fit-classifier.ts';
import type { FitOptions } from '../../../src/training/options.ts';
import { assertRefused, errorOf } from '../../support/errors.ts';
import { randomView } from '../../support/views.ts';
import { bitsOf, hexOf, trained } from '../runs.ts';

const config: AutoencoderConfig = { inputs: 6, hidden: 4, precision: 'float64', seed: 3 };
const x = randomView(50, 6, 'rows', 'float64', 1, 0, 1);
const options: FitOptions = { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 }, epochs: 3, batchSize: 10 };
const kept: Uint8Array[] = [];
const whole = await trained(config, x, options, { kept });
const resume = kept[6]; // of 15 steps

const stepsOf = (all: readonly Uint8Array[]) =>
  Promise.all(all.map(async (bytes) => (await deserializeCheckpoint(bytes)).position.step));

test('checkpoints come every so many steps, or after a time', async () => {
  const model = await Autoencoder.create(config);
  const all: Uint8Array[] = [];
  await fit(model, x, { ...options, checkpoint: { every: 4, save: (bytes) => void all.push(bytes) } });
  assert.equal(await stepsOf(all), [4, 8, 12]);
  all.length = 0;
  await fit(model, x, { ...options, checkpoint: { every: '1h', save: (bytes) => void all.push(bytes) } });
  assert.is(all.length, 0);
  const begun = performance.now();
  const slowly = { every: '30ms', save: (bytes: Uint8Array) => void all.push(bytes) };
  await fit(model, x, { ...options, epochs: 2000, checkpoint: slowly });
  assert.ok(all.length >= 1 && all.length <= (performance.now() - begun) / 30, `${all.length}`);
});

test('every names steps and times', () => {
  assert.equal(intervalOf(), { milliseconds: 60_000 });
  assert.equal(
    [intervalOf('500ms'), intervalOf('0.5 min'), intervalOf('2h')],
    [{ milliseconds: 500 }, { milliseconds: 30_000 }, { milliseconds: 7_200_000 }],
  );
  for (const none of [0, -1, 1.5, Number.NaN, '', 's', '0s', '-1s', '10', '1 day', '1e9s'])
    assert.is(intervalOf(none), null, `${none}`);
});

test('a resumed run tells where it was taken up, and a resumed model may begin anywhere', async () => {
  const model = await Autoencoder.create({ ...config });
  await fit(model, x, { epochs: 1 });
  const result = await fit(model, x, { ...options, resume });
  assert.equal(result.resumed, { step: 7, kernels: 'reference' });
  assert.is(await bitsOf(model), whole.bits);
});

test('an aborted run saves a last checkpoint and rejects with the reason', async () => {
  const controller = new AbortController();
  const all: Uint8Array[] = [];
  const reason = new Error('enough');
  const model = await Autoencoder.create(config);
  const error = await errorOf(() =>
    fit(model, x, {
      ...options,
      signal: controller.signal,
      onProgress: ({ step }) => step === 7 && controller.abort(reason),
      checkpoint: { every: '1h', save: (bytes) => void all.push(bytes) },
    }),
  );
  assert.is(error, reason);
  assert.equal(await stepsOf(all), [7]);
  assert.equal(await trained(config, x, { ...options, resume: all[0] }), whole);
});

test('a checkpoint that cannot be saved stops training, the model keeping the last step; or is told, and training goes on', async () => {
  const full = new Error('the disk is full');
  let fail = false;
  const all: Uint8Array[] = [];
  const save = async (bytes: Uint8Array) => {
    if (fail) throw full;
    all.push(bytes);
    fail = true;
  };
  const model = await Autoencoder.create(config);
  const error = await errorOf(() => fit(model, x, { ...options, checkpoint: { every: 4, save } }));
  assert.ok(error instanceof CheckpointError && error.step === 8 && error.cause === full, `${error}`);
  assert.match(
    (error as Error).message,
    /^the checkpoint after step 8 could not be saved: the disk is full; training stopped/,
  );
  const at8 = await deserializeCheckpoint(kept[7]);
  assert.is(await bitsOf(model), hexOf(at8.theta));
  assert.is((await fit(model, x, { epochs: 1 })).epochs, 1);

  fail = false;
  const told: unknown[] = [];
  const going = await Autoencoder.create(config);
  await fit(going, x, { ...options, checkpoint: { every: 4, save, onSaveError: (e) => told.push(e) } });
  assert.equal(told, [full, full]);
  assert.is(await bitsOf(going), whole.bits);
});

test('parameters that are no longer finite are never saved, and the last checkpoint is of a good step', async () => {
  const model = await Autoencoder.create({ ...config, activation: 'linear', output: 'linear', precision: 'float32' });
  const all: Uint8Array[] = [];
  const checkpoint = { every: 1, save: (bytes: Uint8Array) => void all.push(bytes) };
  const error = await errorOf(() =>
    fit(model, x, { ...options, optimizer: { kind: 'sgd', learningRate: 1e30 }, epochs: 100, checkpoint }),
  );
  assert.ok(error instanceof TrainingError);
  assert.ok(all.length > 0);
  for (const bytes of all) assert.ok((await deserializeCheckpoint(bytes)).theta.every(Number.isFinite));
  // Its next step fails as it did before, and takes θ back to where it was taken back then.
  const again = await Autoencoder.create(model.config);
  const diverging: FitOptions = { ...options, optimizer: { kind: 'sgd', learningRate: 1e30 }, epochs: 100 };
  const repeated = await errorOf(() => fit(again, x, { ...diverging, resume: all[all.length - 1] }));
  assert.is((repeated as Error).message, (error as Error).message);
  assert.is(await bitsOf(again), await bitsOf(model));
});

test('what differs from the checkpoint is named, and the model is left as it was', async () => {
  const refused = async (
    message: RegExp,
    other: Partial<AutoencoderConfig>,
    changed: FitOptions = {},
    data: View<AnyNumbers> = x,
  ) => {
    const model = await Autoencoder.create({ ...config, ...other });
    const before = await bitsOf(model);
    await assertRefused(() => fit(model, data, { ...options, resume, ...changed }), message);
    assert.is(await bitsOf(model), before);
    assert.is((await fit(model, x, { epochs: 1 })).epochs, 1);
  };
  await refused(/^model\.weightDecay is 0 in the checkpoint, and 0\.1 here: go on with the checkpoint's config/, {
    weightDecay: 0.1,
  });
  await refused(/^model\.hidden\.0 is 4 in the checkpoint, and 5 here/, { hidden: 5 });
  await refused(/^model\.seed is 3 in the checkpoint, and 4 here/, { seed: 4 });
  await refused(/^model\.precision is "float64" in the checkpoint, and "float32" here/, { precision: 'float32' });
  await refused(
    /^plan\.optimizer\.momentum is 0\.5 in the checkpoint, and 0\.6 here: go on with the checkpoint's options/,
    {},
    {
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.6 },
    },
  );
  await refused(/^plan\.epochs is 3 in the checkpoint, and 4 here/, {}, { epochs: 4 });
  await refused(/^plan\.batchSize is 10 in the checkpoint, and 11 here/, {}, { batchSize: 11 });
  await refused(/^plan\.seed is 3 in the checkpoint, and 9 here/, {}, { seed: 9 });
  const [m, d] = x.shape;
  const values = Float64Array.from(x.data);
  const fewer = matrix(values, m - 1, d);
  await refused(
    /^examples\.shape\.0 is 50 in the checkpoint, and 49 here: go on with the same examples/,
    {},
    {},
    fewer,
  );
  await refused(/^examples\.unit is 1 in the checkpoint, and 2 here/, {}, {}, { ...x, unit: 2 });
  await refused(
    /^examples\.type is "f8" in the checkpoint, and "f4" here/,
    {},
    {},
    matrix(Float32Array.from(values), m, d),
  );
  values[values.length - 1] += 2 ** -53;
  await refused(
    /^the examples differ from those that the run began with: go on with the same examples, or start anew$/,
    {},
    {},
    { ...x, data: values },
  );
  const older = await serializeCheckpoint({ ...(await deserializeCheckpoint(resume)), rhohat: '0.0.9' });
  await refused(/^the checkpoint was written by rhohat 0\.0\.9, and this is/, {}, { resume: older });
  const optimizer = { step: Float64Array.of(7) };
  const odd = await serializeCheckpoint({ ...(await deserializeCheckpoint(resume)), optimizer });
  await refused(/^checkpoint: its arrays step are not those of the optimizer/, {}, { resume: odd });
});

test('a classifier is told from an autoencoder, and its labels and stage are compared', async () => {
  const create = () => Classifier.create({ inputs: 6, hidden: [3], classes: 2 });
  const labels = Uint8Array.from({ length: 50 }, (_, i) => i % 2);
  const all: Uint8Array[] = [];
  const checkpoint = { every: 1, save: (bytes: Uint8Array) => void all.push(bytes) };
  await fitClassifier(await create(), x, labels, { epochs: 1, checkpoint });
  const model = await create();
  const others = labels.slice().reverse();
  await assertRefused(
    () => fitClassifier(model, x, others, { epochs: 1, resume: all[0] }),
    /^the labels differ from those that the run began with: /,
  );
  await assertRefused(
    () => fitClassifier(model, x, labels, { epochs: 1, resume: all[0], stage: 'top' }),
    /^model\.stage is "all"/,
  );
  await assertRefused(
    () => fitClassifier(model, x, labels, { epochs: 1, resume }),
    /^model\.kind is "autoencoder" in the/,
  );
});

test('checkpoint options are checked', async () => {
  const model = await Autoencoder.create(config);
  const save = () => undefined;
  for (const [given, message] of [
    [{ checkpoint: 3 }, /^options\.checkpoint is 3: it must be an object such as/],
    [{ checkpoint: {} }, /^options\.checkpoint\.save is missing/],
    [
      { checkpoint: { save, every: '1 day' } },
      /^options\.checkpoint\.every is "1 day": it must be a number of steps, at least 1, or a time such as/,
    ],
    [{ checkpoint: { save, every: 0 } }, /^options\.checkpoint\.every is 0: /],
    [{ checkpoint: { save, evry: 1 } }, /^options\.checkpoint\.evry is not a known key/],
    [{ resume: 'run' }, /^options\.resume is "run": it must be the bytes of a checkpoint/],
    [{ resume: new Uint8Array(3) }, /^checkpoint: it does not begin as one/],
  ] as const) {
    await assertRefused(() => fit(model, x, given as FitOptions), message);
  }
});

test('a run with other held-out examples than at the beginning is refused, and told so', async () => {
  const held = (seed: number, rows = 8) => randomView(rows, 6, 'rows', 'float64', seed, 0, 1);
  const all: Uint8Array[] = [];
  const fitWith = async (validation: View<AnyNumbers> | undefined, resume?: Uint8Array) => {
    const model = await Autoencoder.create(config);
    const more = validation ? { validation } : {};
    const checkpoint = { every: 5, save: (bytes: Uint8Array) => void all.push(bytes) };
    await fit(model, x, { ...options, ...more, ...(resume ? { resume } : { checkpoint }) });
    return bitsOf(model);
  };
  const bits = await fitWith(held(2));
  const [from] = all;
  assert.is(await fitWith(held(2), from), bits);
  await assertRefused(
    () => fitWith(held(3), from),
    'the held-out examples differ from those that the run began with: go on with the same held-out examples, or start anew',
  );
  await assertRefused(
    () => fitWith(held(2, 7), from),
    /^held-out examples\.shape\.0 is 8 in the checkpoint, and 7 here/,
  );
  await assertRefused(() => fitWith(undefined, from), /^the checkpoint has held-out examples, and this run has none: /);
  await assertRefused(() => fitWith(held(2), resume), /^this run has held-out examples, and the checkpoint has none: /);
});

test('a classifier run with other labels, or other held-out labels, is refused by name', async () => {
  const labels = (shift: number, m = 50) => Array.from({ length: m }, (_, i) => (i + (i < shift ? 1 : 0)) % 3);
  const held = randomView(9, 6, 'rows', 'float64', 5, 0, 1);
  const all: Uint8Array[] = [];
  const run = async (own: number[], heldOut: number[], more: object) => {
    const model = await Classifier.create({ inputs: 6, hidden: [4], classes: 3, precision: 'float64', seed: 3 });
    await fitClassifier(model, x, own, { epochs: 2, ...more, validation: { x: held, labels: heldOut } });
  };
  await run(labels(0), labels(0, 9), { checkpoint: { every: 1, save: (bytes: Uint8Array) => void all.push(bytes) } });
  const more = { resume: all[0] };
  await run(labels(0), labels(0, 9), more);
  await assertRefused(
    () => run(labels(1), labels(0, 9), more),
    /^the labels differ from those that the run began with: /,
  );
  await assertRefused(
    () => run(labels(0), labels(1, 9), more),
    /^the labels of the held-out examples differ from those /,
  );
});

test('a transcoder run with other targets, or other held-out targets, is refused by name', async () => {
  const held = randomView(9, 6, 'rows', 'float64', 5, 0, 1);
  const all: Uint8Array[] = [];
  const run = async (own: number, heldOut: number, more: object) => {
    const model = await Autoencoder.create({
      inputs: 6,
      targets: 2,
      hidden: 4,
      output: 'linear',
      precision: 'float64',
    });
    const [m] = x.shape;
    const target = randomView(m, 2, 'rows', 'float64', own);
    const validationTarget = randomView(9, 2, 'rows', 'float64', heldOut);
    await fit(model, x, { epochs: 2, batchSize: 25, ...more, target, validation: held, validationTarget });
  };
  await run(1, 2, { checkpoint: { every: 1, save: (bytes: Uint8Array) => void all.push(bytes) } });
  const more = { resume: all[0] };
  await run(1, 2, more);
  await assertRefused(
    () => run(3, 2, more),
    'the targets differ from those that the run began with: go on with the same targets, or start anew',
  );
  await assertRefused(() => run(1, 3, more), /^the targets of the held-out examples differ from those /);
});

test.run();
