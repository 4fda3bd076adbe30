import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../../src/array/matrix.ts';
import type { Parameters } from '../../../src/model/parameter-access.ts';
import { loadExamples, loadModel } from '../../../src/node/index.ts';
import { fitStack, unroll } from '../../../src/training/stack.ts';
import { classes, images, inScratch, interrupted, rhohat, table } from '../command.ts';

const LAYERS = ['layer-0.safetensors', 'layer-1.safetensors'];
const PICTURES = ['activations.svg', 'activity.svg', 'features.svg'];
const CURVES = ['training-layer-0.svg', 'training-layer-1.svg'];
const FILES = [...PICTURES, ...LAYERS, 'model.safetensors', 'report.html', 'snapshot.json', 'summary.json', ...CURVES];
const SMALL = ['--hidden', '3,2', '--epochs', '2', '--batch-size', '10'];
const withData = (use: (folder: string) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    await use(folder);
  });

test('stack writes its layers, the deep model, pictures and a summary, in a folder of its own', () =>
  withData(async (folder) => {
    const { status, stdout, stderr } = await rhohat(['stack', 'data.csv', ...SMALL], { cwd: folder });
    assert.equal([status, stderr], [0, '']);
    assert.match(stdout, /^runs\/data-stack\n {2}model +4-3-2-3-4, /);
    assert.match(
      stdout,
      /layer 0 +cost [\d.]+, the mean of the last epoch, after 8 steps\n +layer 1 +cost [\d.]+, the mean of the last epoch, after 8 steps/,
    );
    assert.equal(readdirSync(join(folder, 'runs/data-stack')).sort(), FILES);
    const summary = JSON.parse(readFileSync(join(folder, 'runs/data-stack/summary.json'), 'utf8'));
    assert.equal([summary.finetuned, summary.interrupted, summary.layers.length], [false, false, 2]);
  }));

test('stack trains what the library trains, to the bit, and unrolls it', () =>
  withData(async (folder) => {
    await rhohat(['stack', 'data.csv', ...SMALL, '--seed', '5', '--out', 'run'], { cwd: folder });
    const [{ x }] = await loadExamples(join(folder, 'data.csv'));
    const sparsity = { kind: 'kl', target: 0.05, weight: 3 } as const;
    const fit = { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 2, batchSize: 10, seed: 5 } as const;
    const layer = (hidden: number, seed: number) => ({ model: { hidden, weightDecay: 1e-4, sparsity, seed }, fit });
    const { models } = await fitStack(x, [layer(3, 5), layer(2, 6)]);
    const flat = (parameters: Parameters) => Object.values(parameters).map((view) => [...toFlat(view)]);
    for (const [i, model] of models.entries()) {
      const saved = await loadModel(join(folder, 'run', LAYERS[i]));
      assert.equal(flat(await saved.model.parameters()), flat(await model.parameters()), LAYERS[i]);
    }
    const deep = await loadModel(join(folder, 'run'));
    assert.equal(flat(await deep.model.parameters()), flat(await (await unroll(models)).parameters()));
  }));

test('stack --finetune changes the deep model and not the layers', () =>
  withData(async (folder) => {
    for (const [out, ...more] of [['plain'], ['tuned', '--finetune', '3']]) {
      const { status } = await rhohat(['stack', 'data.csv', ...SMALL, ...more, '--out', out], { cwd: folder });
      assert.is(status, 0);
    }
    const read = (run: string, file: string) => readFileSync(join(folder, run, file)).toString('base64');
    for (const file of LAYERS) assert.is(read('tuned', file), read('plain', file));
    assert.is.not(read('tuned', 'model.safetensors'), read('plain', 'model.safetensors'));
    const summary = JSON.parse(readFileSync(join(folder, 'tuned/summary.json'), 'utf8'));
    assert.equal([summary.finetuned, summary.history.length], [true, 3]);
  }));

test('stack gives a model that encode and inspect take like every other', () =>
  withData(async (folder) => {
    await rhohat(['stack', 'data.csv', ...SMALL, '--preprocess', 'cs294a', '--out', 'run'], { cwd: folder });
    const codes = await rhohat(['encode', 'run', 'data.csv', '--out', 'codes.npy', '--json'], { cwd: folder });
    assert.equal(JSON.parse(codes.stdout), { file: 'codes.npy', examples: 40, units: 2, dtype: 'float32' });
    const inspected = await rhohat(['inspect', 'run', '--json'], { cwd: folder });
    const { config, preprocessing } = JSON.parse(inspected.stdout);
    assert.equal([config.hidden, preprocessing], [[3, 2], ['cs294a']]);
  }));

