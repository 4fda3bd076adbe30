import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, toFlat, type View } from '../../src/array/matrix.ts';
import type { RowSource } from '../../src/data/stream/row-source.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { type FitOptions, planFit } from '../../src/training/options.ts';
import { train } from '../../src/training/train.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { CountingSource } from '../support/sources.ts';
import { BLOCK, base, D, M, models, optimizers, types, x } from './feed-runs.ts';

const theta = async (model: Autoencoder) =>
  Object.values(await model.parameters()).flatMap((view) => [...toFlat(view)]);

async function run(config: AutoencoderConfig, data: View<AnyNumbers> | RowSource, options: FitOptions, block = BLOCK) {
  const model = await Autoencoder.create(config);
  const { history, cost } = await train(model.engine, { identity: {}, x: data, plan: planFit(options, M, 4), block });
  return { theta: await theta(model), history, cost };
}

/** Runs over a source that `read` alone makes; blocks of eight rows. */
const reading = (read: RowSource['read']) =>
  run(models.kl, { shape: [M, D], read }, { optimizer: optimizers[0], epochs: 3, batchSize: 7 });

test('blocks of several types or units are refused, by the rows that differ', async () => {
  const blocks = { bytes: new CountingSource(types.bytes), float64: new CountingSource(types.float64) };
  let reads = 0;
  await assertRefused(
    () => reading((begin, end) => blocks[reads++ % 2 === 0 ? 'bytes' : 'float64'].read(begin, end)),
    /^the source gave Float64Array with unit 1 for rows \d+ to \d+, and Uint8Array with unit 255 before: every block/,
  );
  await assertRefused(
    () =>
      reading(async (begin, end) => {
        const view = await blocks.bytes.read(begin, end);
        return { ...view, unit: begin === 16 ? 100 : 255 };
      }),
    /^the source gave Uint8Array with unit 100 for rows 16 to 23, and Uint8Array with unit 255 before/,
  );
});

test('a source that writes every block into one buffer gives the bits of the rows in memory', async () => {
  const expected = await run(models.kl, x, { optimizer: optimizers[0], epochs: 3, batchSize: 7 });
  const rowsOf = (begin: number, end: number) => x.data.subarray(begin * D, end * D);
  const whole = new Float64Array(M * D);
  const buffer = whole.subarray(0, BLOCK * D);
  let reads = 0;
  const late = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
  const sources: Record<string, RowSource['read']> = {
    'at once': async (begin, end) => {
      buffer.set(rowsOf(begin, end));
      return matrix(buffer, end - begin, D);
    },
    late: async (begin, end) => {
      await late();
      buffer.set(rowsOf(begin, end));
      await late();
      return matrix(buffer, end - begin, D);
    },
    'two in turn': async (begin, end) => {
      const at = (reads++ % 2) * buffer.length;
      const out = whole.subarray(at, at + (end - begin) * D);
      out.set(rowsOf(begin, end));
      return matrix(out, end - begin, D);
    },
    'views of all rows': async (begin, end) => matrix(x.data.subarray(begin * D, end * D), end - begin, D),
    'columns of all rows': async (begin, end) => {
      const columns = Float64Array.from({ length: M * D }, (_, i) => x.data[(i % M) * D + Math.floor(i / M)]);
      return { data: columns, shape: [end - begin, D], stride: [1, M], offset: begin };
    },
  };
  for (const [name, read] of Object.entries(sources)) {
    assert.equal(await reading(read), expected, name);
  }
});

test('a source that begins to use a block again while it is in use is refused', async () => {
  let buffer = new Float64Array(BLOCK * D);
  let reads = 0;
  await assertRefused(
    () =>
      reading(async (begin, end) => {
        if (reads++ < 3) buffer = new Float64Array(BLOCK * D);
        buffer.set(x.data.subarray(begin * D, end * D));
        return matrix(buffer, end - begin, D);
      }),
    /^the source gave the storage of the block before again for rows \d+ to \d+, which is still in use/,
  );
});

test('a source that gives fewer rows, no view, or changes its shape is refused by the rows', async () => {
  let reads = 0;
  const short: RowSource['read'] = (begin, end) => new CountingSource(x).read(begin, ++reads === 3 ? end - 1 : end);
  await assertRefused(() => reading(short), /^the source gave \(\d, 6\) for rows \d+ to \d+: it must be \(\d, 6\)/);
  for (const wrong of [undefined, null, 7, [], { shape: [8, 6] }, { shape: [8, 6], data: [1], stride: [6, 1] }]) {
    const error = await errorOf(() => reading(async () => wrong as unknown as View<AnyNumbers>));
    assert.match(String(error), /^InputError: (the source gave|the block for rows)/);
  }
  const source = new CountingSource(x);
  const growing = {
    shape: [M, D] as [number, number],
    async read(begin: number, end: number) {
      growing.shape[0] = 1000; // as a log file that is written to
      return source.read(begin, end);
    },
  };
  const expected = await run(models.kl, x, { optimizer: optimizers[0], epochs: 2, batchSize: 7 });
  assert.equal(await run(models.kl, growing, { optimizer: optimizers[0], epochs: 2, batchSize: 7 }), expected);
});

test('a read that never resolves ends with an abort, and does not keep a failing run from ending', async () => {
  for (const hangs of [1, 3]) {
    let reads = 0;
    const never: RowSource['read'] = (begin, end) =>
      ++reads === hangs ? new Promise(() => {}) : new CountingSource(x).read(begin, end);
    const model = await Autoencoder.create(base);
    const plan = planFit({ optimizer: optimizers[0], batchSize: 4 }, M, 4);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 50);
    const begin = performance.now();
    const source = { shape: [M, D] as const, read: never };
    const { signal } = controller;
    const error = await errorOf(() => train(model.engine, { identity: {}, x: source, plan, block: BLOCK, signal }));
    assert.match(String(error), /enough/);
    assert.ok(performance.now() - begin < 4000);
    await fit(model, x, { epochs: 1 });
  }
});

test.run();
