import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Lab, type Plan, type Sample, type Trained } from '../../bench/reproduce/lab.ts';
import { matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { KernelOptions } from '../../src/kernels/kernels.ts';
import type { Autoencoder } from '../../src/model/autoencoder.ts';
import { unroll } from '../../src/training/stack.ts';
import { errorOf } from '../support/errors.ts';

const test = suite<{ folder: string }>('Lab');

test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'rhohat-lab-'));
});
test.after.each(async ({ folder }) => {
  await rm(folder, { recursive: true });
});

function labIn(
  folder: string,
  { signal = new AbortController().signal, quick = false, kernels = { threads: 1 } as KernelOptions } = {},
) {
  const said: string[] = [];
  const pictures = join(folder, 'pictures');
  const say = (text: string) => said.push(text);
  return { said, lab: new Lab({ quick, folder, pictures, signal, kernels, say }) };
}

const data: Sample = {
  name: 'noise',
  x: matrix(fillUniform(new Float32Array(40 * 6), { seed: 1, stream: stream.testing }), 40, 6),
};
const model = { hidden: 3, seed: 1 };
/** 4 batches an epoch, 20 steps. */
const sgd: Plan = { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, epochs: 5, batchSize: 10 };

function bytesOf({ parameters }: Autoencoder): number[] {
  return Object.values(parameters).flatMap(({ data }) => Array.from(data));
}

/** A signal that aborts when it is asked for the n-th time whether it has been. */
function abortingAt(n: number): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  let asked = 0;
  let aborted = false;
  Object.defineProperty(signal, 'aborted', {
    get: () => {
      if (++asked === n) {
        aborted = true;
        controller.abort(new Error('interrupted'));
      }
      return aborted;
    },
  });
  return signal;
}

test('a step that was done is not done again, in this process or another; changed settings are a new one', async ({
  folder,
}) => {
  let done = 0;
  const work = async () => ({ value: ++done });
  const { lab } = labIn(folder);
  assert.equal(await lab.step('count', { n: 1 }, work), { value: 1 });
  assert.equal(await lab.step('count', { n: 1 }, work), { value: 1 });
  const again = labIn(folder);
  assert.equal(await again.lab.step('count', { n: 1 }, work), { value: 1 });
  assert.equal(again.said, []);
  assert.is(again.lab.seconds, lab.seconds, 'the time it took is that of the first process');
  assert.equal(await again.lab.step('count', { n: 2 }, work), { value: 2 });
  assert.equal(await again.lab.step('other', { n: 1 }, work), { value: 3 });
});

test('a step of the processor is not taken for one of a GPU', async ({ folder }) => {
  let done = 0;
  const work = async () => ++done;
  const gpu = labIn(folder, { kernels: { kernels: 'webgpu' } }).lab;
  assert.is(await labIn(folder).lab.step('count', {}, work), 1);
  assert.is(await gpu.step('count', {}, work), 2);
  assert.is(await gpu.step('count', {}, work), 2);
});

test('a step that failed leaves nothing behind: the next process does it', async ({ folder }) => {
  const failing = async () => {
    throw new Error('no disk');
  };
  const error = await errorOf(() => labIn(folder).lab.step('s', {}, failing));
  assert.is((error as Error).message, 'no disk');
  assert.is(await labIn(folder).lab.step('s', {}, async () => 5), 5);
});

test('a step that another process does is waited for, and its result taken', async ({ folder }) => {
  let done = 0;
  let finish = () => {};
  const first = labIn(folder).lab.step('s', {}, async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return ++done;
  });
  const second = labIn(folder);
  await wait(50);
  const other = second.lab.step('s', {}, async () => ++done);
  await wait(50);
  assert.equal(second.said, ['  s: waits, as another process does it']);
  finish();
  assert.equal([await first, await other, done], [1, 1, 1]);
  assert.equal(await readdir(join(folder, (await readdir(folder))[0])), ['result.json'], 'no lock is left');
});

test('waiting for another process ends by a signal', async ({ folder }) => {
  const [stop, go] = [new AbortController(), new AbortController()];
  const first = labIn(folder).lab.step('s', {}, () => wait(60_000, 1, { signal: go.signal }).catch(() => 1));
  await wait(50);
  const waiting = errorOf(() => labIn(folder, { signal: stop.signal }).lab.step('s', {}, async () => 2));
  await wait(50);
  stop.abort(new Error('interrupted'));
  assert.is(((await waiting) as Error).message, 'interrupted');
  go.abort();
  assert.is(await first, 1);
});

test('training is kept with its model, and is new where the plan, the model or the data changed', async ({
  folder,
}) => {
  const plan = { model, data, fit: sgd };
  const first = await labIn(folder).lab.train('t', plan);
  assert.is(first.steps, 20);
  const { lab, said } = labIn(folder);
  const again = await lab.train('t', plan);
  assert.equal(said, []);
  assert.is(again.id, first.id);
  assert.equal(bytesOf(again.model), bytesOf(first.model));
  assert.is(lab.seconds, first.seconds);
  await lab.train('t', plan);
  assert.is(lab.seconds, first.seconds, 'used twice, counted once');
  const others = [
    await lab.train('t', { ...plan, fit: { ...sgd, epochs: 1 } }),
    await lab.train('t', { ...plan, model: { ...model, seed: 2 } }),
    await lab.train('t', { ...plan, data: { ...data, name: 'other noise' } }),
  ];
  assert.is(new Set([first, ...others].map(({ id }) => id)).size, 4);
});

