import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deserializeClassifier } from '../../../src/index.ts';
import { loadExamples } from '../../../src/node/index.ts';
import { classes, inScratch, rhohat, table } from '../command.ts';

const ROWS = 60;
const SHORT = ['--iterations', '20', '--finetune-iterations', '5'];

/** A folder with data.csv, labels.csv, more.csv and more-labels.csv, the runs `train` and `stack`, and a shorthand. */
const prepared = (use: (folder: string, call: (...args: string[]) => ReturnType<typeof rhohat>) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(ROWS));
    writeFileSync(join(folder, 'labels.csv'), classes(ROWS));
    writeFileSync(join(folder, 'more.csv'), table(21));
    writeFileSync(join(folder, 'more-labels.csv'), classes(21));
    await use(folder, (...args) => rhohat(args, { cwd: folder }));
  });
const trainRun = ['train', 'data.csv', '--hidden', '3', '--epochs', '2', '--out', 'train-run'];
const stackRun = ['stack', 'data.csv', '--hidden', '4,3', '--epochs', '2', '--preprocess', 'standardize'];
const LABELLED = ['data.csv', '--labels', 'labels.csv'];

interface Classified {
  folder: string;
  source: string;
  on: string | null;
  config: { hidden: number[]; classes: number; inputs: number };
  trainExamples: number;
  testExamples: number;
  interrupted: boolean;
  stages: { stage: string; cost: number; trainAccuracy: number; testAccuracy?: number }[];
}
const read = (text: string) => JSON.parse(text) as Classified;

test('classify on raw data writes a classifier and a summary, and prints a table', () =>
  prepared(async (folder, call) => {
    const { status, stdout, stderr } = await call('classify', ...LABELLED, ...SHORT);
    assert.equal([status, stderr], [0, '']);
    assert.match(stdout, /^runs\/data-classifier\n {2}4-3, 60 training and 0 test examples\n/);
    assert.match(stdout, /softmax +[\d.]+ +[\d.]+% +– /);
    const run = join(folder, 'runs/data-classifier');
    assert.equal(readdirSync(run).sort(), ['classifier.safetensors', 'summary.json']);
    const summary = read(readFileSync(join(run, 'summary.json'), 'utf8'));
    const { classifier } = await deserializeClassifier(readFileSync(join(run, 'classifier.safetensors')));
    const [{ x }] = await loadExamples(join(folder, 'data.csv'));
    const labels = classes(ROWS).trim().split('\n').map(Number);
    assert.is(await classifier.accuracy(x, labels), summary.stages[0].trainAccuracy);
    assert.ok(summary.stages[0].trainAccuracy > 0.8, `${summary.stages[0].trainAccuracy}`);
    assert.equal([summary.interrupted, summary.on, summary.config.classes], [false, null, 3]);
  }));

test('classify with the same seed writes the same bytes', () =>
  prepared(async (folder, call) => {
    for (const out of ['a', 'b']) await call('classify', ...LABELLED, ...SHORT, '--out', out);
    const [a, b] = ['a', 'b'].map((out) => readFileSync(join(folder, out, 'classifier.safetensors')));
    assert.ok(a.equals(b));
  }));

test('classify --on a run of train uses its codes, and --finetune all then lowers the cost', () =>
  prepared(async (_, call) => {
    await call(...trainRun);
    const args = ['classify', ...LABELLED, '--on', 'train-run', ...SHORT, '--json'];
    const plain = await call(...args);
    assert.is(plain.stderr, '');
    const { config, stages, on } = read(plain.stdout);
    assert.equal([config.hidden, on, stages.map(({ stage }) => stage)], [[3], 'train-run', ['softmax']]);
    const tuned = read((await call(...args, '--finetune', 'all')).stdout);
    assert.equal(
      tuned.stages.map(({ stage }) => stage),
      ['softmax', 'all'],
    );
    assert.is(tuned.stages[0].cost, stages[0].cost);
    assert.ok(tuned.stages[1].cost < tuned.stages[0].cost);
  }));

test('classify --on a stack treats the data as the stack did, and fine-tunes in stages', () =>
  prepared(async (folder, call) => {
    assert.is((await call(...stackRun, '--out', 'stack-run')).status, 0);
    const args = ['--on', 'stack-run', '--finetune', 'staged', ...SHORT, '--json', '--out', 'c'];
    const { stages, config } = read((await call('classify', ...LABELLED, ...args)).stdout);
    assert.equal(config.hidden, [4, 3]);
    assert.equal(
      stages.map(({ stage }) => stage),
      ['softmax', 'top layer', 'all'],
    );
    assert.ok(stages[2].cost < stages[0].cost);
    const file = readFileSync(join(folder, 'c/classifier.safetensors'));
    const { preprocessing } = await deserializeClassifier(file);
    assert.equal(
      preprocessing.map(({ kind }) => kind),
      ['standardize'],
    );
  }));

