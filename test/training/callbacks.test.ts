import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, rowRange, type View } from '../../src/array/matrix.ts';
import type { RowSource } from '../../src/data/stream/row-source.ts';
import { CheckpointError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { deserializeCheckpoint } from '../../src/training/checkpoints/checkpoint.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { planFit } from '../../src/training/options.ts';
import { fitStack } from '../../src/training/stack.ts';
import { train } from '../../src/training/train.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

// What callers' functions do to a run: promises that reject, promises that never resolve, buffers that change.

const config: AutoencoderConfig = { inputs: 6, hidden: 4, precision: 'float64', seed: 3 };
const x = randomView(50, 6, 'rows', 'float64', 1, 0, 1);
const never = () => new Promise<never>(() => {});
const reason = new Error('the page is gone');
const rejecting = async () => {
  await Promise.resolve();
  throw reason;
};

/** Fails if a rejection reaches the process. */
async function withoutUnhandled(run: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const listener = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', listener);
  try {
    await run();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    process.off('unhandledRejection', listener);
  }
  assert.equal(unhandled, []);
}

test('an onProgress that is async and rejects rejects fit, fitStack and fitClassifier, and no more', () =>
  withoutUnhandled(async () => {
    const model = await Autoencoder.create(config);
    assert.is(await errorOf(() => fit(model, x, { onProgress: rejecting })), reason);
    await fit(model, x, { epochs: 1 });
    const layers = [{ model: { hidden: 3 }, fit: { epochs: 1 } }];
    assert.is(await errorOf(() => fitStack(x, layers, { onProgress: rejecting })), reason);
    const classifier = await Classifier.create({ inputs: 6, hidden: [3], classes: 2 });
    const labels = Array.from({ length: 50 }, (_, i) => i % 2);
    for (const stage of ['softmax', 'top', 'all'] as const) {
      assert.is(
        await errorOf(() => fitClassifier(classifier, x, labels, { stage, onProgress: rejecting })),
        reason,
        stage,
      );
    }
  }));

test('a promise of onProgress is waited for, and ends with an abort where it never resolves', async () => {
  const model = await Autoencoder.create(config);
  let under = 0;
  let most = 0;
  const onProgress = async () => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 1));
    under--;
  };
  await fit(model, x, { epochs: 3, batchSize: 10, onProgress });
  assert.is(most, 1);
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 30);
  assert.is(await errorOf(() => fit(model, x, { onProgress: never, signal: controller.signal })), reason);
  await fit(model, x, { epochs: 1 });
});

test('an onSaveError that is async and rejects rejects fit', () =>
  withoutUnhandled(async () => {
    const model = await Autoencoder.create(config);
    const save = () => {
      throw new Error('the disk is full');
    };
    const checkpoint = { every: 1, save, onSaveError: rejecting };
    assert.is(await errorOf(() => fit(model, x, { checkpoint })), reason);
  }));

test('a save that never resolves ends with an abort, in a CheckpointError that says so', async () => {
  const model = await Autoencoder.create(config);
  for (const when of ['before', 'after'] as const) {
    const controller = new AbortController();
    const abort = () => controller.abort(reason);
    const run = {
      identity: {},
      x,
      plan: planFit({ epochs: 3, batchSize: 10 }, 50, 1),
      signal: controller.signal,
      checkpoint: { every: when === 'before' ? 2 : 1000, save: never },
      patience: 50,
      onProgress:
        when === 'before' ? () => setTimeout(abort, 20) : ({ step }: { step: number }) => step === 3 && abort(),
    };
    const error = await errorOf(() => train(model.engine, run));
    assert.instance(error, CheckpointError);
    const { message, step, cause } = error as CheckpointError;
    assert.match(message, /^the checkpoint after step \d was not saved within 0\.05 s of the abort: save has not/);
    assert.is(step, when === 'before' ? 2 : 3);
    assert.is(cause, reason);
    await fit(model, x, { epochs: 1 });
  }
});

