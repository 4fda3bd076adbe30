import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Group } from '../../src/model/group.ts';
import { deserializeCheckpoint } from '../../src/training/checkpoints/checkpoint.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertRefused } from '../support/errors.ts';
import { sharedConfigs } from '../support/shared-latents.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView } from '../support/views.ts';

// Runs on shared latents that are cut, and go on: each process keeps its own part, and all stop after the same step.

const [D, H, ROWS] = [9, 21, 23];
const x = randomView(ROWS, D, 'rows', 'float64', 3);
const NAMES = ['top-k, aux-k, unit norm', 'batch-top-k, aux-k of saelens'];
const STEPS = 12; // 4 epochs of 3

const modelOf = (name: string, latents?: Group) =>
  Autoencoder.create({ inputs: D, hidden: H, ...sharedConfigs[name] }, { latents });

/** The options of a process. */
type Own = (rank: number) => FitOptions;

/** What training comes to in each process: its model's numbers, as text, the error and the steps. */
async function runs(name: string, size: number, own: Own) {
  const all = splitGroups(size).map(async (latents) => {
    const model = await modelOf(name, latents);
    const options = { epochs: 4, batchSize: 10, validation: x, keep: 'best' as const, ...own(latents.rank) };
    const { result, error } = await fit(model, x, options).then(
      (result) => ({ result, error: undefined }),
      (error) => ({ result: error.result, error }),
    );
    const kept = { ...(await model.parameters()), ...(await model.state()) };
    const numbers = JSON.stringify(Object.entries(kept).map(([key, { data }]) => [key, [...data]]));
    return { numbers, error, steps: result?.steps, cost: result?.cost };
  });
  return Promise.all(all);
}

test('a signal in one process ends all after the same step, the model then being that of this step', async () => {
  for (const size of [2, 3]) {
    const controllers = Array.from({ length: size }, () => new AbortController());
    const ended = await runs(NAMES[0], size, (rank) => ({
      keep: undefined,
      signal: controllers[rank].signal,
      onProgress({ step }) {
        if (rank === size - 1 && step === 5) controllers[rank].abort(new Error('enough'));
      },
    }));
    for (const { steps } of ended) assert.is(steps, 5);
    assert.is(ended[size - 1].error.message, 'enough');
    assert.is(ended[0].error.name, 'AbortError');
    const aborted = await runs(NAMES[0], size, (rank) => (rank === 1 ? { signal: AbortSignal.abort() } : {}));
    for (const { steps } of aborted) assert.is(steps, 0);
  }
});

test('a run that is cut after any step ends in the bits of one left alone', async () => {
  for (const name of NAMES) {
    const left = await runs(name, 2, () => ({}));
    for (let cut = 1; cut < STEPS; cut++) {
      const files: Uint8Array[][] = [[], []];
      const controller = new AbortController();
      const cutShort = await runs(name, 2, (rank) => ({
        checkpoint: { every: 4, save: (bytes) => void files[rank].push(bytes) },
        ...(rank === 1 ? { signal: controller.signal } : {}),
        onProgress({ step }) {
          if (step === cut) controller.abort();
        },
      }));
      for (const { steps } of cutShort) assert.is(steps, cut);
      const last = files.map((own) => own[own.length - 1]);
      for (const bytes of last) assert.is((await deserializeCheckpoint(bytes)).position.step, cut);
      const resumed = await runs(name, 2, (rank) => ({ resume: last[rank] }));
      resumed.forEach(({ numbers, steps, cost, error }, rank) => {
        assert.is(error, undefined, error?.message);
        assert.is(steps, STEPS);
        assert.is(cost, left[rank].cost);
        assert.ok(numbers === left[rank].numbers, `process ${rank} of ${name}, cut after ${cut}`);
      });
    }
  }
});

test('what is due is decided by the clock of the first process', async () => {
  const steps: number[][] = [[], []];
  const ended = await runs(NAMES[0], 2, (rank) => ({
    checkpoint: {
      every: '1ms',
      async save(bytes) {
        steps[rank].push((await deserializeCheckpoint(bytes)).position.step);
      },
    },
    // One of them is late where the other is not.
    onProgress: ({ step }) => (step % 2 === rank ? new Promise((resolve) => setTimeout(resolve, 3)) : undefined),
  }));
  assert.is(ended[0].error, undefined);
  assert.ok(steps[0].length > 2);
  assert.equal(steps[1], steps[0]);
});

test('checkpoints of other processes, numbers of them, steps and models are refused in all', async () => {
  const files: Uint8Array[][] = [[], []];
  await runs(NAMES[0], 2, (rank) => ({ checkpoint: { every: 4, save: (bytes) => void files[rank].push(bytes) } }));
  const refused = async (size: number, own: Own, message: RegExp) => {
    const ended = await runs(NAMES[0], size, own);
    assert.ok(
      ended.some(({ error }) => message.test(error?.message)),
      ended.map(({ error }) => error?.message).join('\n'),
    );
    for (const { error } of ended) assert.ok(error instanceof Error);
  };
  const number = /the checkpoint is of process 0 of 2 that share .*, and this is of process 0 of 3 that share/;
  await refused(3, (rank) => ({ resume: files[rank % 2][0] }), number);
  await refused(2, (rank) => ({ resume: files[1 - rank][0] }), /is of process 1 of 2 .* this is of process 0 of 2/);
  await refused(2, (rank) => ({ resume: files[rank][rank] }), /options.resume is of steps 4, 8 in the processes/);
  await refused(
    2,
    (rank) => (rank === 0 ? { resume: files[0][0] } : {}),
    /the use of options.resume of rank 1 differs/,
  );
  const every: Own = (rank) => ({ checkpoint: { every: 3 + rank, save() {} } });
  await refused(2, every, /options.checkpoint.every of rank 1 differs/);
  await refused(2, (rank) => ({ epochs: 4 + rank }), /the options of fit of rank 1 differ/);
  const whole = await modelOf(NAMES[0]);
  await assertRefused(() => fit(whole, x, { resume: files[0][0] }), /is of process 0 of 2 .* this is of a whole model/);
});

test('where one process cannot save its part, all stop after the same step', async () => {
  const ended = await runs(NAMES[0], 2, (rank) => ({
    checkpoint: {
      every: 4,
      save() {
        if (rank === 1) throw new Error('no room');
      },
    },
  }));
  assert.match(ended[0].error.message, /process 1, which shares the latents of the model, failed in the same call/);
  assert.match(ended[1].error.message, /the checkpoint after step 4 could not be saved: no room/);
  for (const { steps } of ended) assert.is(steps, 4);
});

test.run();