test('stack takes units a layer, each reconstructing those below, and images, whose reconstructions it draws', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'images.idx'), images(30));
    const args = [
      '--hidden',
      '4,3,2',
      '--activation',
      'relu,tanh,sigmoid',
      '--sparsity',
      'none',
      '--epochs',
      '1',
      '--out',
      'run',
    ];
    const { status, stderr } = await rhohat(['stack', 'images.idx', ...args], { cwd: folder });
    assert.equal([status, stderr], [0, '']);
    const outputs: string[] = [];
    for (const i of [0, 1, 2]) {
      const { model } = await loadModel(join(folder, `run/layer-${i}.safetensors`));
      outputs.push(model.config.output);
    }
    assert.equal(outputs, ['sigmoid', 'relu', 'tanh']);
    assert.ok(readdirSync(join(folder, 'run')).includes('reconstructions.png'));
  }));

for (const model of ['denoising', 'contractive', 'l1', 'linear', 'undercomplete', 'k-sparse']) {
  test(`stack --model ${model} trains two layers`, () =>
    withData(async (folder) => {
      const more = model === 'k-sparse' ? ['--k', '2'] : [];
      const length = model === 'linear' ? ['--iterations', '2'] : ['--epochs', '1'];
      const args = ['stack', 'data.csv', '--model', model, '--hidden', '3,2', ...length, ...more, '--out', 'run'];
      const { status, stderr } = await rhohat(args, { cwd: folder });
      assert.equal([status, stderr], [0, '']);
      for (const file of LAYERS) assert.ok(readdirSync(join(folder, 'run')).includes(file));
    }));
}

test('stack --force over a deeper stack leaves nothing that classify takes for its own', () =>
  withData(async (folder) => {
    const run = (hidden: string) =>
      rhohat(['stack', 'data.csv', '--hidden', hidden, '--epochs', '1', '--out', 'run', '--force'], { cwd: folder });
    await run('4,3,2');
    assert.is((await run('4,3')).status, 0);
    writeFileSync(join(folder, 'labels.csv'), classes(40));
    const args = ['data.csv', '--labels', 'labels.csv', '--on', 'run', '--iterations', '1', '--json'];
    const { stdout } = await rhohat(['classify', ...args], { cwd: folder });
    assert.equal(JSON.parse(stdout).config.hidden, [4, 3]);
  }));

test('stack that is interrupted while it trains a layer writes nothing, says so and exits with 130', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const long = ['stack', 'data.csv', '--hidden', '20,10', '--epochs', '1000000', '--out', 'run', '--json'];
    const outcome = await rhohat(long, { cwd: folder, onStart: interrupted(folder, 'run') });
    assert.is(outcome.status, 130);
    assert.match(outcome.stderr, 'nothing was written');
    assert.is(outcome.stdout, '', 'stdout is for data');
    assert.not.match(outcome.stderr, 'and saving');
    assert.equal(readdirSync(folder), ['data.csv']);
  }));

test('stack that is interrupted while it fine-tunes saves its layers and what was learnt, and exits with 130', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const long = ['stack', 'data.csv', '--hidden', '9,8', '--epochs', '1', '--finetune', '1000000', '--out', 'run'];
    const outcome = await rhohat(long, { cwd: folder, onStart: interrupted(folder, 'run', 1500) });
    assert.is(outcome.status, 130);
    assert.equal(readdirSync(join(folder, 'run')).sort(), [...FILES, 'training.svg']);
    const summary = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
    assert.equal([summary.interrupted, summary.finetuned, summary.layers.length], [true, true, 2]);
  }));

test('stack checks every layer and fine-tuning before it trains the first', () =>
  withData(async (folder) => {
    for (const [more, message] of [
      [['--hidden', '4,2,3', '--k', '3'], /k is 3: the layer has 2 units/],
      [['--hidden', '4,3', '--activation', 'tanh,relu', '--sparsity', 'kl'], /"relu": sparsity kl needs/],
      [['--hidden', '4,3', '--finetune', '0'], /--finetune <n>.*It must be a whole number, at least 1/],
    ] as const) {
      const begun = performance.now();
      const { status, stderr } = await rhohat(['stack', 'data.csv', ...more, '--epochs', '1000000'], { cwd: folder });
      assert.is(status, 2);
      assert.match(stderr, message);
      assert.ok(performance.now() - begun < 20_000);
    }
  }));

test.run();