test('a save that takes a while is waited for after an abort', async () => {
  const model = await Autoencoder.create(config);
  const controller = new AbortController();
  let saved = 0;
  const save = async (bytes: Uint8Array) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    saved = (await deserializeCheckpoint(bytes)).position.step;
  };
  const onProgress = ({ step }: { step: number }) => step === 4 && controller.abort(reason);
  const options = { checkpoint: { save }, onProgress, signal: controller.signal };
  assert.is(await errorOf(() => fit(model, x, options)), reason);
  assert.is(saved, 4);
});

test('an abort while a block is read keeps the last step', async () => {
  const controller = new AbortController();
  let reads = 0;
  const source: RowSource = {
    shape: [50, 6],
    read: async (begin, end) => (++reads === 4 ? never() : rowRange(x, begin, end)),
  };
  let last = 0;
  let saved = 0;
  const run = {
    identity: {},
    x: source,
    block: 8,
    plan: planFit({ epochs: 3, batchSize: 4 }, 50, 1),
    signal: controller.signal,
    onProgress: ({ step }: { step: number }) => {
      last = step;
      if (step === 3) setTimeout(() => controller.abort(reason), 50);
    },
    checkpoint: {
      save: async (bytes: Uint8Array) => {
        saved = (await deserializeCheckpoint(bytes)).position.step;
      },
    },
  };
  const model = await Autoencoder.create(config);
  // The fingerprint of a source reads rows of it; those are not the reads that hang.
  const { read } = source;
  Object.assign(source, {
    read: (begin: number, end: number) => (end - begin === 1 ? rowRange(x, begin, end) : read(begin, end)),
  });
  assert.is(await errorOf(() => train(model.engine, run)), reason);
  assert.ok(last >= 3 && saved === last, `${saved} of ${last}`);
});

test('a buffer that shrinks, or is transferred, during a call is an error that names it', async () => {
  const make = (Type: typeof Float32Array | typeof Uint8Array) => {
    const bytes = 50 * 6 * Type.BYTES_PER_ELEMENT;
    const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
    const buffer = new Resizable(bytes, { maxByteLength: bytes });
    const data = new Type(buffer).fill(1);
    return { buffer, view: { ...matrix(data as Float32Array, 50, 6), unit: 2 } as View<AnyNumbers> };
  };
  const lose = {
    shrinks: (buffer: ArrayBuffer) => (buffer as ArrayBuffer & { resize(bytes: number): void }).resize(16),
    'is transferred': (buffer: ArrayBuffer) => void structuredClone(buffer, { transfer: [buffer] }),
  };
  const message = /^the examples' storage now holds \d+ numbers, and they need 300: a buffer must not be resized/;
  for (const precision of ['float32', 'float64'] as const) {
    for (const [how, change] of Object.entries(lose)) {
      for (const Type of [Float32Array, Uint8Array]) {
        const model = await Autoencoder.create({ ...config, precision });
        const { buffer, view } = make(Type);
        const onProgress = ({ step }: { step: number }) => step === 3 && change(buffer);
        await assertRefused(() => fit(model, view, { batchSize: 10, onProgress }), message);
        assert.ok([...(await model.encode(x)).data].every(Number.isFinite), how);
        const held = make(Type);
        const onFirst = ({ step }: { step: number }) => step === 1 && change(held.buffer);
        await assertRefused(() => fit(model, x, { validation: held.view, onProgress: onFirst }), message);
        const { buffer: gone, view: queued } = make(Type);
        const calls = [model.encode(queued), model.encode(queued), model.costAndGradient(queued)];
        change(gone); // the first has its batch already
        for (const call of calls.slice(1)) await assertRefused(() => call, message);
        await calls[0];
      }
    }
  }
});

test('corruption for more epochs than it can be drawn for is refused at once', async () => {
  const model = await Autoencoder.create({ ...config, corruption: { kind: 'masking', fraction: 0.5 } });
  await assertRefused(
    () => fit(model, x, { epochs: 2 ** 21 + 1 }),
    /^options\.epochs is 2097153 with corruption, which is drawn anew for at most 2\^21 = 2097152 epochs/,
  );
  const optimizer = { kind: 'lbfgs', iterations: 2 ** 21 + 1 } as const;
  await assertRefused(() => fit(model, matrix(new Float64Array(3), 1, 3), { optimizer }), /x has shape/);
  await fit(model, x, { optimizer: { ...optimizer, tolerance: 1e3 } }); // one corruption for all iterations
});

test.run();
