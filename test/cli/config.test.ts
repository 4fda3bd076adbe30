import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../../src/training/run.ts';
import { classes, inScratch, rhohat, table } from './command.ts';

type Call = (...args: string[]) => ReturnType<typeof rhohat>;
const prepared = (use: (folder: string, call: Call) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    writeFileSync(join(folder, 'labels.csv'), classes(40));
    await use(folder, (...args) => rhohat(args, { cwd: folder }));
  });
/** The run that flags describe, as --print-config prints it. */
async function printed(call: Call, ...args: string[]): Promise<Run> {
  const { status, stdout, stderr } = await call(...args, '--print-config');
  assert.equal([status, stderr], [0, ''], args.join(' '));
  return JSON.parse(stdout);
}

const short = ['--epochs', '2', '--batch-size', '10', '--seed', '5'];
const kSparse = ['--model', 'k-sparse', '--k', '2', '--alpha', '1.5', '--hidden', '4', '--held-out', '10', ...short];
const noise = ['--corruption', 'masking:0.5', '--emphasis', '1:0.25'];
const sets: [string, string[]][] = [
  ['train', [...kSparse, ...noise]],
  ['train', ['--hidden', '4,3', '--activation', 'tanh,sigmoid', '--tied', '--contraction', '0.1', ...short]],
  ['train', ['--hidden', '3', '--weight-l1', '0.01', '--preprocess', 'zca:0.2,standardize', '--output', 'linear']],
  ['train', ['--hidden', '3', '--preprocess', 'constant-norm,layer-norm,layer-norm:0.1', '--output', 'linear']],
  ['train', ['--preset', 'linear-mnist', '--hidden', '2', '--iterations', '3', '--precision', 'float64']],
  ['stack', ['--hidden', '4,3', '--model', 'denoising', ...short]],
];

for (const [command, flags] of sets) {
  test(`${command} --config gives the bytes that the flags gave: ${flags.join(' ')}`, () =>
    prepared(async (folder, call) => {
      const run = await printed(call, command, 'data.csv', ...flags);
      writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
      assert.equal(await printed(call, command, '--config', 'run.json'), run, 'printing it again changes nothing');
      for (const [out, ...args] of [
        ['a', 'data.csv', ...flags],
        ['b', '--config', 'run.json'],
      ]) {
        const { status, stderr } = await call(command, ...args, '--out', out);
        assert.equal([status, stderr], [0, '']);
      }
      const read = (out: string) => readFileSync(join(folder, out, 'model.safetensors')).toString('base64');
      assert.is(read('a'), read('b'));
    }));
}

test('train --print-config writes nothing, and says what each flag set', () =>
  prepared(async (_, call) => {
    const run = await printed(call, 'train', 'data.csv', ...kSparse, ...noise);
    assert.equal(run.model, {
      hidden: 4,
      sparsity: { kind: 'k-sparse', k: 2, alpha: 1.5 },
      corruption: { kind: 'masking', fraction: 0.5 },
      emphasis: { corrupted: 1, untouched: 0.25 },
      seed: 5,
    });
    assert.equal([run.source, run.heldOut, run.fit.epochs], ['data.csv', 10, 2]);
    const plain = await printed(call, 'train', 'data.csv', '--no-tied', '--model', 'contractive', '--contraction', '2');
    assert.equal([plain.model.tied, plain.model.contraction], [false, 2]);
    const none = await printed(call, 'train', 'data.csv', '--model', 'denoising', '--corruption', 'none');
    assert.is(none.model.corruption, null);
    for (const kind of ['salt-and-pepper:0.1', 'gaussian:0.3', 'multiplicative:0.2', 'masking']) {
      const [name, amount] = kind.split(':');
      const { corruption } = (await printed(call, 'train', 'data.csv', '--corruption', kind)).model;
      assert.equal(Object.values(corruption ?? {}).sort(), [Number(amount ?? 0.25), name]);
    }
  }));

test('train --config takes flags and data over it, and keeps the seeds that it names', () =>
  prepared(async (folder, call) => {
    const run = {
      source: 'nowhere.csv',
      data: { patches: { size: 2, count: 5, seed: 3 } },
      model: { hidden: 3, sparsity: null, seed: 7 },
      fit: { optimizer: { kind: 'adam', learningRate: 0.01 }, epochs: 2, batchSize: 5, seed: 8 },
    };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
    assert.equal(await printed(call, 'train', '--config', 'run.json'), run);
    const over = await printed(call, 'train', 'data.csv', '--config', 'run.json', '--hidden', '2', '--epochs', '1');
    assert.equal([over.source, over.model.hidden, over.fit.epochs, over.fit.batchSize], ['data.csv', 2, 1, 5]);
    const seeded = await printed(call, 'train', '--config', 'run.json', '--seed', '2');
    assert.equal([seeded.model.seed, seeded.fit.seed, seeded.data.patches?.seed], [2, 2, 2]);
  }));

const good = { source: 'data.csv', model: { hidden: 3 } };
const damaged: [string, RegExp][] = [
  ['', /run\.json: it is empty/],
  ['{"source"', /run\.json is not JSON/],
  ['a,b\n1,2\n', /run\.json is not JSON/],
  ['3', /run is 3: it must be an object/],
  ['{}', /run\.source is missing/],
  [JSON.stringify({ ...good, extra: 1 }), /run\.extra is not a known key: the keys here are source, /],
  [JSON.stringify({ ...good, model: { hidden: 3, hiden: 4 } }), /hiden is not a known key/],
  [JSON.stringify({ ...good, fit: { epoch: 4 } }), /epoch is not a known key/],
  [JSON.stringify({ ...good, data: { limit: 0 } }), /limit is 0/],
  [JSON.stringify({ ...good, model: { hidden: 3, corruption: { kind: 'blur' } } }), /corruption\.kind is "blur"/],
];

test('train and stack refuse a damaged --config, and unknown keys, in one line', () =>
  prepared(async (folder, call) => {
    for (const [i, [content, message]] of damaged.entries()) {
      writeFileSync(join(folder, 'run.json'), content);
      const { status, stdout, stderr } = await call(i % 2 === 0 ? 'train' : 'stack', '--config', 'run.json');
      assert.equal([status, stdout], [2, ''], content);
      assert.match(stderr, message);
      assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
    }
    for (const [path, message] of [
      ['absent.json', /absent\.json: /],
      ['.', /^rhohat: \.: /],
    ] as const) {
      const { status, stderr } = await call('train', '--config', path);
      assert.is(status, 2);
      assert.match(stderr, message);
    }
  }));

test('train refuses --config beside --preset or --model, which it would forget', () =>
  prepared(async (folder, call) => {
    writeFileSync(join(folder, 'run.json'), JSON.stringify(good));
    for (const other of [
      ['--preset', 'cs294a'],
      ['--model', 'sparse'],
    ]) {
      const { status, stderr } = await call('train', '--config', 'run.json', ...other, '--print-config');
      assert.is(status, 2, other.join(' '));
      assert.match(stderr, other[0]);
    }
  }));

test.run();
