import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../../src/array/matrix.ts';
import { readNpy } from '../../../src/data/formats/npy.ts';
import { loadExamples, loadModel } from '../../../src/node/index.ts';
import { inScratch, rhohat, table } from '../command.ts';

const FILES = [
  ...['activations.svg', 'activity.svg', 'features.svg', 'metrics.jsonl', 'model.safetensors'],
  ...['report.html', 'snapshot.json', 'summary.json', 'training.svg'],
];
const SMALL = ['--hidden', '3', '--epochs', '4', '--batch-size', '10'];

test('train writes a whole run folder and prints its summary', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(60));
    const { status, stdout, stderr } = await rhohat(['train', 'data.csv', ...SMALL, '--held-out', '10'], {
      cwd: folder,
    });
    assert.is(stderr, '');
    assert.is(status, 0);
    assert.match(stdout, 'runs/data\n');
    assert.match(stdout, /model +4-3-4, sigmoid\/sigmoid/);
    assert.match(stdout, /validation/);
    assert.equal(readdirSync(join(folder, 'runs/data')).sort(), FILES);
    assert.equal(readdirSync(join(folder, 'runs')), ['data'], 'nothing else is left');
    const summary = JSON.parse(readFileSync(join(folder, 'runs/data/summary.json'), 'utf8'));
    assert.is(summary.history.length, 4);
    assert.is(summary.examples, 50);
    assert.is(summary.interrupted, false);
    assert.ok(Number.isFinite(summary.last.validation));
    assert.is(summary.metrics.meanActivations.length, 3);
  }));

test('train with the same seed writes the same bytes, with another seed others', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(60));
    const bytes: string[] = [];
    for (const [name, seed] of [
      ['a', '7'],
      ['b', '7'],
      ['c', '8'],
    ]) {
      assert.is(
        (await rhohat(['train', 'data.csv', ...SMALL, '--seed', seed, '--out', name], { cwd: folder })).status,
        0,
      );
      bytes.push(readFileSync(join(folder, name, 'model.safetensors')).toString('base64'));
    }
    assert.is(bytes[0], bytes[1]);
    assert.is.not(bytes[0], bytes[2]);
  }));

test('train --json prints one JSON document and nothing else', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    const { stdout, stderr } = await rhohat(['train', 'data.csv', ...SMALL, '--json', '--out', 'x'], { cwd: folder });
    assert.is(stderr, '');
    const summary = JSON.parse(stdout);
    assert.is(summary.folder, 'x');
    assert.match(summary.kernels, /^simd/);
  }));

test('train numbers its default folders, refuses a full one, and replaces files only with --force', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    await rhohat(['train', 'data.csv', ...SMALL], { cwd: folder });
    await rhohat(['train', 'data.csv', ...SMALL], { cwd: folder });
    assert.equal(readdirSync(join(folder, 'runs')).sort(), ['data', 'data-2']);
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine/notes.txt'), 'keep me');
    const refused = await rhohat(['train', 'data.csv', ...SMALL, '--out', 'mine'], { cwd: folder });
    assert.is(refused.status, 2);
    assert.match(refused.stderr, /^rhohat: mine exists and is not empty: .*--force.*\n$/);
    assert.equal(readdirSync(join(folder, 'mine')), ['notes.txt']);
    const forced = await rhohat(['train', 'data.csv', ...SMALL, '--out', 'mine', '--force'], { cwd: folder });
    assert.is(forced.status, 0);
    assert.equal(readdirSync(join(folder, 'mine')).sort(), [...FILES, 'notes.txt'].sort());
    assert.is(readFileSync(join(folder, 'mine/notes.txt'), 'utf8'), 'keep me');
  }));

test('encode gives the codes that the library gives, to the bit, as .npy and as CSV', () =>
  inScratch(async (folder) => {
    const data = join(folder, 'data.csv');
    writeFileSync(data, table(40));
    await rhohat(['train', 'data.csv', ...SMALL, '--out', 'run'], { cwd: folder });
    const { model } = await loadModel(join(folder, 'run'));
    const [examples] = await loadExamples(data);
    const expected = Array.from(toFlat(await model.encode(examples.x)));

    const npy = await rhohat(['encode', 'run', 'data.csv', '--out', 'codes.npy'], { cwd: folder });
    assert.is(npy.status, 0);
    assert.is(npy.stdout, 'codes.npy: 40 codes of 3 units, float32\n');
    const codes = readNpy(readFileSync(join(folder, 'codes.npy')));
    assert.equal(codes.shape, [40, 3]);
    assert.equal(Array.from(codes.data), expected);

    const csv = await rhohat(['encode', 'run', 'data.csv'], { cwd: folder });
    assert.equal(csv.stdout.trim().split(/[,\n]/).map(Number), expected);
    const few = await rhohat(['encode', 'run', '--limit', '2'], { cwd: folder });
    assert.equal(few.stdout.trim().split(/[,\n]/).map(Number), expected.slice(0, 6));
  }));

test('encode treats new data with the constants fitted in training', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    const steps = ['--preprocess', 'standardize', '--output', 'linear'];
    await rhohat(['train', 'data.csv', ...SMALL, ...steps, '--out', 'run'], { cwd: folder });
    const whole = (await rhohat(['encode', 'run', 'data.csv'], { cwd: folder })).stdout.split('\n');
    writeFileSync(join(folder, 'first.csv'), `${table(40).split('\n').slice(0, 3).join('\n')}\n`);
    const first = (await rhohat(['encode', 'run', 'first.csv'], { cwd: folder })).stdout.split('\n');
    assert.equal(first.slice(0, 2), whole.slice(0, 2));
  }));

test('inspect prints config, sizes and metrics, and draws the same pictures again', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    await rhohat(['train', 'data.csv', ...SMALL, '--out', 'run'], { cwd: folder });
    const { status, stdout } = await rhohat(['inspect', 'run', '--out', 'again'], { cwd: folder });
    assert.is(status, 0);
    assert.match(stdout, /encoder\.weight +\(3, 4\)/);
    assert.match(stdout, /mean activation/);
    assert.match(stdout, '"inputs":4');
    for (const name of ['features.svg', 'training.svg', 'activations.svg', 'activity.svg']) {
      assert.ok(readFileSync(join(folder, 'again', name)).equals(readFileSync(join(folder, 'run', name))), name);
    }
    const json = JSON.parse((await rhohat(['inspect', 'run', '--json'], { cwd: folder })).stdout);
    assert.is(json.config.inputs, 4);
    assert.is(json.pictures.length, 4);
  }));

test.run();
