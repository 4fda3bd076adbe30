import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadClassifier, loadExamples } from '../../../src/node/index.ts';
import { inScratch, rhohat, table } from '../command.ts';

const ROWS = 30;
const labels = Array.from({ length: ROWS }, (_, i) => `${((i * 0.37) % 1) > 0.5 ? 1 : 0}\n`).join('');

/** A folder with a table, its labels, and a classifier trained on standardised inputs of an autoencoder. */
const trained = (use: (folder: string) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(ROWS));
    writeFileSync(join(folder, 'labels.csv'), labels);
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const own = ['--preprocess', 'standardize', '--output', 'linear', '--hidden', '3', '--epochs', '2'];
    assert.is((await call('train', 'data.csv', ...own, '--out', 'run')).status, 0);
    const args = ['classify', 'data.csv', '--labels', 'labels.csv', '--on', 'run', '--finetune', 'all', '--out', 'c'];
    assert.is((await call(...args, '--iterations', '5', '--finetune-iterations', '5')).status, 0);
    await use(folder);
  });

test('predict gives the classes and probabilities of the library, on stdout and as a file, with training’s constants', () =>
  trained(async (folder) => {
    const { classifier, preprocessing } = await loadClassifier(join(folder, 'c'));
    assert.is(preprocessing.length, 1, 'the standardisation travels with the classifier');
    writeFileSync(join(folder, 'few.csv'), `${table(ROWS).split('\n').slice(0, 4).join('\n')}\n`);
    const { status, stdout, stderr } = await rhohat(['predict', 'c', 'few.csv'], { cwd: folder });
    assert.equal([status, stderr], [0, '']);
    const [head, ...lines] = stdout.trim().split('\n');
    assert.is(head, 'class,p0,p1');
    assert.is(lines.length, 3);
    const whole = (await rhohat(['predict', 'c', 'data.csv'], { cwd: folder })).stdout.trim().split('\n');
    assert.equal(lines, whole.slice(1, 4), 'an example’s line does not depend on the others');
    for (const line of lines) {
      const [label, ...p] = line.split(',').map(Number);
      assert.ok(Math.abs(p[0] + p[1] - 1) < 1e-6);
      assert.is(label, p[1] > p[0] ? 1 : 0);
    }
    const [{ x }] = await loadExamples(join(folder, 'data.csv'));
    assert.is(x.shape[1], classifier.config.inputs);
    const written = await rhohat(['predict', 'c', 'data.csv', '--out', 'out.csv'], { cwd: folder });
    assert.is(written.stdout, `out.csv: ${ROWS} examples, 2 classes\n`);
    assert.is(readFileSync(join(folder, 'out.csv'), 'utf8').trim(), whole.join('\n'));
  }));

test('predict refuses what is no classifier, other widths and other files, in one line', () =>
  trained(async (folder) => {
    writeFileSync(join(folder, 'wide.csv'), '1,2,3,4,5\n');
    for (const [args, message] of [
      [['run', 'data.csv'], /the folder holds no classifier\.safetensors, but model\.safetensors: /],
      [['run/model.safetensors', 'data.csv'], /it holds "autoencoder", and "classifier" is needed/],
      [['c', 'wide.csv'], /has 5 columns/],
      [['c', 'data.csv', '--out', 'out.npy'], /it must end in \.csv/],
      [['c', 'nowhere'], /nowhere: there is no data set/],
    ] as const) {
      const { status, stdout, stderr } = await rhohat(['predict', ...args], { cwd: folder });
      assert.equal([status, stdout, stderr.trim().split('\n').length], [2, '', 1], stderr);
      assert.match(stderr, message);
    }
    assert.not(existsSync(join(folder, 'out.npy')));
  }));

test.run();
