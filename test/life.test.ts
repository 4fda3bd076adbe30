import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../src/array/matrix.ts';
import { Autoencoder } from '../src/model/autoencoder.ts';
import { fit } from '../src/training/fit.ts';
import { assertRefused } from './support/errors.ts';
import { uniforms } from './support/views.ts';

// Life in a process: several models, several calls, threads of the caller's own, little memory.

const x = matrix(Float32Array.from(uniforms(200 * 60, 1, 0.1, 0.9)), 200, 60);
const options = { epochs: 4, batchSize: 50, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 } } as const;
const create = (seed: number) =>
  Autoencoder.create({ inputs: 60, hidden: 40, seed, sparsity: { kind: 'kl', target: 0.1, weight: 1 } });
const thetaOf = (model: Autoencoder) => model.engine.kernels.copyOut(model.engine.theta);

test('fits that run at the same time give the bits of fits one after the other', async () => {
  const alone: unknown[] = [];
  for (const seed of [1, 2, 3, 4]) {
    const model = await create(seed);
    await fit(model, x, options);
    alone.push(await thetaOf(model));
    model.dispose();
  }
  const models = await Promise.all([1, 2, 3, 4].map(create));
  await Promise.all(models.map((model) => fit(model, x, options)));
  assert.equal(await Promise.all(models.map(thetaOf)), alone);
  for (const model of models) model.dispose();
});

test('calls on one model take their turns; a second fit of a model that is being trained is refused', async () => {
  const model = await create(1);
  const [codes, again, sums] = await Promise.all([model.encode(x), model.encode(x), model.costAndGradient(x)]);
  assert.equal(codes.data, again.data);
  assert.ok(sums.cost > 0);
  const training = fit(model, x, options);
  await assertRefused(() => fit(model, x, options), /^fit was called while the model is being trained/);
  await training;
  model.dispose();
});

test('a model that is disposed during a call lets the call end, and others are not touched', async () => {
  const [doomed, other] = await Promise.all([create(1), create(2)]);
  const before = await thetaOf(other);
  const expected = await doomed.encode(x);
  const codes = doomed.encode(x);
  doomed.dispose();
  assert.equal((await codes).data, expected.data);
  const heir = await create(3); // in the storage that was given back
  assert.equal(await thetaOf(other), before);
  for (const model of [other, heir]) model.dispose();
});

const PROGRAM = `
import { Autoencoder, fit } from ${JSON.stringify(pathToFileURL('dist/index.js').href)};
const x = { data: Float32Array.from({ length: 2000 * 784 }, (_, i) => ((i * 7919) % 97) / 100), shape: [2000, 784], stride: [784, 1], offset: 0 };
const model = await Autoencoder.create({ inputs: 784, hidden: 300, seed: 1 }, { threads: 2 });
const { cost } = await fit(model, x, { epochs: 1, batchSize: 100, optimizer: { kind: 'sgd', learningRate: 0.1 } });
model.dispose();
`;

test('the library trains inside of a worker thread, with threads of its own, and the process ends', async () => {
  const code = `${PROGRAM}
    const { parentPort } = await import('node:worker_threads');
    parentPort.postMessage({ cost, threads: model.config !== null });`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [message] = await once(worker, 'message');
  assert.ok(Number.isFinite(message.cost));
  const [status] = await once(worker, 'exit');
  assert.is(status, 0);
});

test('the library trains in a heap of 512 MB, and says what to do where memory ends', () => {
  const run = (code: string) =>
    spawnSync(process.execPath, ['--max-old-space-size=512', '--input-type=module', '-e', code], { encoding: 'utf8' });
  const trained = run(`${PROGRAM} console.log(cost);`);
  assert.is(trained.status, 0, trained.stderr);
  const beyond = run(`${PROGRAM}
    try { await Autoencoder.create({ inputs: 40_000, hidden: 40_000 }); }
    catch (error) { console.log(error.name + ': ' + error.message); }`);
  assert.is(beyond.status, 0, beyond.stderr);
  assert.match(beyond.stdout, /^InputError: .*\bGiB\b/m);
});

test.run();
