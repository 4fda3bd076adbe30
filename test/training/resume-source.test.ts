import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, rowRange } from '../../src/array/matrix.ts';
import type { RowSource } from '../../src/data/stream/row-source.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { deserializeCheckpoint } from '../../src/training/checkpoints/checkpoint.ts';
import { fit } from '../../src/training/fit.ts';
import { assertRefused } from '../support/errors.ts';
import { uniforms } from '../support/views.ts';

const source = (seed: number): RowSource => {
  const x = matrix(Float32Array.from(uniforms(50 * 6, seed, 0.1, 0.9)), 50, 6);
  return { shape: [50, 6], read: async (begin, end) => rowRange(x, begin, end) };
};
const create = () => Autoencoder.create({ inputs: 6, hidden: 4, seed: 1 }, { threads: 1 });
const options = { epochs: 3, batchSize: 15, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 } } as const;

test('a run on a source that is resumed after any step ends with the bits of an uninterrupted one', async () => {
  const whole = await create();
  const saved: Uint8Array[] = [];
  await fit(whole, source(1), {
    ...options,
    checkpoint: { every: 1, save: (bytes) => void saved.push(bytes.slice()) },
  });
  assert.ok(saved.length >= 11);
  for (const resume of saved) {
    const model = await create();
    await fit(model, source(1), { ...options, resume });
    assert.equal(
      await model.engine.kernels.copyOut(model.engine.theta),
      await whole.engine.kernels.copyOut(whole.engine.theta),
    );
    model.dispose();
  }
  const other = await create();
  await assertRefused(
    () => fit(other, source(2), { ...options, resume: saved[0] }),
    /^the examples differ from those /,
  );
});

test('one changed value anywhere in a source without parts is told', async () => {
  const values = Float32Array.from(uniforms(3000 * 6, 1, 0.1, 0.9));
  const of = (changed?: number): RowSource => {
    const data = values.slice();
    if (changed !== undefined) data[changed] += 2 ** -20;
    return { shape: [3000, 6], read: async (begin, end) => rowRange(matrix(data, 3000, 6), begin, end) };
  };
  const saved: Uint8Array[] = [];
  const plan = { ...options, epochs: 1, batchSize: 1000 };
  await fit(await create(), of(), {
    ...plan,
    checkpoint: { every: 1, save: (bytes) => void saved.push(bytes.slice()) },
  });
  await fit(await create(), of(), { ...plan, resume: saved[0] });
  for (const changed of [0, 6 * 7, 6 * 1501 + 3, 6 * 3000 - 1]) {
    await assertRefused(
      async () => fit(await create(), of(changed), { ...plan, resume: saved[0] }),
      /^the examples differ from those that the run began with: /,
    );
  }
});

test('a source in parts is compared part by part: by stamp, and by hash where that is another one', async () => {
  const x = matrix(Float32Array.from(uniforms(50 * 6, 1, 0.1, 0.9)), 50, 6);
  let hashed = 0;
  const counted = (hash: string | null) => {
    hashed++;
    return hash;
  };
  const of = (prints: readonly [stamp: string, hash: string | null][]): RowSource => ({
    shape: [50, 6],
    read: async (begin, end) => rowRange(x, begin, end),
    parts: async () =>
      prints.map(([stamp, hash], i) => ({ name: `part-${i}`, stamp, hash: async () => counted(hash) })),
  });
  const saved: Uint8Array[] = [];
  const begin = of([
    ['s0', 'h0'],
    ['s1', 'h1'],
    ['s2', null],
  ]);
  const save = async (bytes: Uint8Array) => {
    await new Promise((resolve) => setTimeout(resolve, 5)); // hashes come while training goes on
    saved.push(bytes.slice());
  };
  await fit(await create(), begin, { ...options, checkpoint: { every: 1, save } });
  const resume = saved[saved.length - 2];
  const { data } = await deserializeCheckpoint(resume);
  assert.equal(data.examples.parts, [
    { name: 'part-0', stamp: 's0', hash: 'h0' },
    { name: 'part-1', stamp: 's1', hash: 'h1' },
    { name: 'part-2', stamp: 's2', hash: null },
  ]);
  const goOn = async (...prints: [string, string | null][]) => {
    hashed = 0;
    await fit(await create(), of(prints), { ...options, resume });
  };
  await goOn(['s0', '?'], ['s1', '?'], ['s2', '?']);
  assert.is(hashed, 0, 'what was not written again is not read again');
  await goOn(['touched', 'h0'], ['s1', 'h1'], ['s2', '?']);
  assert.is(hashed, 1);
  const refused = (message: RegExp, ...prints: [string, string | null][]) =>
    assertRefused(() => goOn(...prints), message);
  await refused(
    /^shard part-1 differs from what the run began with: go on with the same examples, or start anew$/,
    ['s0', 'h0'],
    ['new', 'h9'],
    ['s2', 'h2'],
  );
  await refused(
    /^shard part-2 differs from what the run began with in size or time, and had not been hashed yet: /,
    ['s0', 'h0'],
    ['s1', 'h1'],
    ['new', 'h2'],
  );
  await refused(/^shard part-2 differs /, ['s0', 'h0'], ['s1', 'h1']);
});

test.run();