test('training that was interrupted goes on from its checkpoint to the same bits', async ({ folder }) => {
  const plan = { model, data, fit: sgd };
  const whole = await labIn(join(folder, 'whole')).lab.train('t', plan);
  const cut = join(folder, 'cut');
  const steps: number[] = [];
  let resumed: Trained | undefined;
  // None of these processes is long enough for all 20 steps: one that began anew would never get to the end.
  for (let process = 0; process < 10 && !resumed; process++) {
    const { lab, said } = labIn(cut, { signal: abortingAt(7) });
    try {
      resumed = await lab.train('t', plan);
    } catch (error) {
      assert.is((error as Error).message, 'interrupted');
    }
    steps.push(Number(said[0]?.match(/goes on from step (\d+)$/)?.[1] ?? 0));
  }
  assert.ok(resumed, `the end was not reached: ${steps}`);
  if (!resumed) return;
  assert.ok(steps.length > 2 && steps.every((step, i) => i === 0 || step > steps[i - 1]), `${steps}`);
  assert.equal(bytesOf(resumed.model), bytesOf(whole.model));
  assert.equal([resumed.steps, resumed.cost, resumed.history], [whole.steps, whole.cost, whole.history]);
  const [kept] = await readdir(cut);
  assert.equal((await readdir(join(cut, kept))).sort(), ['model.safetensors', 'result.json'], 'no checkpoint is left');
});

test('an aborted lab begins no step', async ({ folder }) => {
  const { lab } = labIn(folder, { signal: AbortSignal.abort(new Error('stop')) });
  let done = 0;
  const error = await errorOf(() => lab.step('s', {}, async () => ++done));
  assert.is((error as Error).message, 'stop');
  assert.is(done, 0);
});

test('codes are named after everything that led to them', async ({ folder }) => {
  const { lab } = labIn(folder);
  const one = await lab.train('one', { model, data, fit: { ...sgd, epochs: 1 } });
  const two = await lab.train('two', { model, data, fit: { ...sgd, epochs: 2 } });
  const [a, b] = [await lab.codes(one, data), await lab.codes(two, data)];
  assert.equal(a.x.shape, [40, 3]);
  assert.is.not(a.name, b.name);
});

test('tuning starts from encoders, a stage from the one before, and both are kept', async ({ folder }) => {
  const labels = Array.from({ length: 40 }, (_, i) => i % 2);
  const run = async () => {
    const { lab, said } = labIn(folder);
    const trained = await lab.train('t', { model, data, fit: sgd });
    const common = { data: { ...data, labels }, seed: 1, fit: { ...sgd, epochs: 2 } };
    const softmax = await lab.tune('softmax', {
      ...common,
      start: { models: [trained] },
      classes: 2,
      stage: 'softmax',
    });
    const all = await lab.tune('all', { ...common, start: { stage: softmax } });
    return { said, ids: [softmax.id, all.id], error: await lab.error(all, common.data) };
  };
  const first = await run();
  assert.ok(first.error >= 0 && first.error <= 100);
  const second = await run();
  assert.equal(second.said, []);
  assert.equal([second.ids, second.error], [first.ids, first.error]);
});

test('size gives the small value in a quick run, and draw writes pictures where they belong', async ({ folder }) => {
  const { lab } = labIn(folder, { quick: true });
  assert.is(lab.size(1000, 5), 5);
  assert.is(labIn(folder).lab.size(1000, 5), 1000);
  assert.equal(await lab.draw('a.svg', '<svg/>', 'A picture.'), { file: 'a.svg', caption: 'A picture.' });
  assert.is(await readFile(join(folder, 'pictures', 'a.svg'), 'utf8'), '<svg/>');
});

test('a deep one begins with the weights of its layers, and is new where they are others', async ({ folder }) => {
  const { lab } = labIn(folder);
  const below = await lab.train('below', { model: { hidden: 4, tied: true, seed: 1 }, data, fit: sgd });
  const codes = await lab.codes(below, data);
  const top = (seed: number) =>
    lab.train('top', { model: { hidden: 2, activation: 'linear', tied: true, seed }, data: codes, fit: sgd });
  const still: Plan = { ...sgd, epochs: 1, optimizer: { kind: 'sgd', learningRate: 0 } };
  const deep = (from: readonly Trained[]) =>
    lab.train('deep', {
      model: { hidden: [4, 2], activation: ['sigmoid', 'linear'], seed: 9 },
      data,
      fit: still,
      from,
    });
  const stack = [below, await top(2)];
  const begun = await deep(stack);
  assert.not(begun.model.config.tied);
  const tied = await unroll(stack.map((one) => one.model));
  assert.equal(await begun.model.reconstruct(data.x), await tied.reconstruct(data.x));
  assert.is((await deep(stack)).id, begun.id);
  assert.is.not((await deep([below, await top(3)])).id, begun.id);
});

test.run();
