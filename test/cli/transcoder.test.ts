import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, rowRange } from '../../src/array/matrix.ts';
import { fillUniform } from '../../src/array/random.ts';
import { readNpy, writeNpy } from '../../src/data/formats/npy.ts';
import { writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { measure } from '../../src/measures/on-demand.ts';
import { loadModel } from '../../src/node/model-files.ts';
import { inScratch, rhohat } from './command.ts';

// Transcoders from the command line: --target-data, and what follows from it.

const [ROWS, INPUTS, TARGETS] = [200, 8, 3];
const x = fillUniform(new Float32Array(ROWS * INPUTS), { seed: 1, stream: 1 }, -1.5, 1.5);
/** Sums of two inputs, 7 from 0. */
const y = Float32Array.from({ length: ROWS * TARGETS }, (_, i) => {
  const [k, j] = [Math.floor(i / TARGETS), i % TARGETS];
  return 7 + x[k * INPUTS + j] + x[k * INPUTS + j + 1];
});
const broken = y.map((value, i) => (i === 16 ? Number.NaN : value));
const npy = (data: Float32Array, columns: number) => writeNpy(matrix(data, data.length / columns, columns));

const inData = (use: (run: (...args: string[]) => ReturnType<typeof rhohat>, folder: string) => Promise<void>) =>
  inScratch(async (folder) => {
    for (const [name, data, columns] of [
      ['x', x, INPUTS],
      ['y', y, TARGETS],
      ['same', x, INPUTS],
      ['other', x.map((value) => Math.abs(value) + 1), INPUTS],
      ['short', y.slice(TARGETS), TARGETS],
      ['broken', broken, TARGETS],
    ] as const)
      writeFileSync(join(folder, `${name}.npy`), npy(data, columns));
    writeFileSync(join(folder, 'text.npy'), 'no array');
    await use((...args) => rhohat(args, { cwd: folder }), folder);
  });

const TRANSCODER = [
  'train',
  'x.npy',
  '--preset',
  'topk',
  '--hidden',
  '32',
  '--k',
  '8',
  '--target-data',
  'y.npy',
  '--threads',
  '1',
];

test('train --target-data trains a transcoder of the widths of both, not centred, which score and encode take', () =>
  inData(async (run, folder) => {
    const { status, stdout, stderr } = await run(...TRANSCODER, '--skip', '--held-out', '20', '--out', 'run');
    assert.equal([status, stderr], [0, '']);
    assert.match(stdout, /model +8-32-3, relu\/linear/);
    assert.match(stdout, /unit norm, aux-k .*, skip\n/);
    assert.match(stdout, /\n {2}examples {8}180 from x\.npy\n {2}targets {9}180 from y\.npy\n/);
    const {
      run: settings,
      model,
      examples,
      metrics,
      last,
    } = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
    assert.equal([settings.target, examples, model.targets, model.center], ['y.npy', 180, 3, false]);
    assert.ok(metrics.varianceUnexplained < 0.2, `${metrics.varianceUnexplained}`);
    assert.ok(last.validation < 1, `${last.validation}`);
    assert.is((await run('inspect', 'run')).status, 0);
    assert.match((await run('encode', 'run', 'x.npy', '--out', 'codes.npy')).stdout, /200 codes of 32 units/);
    const own = await run('score', 'run', '--worst', '2', '--by-column');
    const named = await run('score', 'run', 'x.npy', '--target-data', 'y.npy', '--worst', '2', '--by-column');
    assert.is(own.stdout, named.stdout);
    assert.match(own.stdout, /^example,squared_error,output_0,output_1,output_2\n/);
    assert.match(
      (await run('score', 'run', 'x.npy')).stderr,
      /^rhohat: the model is a transcoder, .*: name them with --target-data\n$/,
    );
    assert.match(
      (await run('score', 'run', 'x.npy', '--target-data', 'short.npy')).stderr,
      /^rhohat: --target-data has 199 rows, and x has 200/,
    );
  }));

test('inspect measures a transcoder against its targets, its own or those named; latents need none', () =>
  inData(async (run, folder) => {
    for (const target of ['y', 'other']) {
      const trained = [...TRANSCODER, '--epochs', '2', '--limit', '150', '--out', target];
      assert.is((await run(...trained, '--target-data', `${target}.npy`)).status, 0);
      const { model, preprocessing } = await loadModel(join(folder, target));
      assert.is(preprocessing.length, 0);
      const [inputs, all] = [matrix(x, ROWS, INPUTS), readNpy(readFileSync(join(folder, `${target}.npy`)))];
      const rows = (m: number) => ({ target: rowRange(matrix(all.data, ROWS, all.shape[1]), 0, m) });
      const measured = async (...args: string[]) =>
        JSON.parse((await run('inspect', target, '--json', ...args)).stdout).measured;
      const expected = await measure(model, inputs, rows(ROWS));
      const named = await measured('x.npy', '--target-data', `${target}.npy`);
      assert.equal(
        [named.target, named.examples, named.explainedVariance, named.cosine, named.normRatio],
        [`${target}.npy`, ROWS, expected.explainedVariance, expected.cosine, expected.normRatio],
      );
      // Those of training, as many as training took; and fewer.
      const own = await measured('--latents', '0');
      const first = await measure(model, rowRange(inputs, 0, 150), rows(150));
      assert.equal([own.target, own.examples, own.explainedVariance], [`${target}.npy`, 150, first.explainedVariance]);
      const few = await measured('--limit', '40');
      assert.equal([few.examples, few.cosine], [40, (await measure(model, rowRange(inputs, 0, 40), rows(40))).cosine]);
      const { stdout } = await run('inspect', target, 'x.npy', '--target-data', `${target}.npy`, '--out', 'drawn');
      assert.match(stdout, new RegExp(`\\nmeasured on 200 examples of x\\.npy, against ${target}\\.npy\\n`));
      assert.match(stdout, /\n {2}drawn.density\.svg\n/);

      const unnamed = await run('inspect', target, 'x.npy');
      assert.equal([unnamed.status, unnamed.stdout], [2, '']);
      assert.match(unnamed.stderr, /^rhohat: the model is a transcoder, .*: name them with --target-data\n$/);
      const codes = await measured('x.npy', '--latents', '0,1');
      assert.equal(
        [codes.explainedVariance, codes.target, codes.l0, codes.neverFire],
        [undefined, undefined, expected.l0, expected.neverFire],
      );
      assert.equal(
        codes.latents.map(({ firing }: { firing: number }) => firing),
        [expected.firing[0], expected.firing[1]],
      );
      const said = await run('inspect', target, 'x.npy', '--latents', '0');
      assert.match(said.stdout, /\n {2}reconstruction {6}not measured: name the targets with --target-data\nlatent 0 /);
      assert.match(
        (await run('inspect', target, 'x.npy', '--target-data', 'short.npy')).stderr,
        target === 'y' ? /^rhohat: --target-data has 199 rows, and x has 200/ : /^rhohat: --target-data has shape/,
      );
    }
  }));

test('score takes of the targets of training as many as training took', () =>
  inData(async (run) => {
    await run(...TRANSCODER, '--epochs', '1', '--limit', '150', '--out', 'run');
    const { status, stderr } = await run('score', 'run');
    assert.equal([status, /of 150 examples/.test(stderr)], [0, true], stderr);
  }));

test('train, encode, inspect and score read .safetensors files of one tensor as they do .npy', () =>
  inData(async (run, folder) => {
    const write = (name: string, tensors: [string, Float32Array, number][]) => {
      const entries = tensors.map(([key, data, columns]) => [key, { shape: [ROWS, columns], data }] as const);
      writeFileSync(join(folder, `${name}.safetensors`), writeSafetensors(new Map(entries)));
    };
    write('x', [['layer.6', x, INPUTS]]);
    write('y', [['layer.7', y, TARGETS]]);
    write('both', [
      ['layer.6', x, INPUTS],
      ['layer.7', y, TARGETS],
    ]);
    const [, , ...flags] = TRANSCODER;
    const trained = await run('train', 'x.safetensors', ...flags, '--target-data', 'y.safetensors', '--epochs', '2');
    assert.equal([trained.status, trained.stderr], [0, '']);
    await run(...TRANSCODER, '--epochs', '2', '--out', 'npy');
    const theta = async (path: string) => (await loadModel(join(folder, path))).model.parameters();
    assert.equal(await theta('runs/x'), await theta('npy'));
    for (const args of [
      ['encode', 'npy', 'x.EXT'],
      ['score', 'npy', 'x.EXT', '--target-data', 'y.EXT'],
    ]) {
      const [own, other] = await Promise.all(
        ['safetensors', 'npy'].map((ending) => run(...args.map((arg) => arg.replace('EXT', ending)))),
      );
      assert.equal([own.status, own.stdout, own.stderr], [0, other.stdout, other.stderr]);
    }
    const inspected = await run('inspect', 'npy', 'x.safetensors', '--target-data', 'y.safetensors');
    assert.match(inspected.stdout, /measured on 200 examples of x\.safetensors, against y\.safetensors\n/);
    const both = await run('train', 'both.safetensors');
    assert.match(
      both.stderr,
      /^rhohat: both\.safetensors: safetensors file: it holds layer\.6 .*, layer\.7 .*: say which is meant.*\n$/,
    );
    assert.match(
      (await run('encode', 'npy', 'npy/model.safetensors')).stderr,
      /^rhohat: npy.model\.safetensors: .*it is a model that rhohat saved, not data: .*fit trains what loadModel gives/,
    );
  }));

test('a transcoder is printed with its target', () =>
  inData(async (run) => {
    const { stdout } = await run(...TRANSCODER, '--print-config');
    const { target, model } = JSON.parse(stdout);
    assert.equal([target, model.center], ['y.npy', false]);
  }));

const refused: [string[], RegExp][] = [
  [['--target-data', 'short.npy'], /^rhohat: --target-data short\.npy has 199 examples, and x\.npy has 200: row k/],
  [['--target-data', 'broken.npy'], /^rhohat: --target-data is NaN in row 5, column 1: every value must be a finite/],
  [['--target-data', 'text.npy'], /^rhohat: text\.npy: /],
  [['--target-data', 'none.npy'], /^rhohat: none\.npy: there is no data set, file or folder of that name/],
  [['--center'], /^rhohat: --center is given with --target-data: c lies where the outputs do/],
  [['--limit', '300'], /300/],
  [['--patch-size', '2'], /--patch-size|images/],
  [['--pca', '2'], /^rhohat: --pca is given with --target-data: /],
  [['--hidden', '9,8', '--no-unit-norm', '--auxiliary', 'none'], /transcoder has one/],
];

for (const [flags, message] of refused) {
  test(`a transcoder is refused with ${flags.join(' ')} in one line`, () =>
    inData(async (run) => {
      const { status, stdout, stderr } = await run(...TRANSCODER, ...flags, '--epochs', '1');
      assert.equal([status, stdout, stderr.split('\n').length], [2, '', 2], stderr);
      assert.match(stderr, message);
    }));
}

test('an autoencoder has no targets', () =>
  inData(async (run) => {
    await run('train', 'x.npy', '--preset', 'topk', '--epochs', '1', '--out', 'run');
    for (const command of ['score', 'inspect']) {
      assert.match(
        (await run(command, 'run', 'x.npy', '--target-data', 'same.npy')).stderr,
        /^rhohat: --target-data is same\.npy: the model is an autoencoder/,
      );
    }
  }));

test.run();