test('classify holds out --test-share, or reads --test, and tells its accuracy', () =>
  prepared(async (_, call) => {
    const args = ['classify', ...LABELLED, ...SHORT, '--json'];
    const share = read((await call(...args, '--test-share', '0.25')).stdout);
    assert.equal([share.trainExamples, share.testExamples], [45, 15]);
    const other = read((await call(...args, '--test', 'more.csv', '--test-labels', 'more-labels.csv')).stdout);
    assert.equal([other.trainExamples, other.testExamples], [60, 21]);
    // The 21 are the first of the 60.
    for (const [{ testAccuracy }] of [share.stages, other.stages]) assert.ok((testAccuracy ?? 0) > 0.7);
    assert.is(other.stages[0].trainAccuracy <= 1, true);
  }));

test('classify --classes keeps those in training and test, before --limit', () =>
  prepared(async (_, call) => {
    const count = (text: string) => [...text.matchAll(/[01]/g)].length;
    const test = ['--test', 'more.csv', '--test-labels', 'more-labels.csv'];
    const args = ['classify', ...LABELLED, ...test, '--classes', '0,1', ...SHORT, '--json'];
    const some = read((await call(...args)).stdout);
    assert.equal([some.trainExamples, some.testExamples], [count(classes(ROWS)), count(classes(21))]);
    assert.is(some.config.classes, 2);
    assert.is(read((await call(...args, '--limit', '10')).stdout).trainExamples, 10);
  }));

test('classify on a run of other classes learns its own: self-taught learning', () =>
  prepared(async (_, call) => {
    const own = ['--classes', '2', '--labels', 'labels.csv'];
    assert.is((await call(...trainRun, ...own)).status, 0);
    const args = ['classify', ...LABELLED, '--on', 'train-run', '--classes', '0,1', ...SHORT, '--json'];
    const { trainExamples, config } = read((await call(...args)).stdout);
    assert.equal([config.classes, config.hidden], [2, [3]]);
    assert.is(trainExamples, [...classes(ROWS).matchAll(/[01]/g)].length);
    const encoded = await call('encode', 'train-run', 'more.csv');
    assert.equal([encoded.status, encoded.stderr, encoded.stdout.trim().split('\n').length], [0, '', 21]);
  }));

test('classify that is interrupted saves what was learnt and exits with 130', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(6000));
    const labels = Array.from({ length: 6000 }, (_, i) => `${(i * 7919) % 5}\n`).join('');
    writeFileSync(join(folder, 'labels.csv'), labels);
    await rhohat(['train', 'data.csv', '--hidden', '30', '--epochs', '1', '--out', 'run'], { cwd: folder });
    const endless = ['--finetune', 'all', '--iterations', '2', '--finetune-iterations', '10000000'];
    const args = ['classify', ...LABELLED, '--on', 'run', ...endless, '--weight-decay', '0', '--out', 'c', '--json'];
    // Fine-tuning begins when the softmax is saved.
    const onStart = (kill: (signal: NodeJS.Signals) => void) => {
      const wait = setInterval(() => {
        if (!existsSync(join(folder, 'c/classifier.safetensors'))) return;
        clearInterval(wait);
        setTimeout(() => kill('SIGINT'), 1000);
      }, 20);
    };
    const outcome = await rhohat(args, { cwd: folder, onStart });
    assert.is(outcome.status, 130, outcome.stdout);
    assert.match(outcome.stderr, 'stopping after this step');
    const summary = read(outcome.stdout);
    assert.equal([summary.interrupted, summary.stages.length], [true, 1]);
    assert.equal(readdirSync(join(folder, 'c')).sort(), ['classifier.safetensors', 'summary.json']);
    const { classifier } = await deserializeClassifier(readFileSync(join(folder, 'c/classifier.safetensors')));
    const [{ x }] = await loadExamples(join(folder, 'data.csv'));
    const { cost } = await classifier.costAndGradient(x, labels.trim().split('\n').map(Number));
    assert.ok(cost < summary.stages[0].cost, 'what fine-tuning learnt until then is kept');
  }));

test.run();
