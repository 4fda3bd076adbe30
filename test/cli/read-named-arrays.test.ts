import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { zipFile } from '../../src/data/formats/zip/write-zip.ts';
import { matOfNumbers } from '../data/formats/mat-of.ts';
import { dataFolder } from '../data/refused.ts';
import { inScratch, rhohat } from './command.ts';

const few = ['--hidden', '3', '--epochs', '1'];

/** Examples of two classes as rows: 40 of 4 numbers in [0, 1]. */
const rows = Array.from({ length: 40 }, (_, i) =>
  [0, 1, 2, 3].map((j) => 0.1 + ((i * 7 + j * 3) % 8) / 20 + (i % 2) * (j < 2 ? 0.4 : 0)),
);
const classes = rows.map((_, i) => i % 2);

test('an array of a .mat file is chosen by its name, and new data are read alike; .npz gives the same codes', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const write = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
    // As MATLAB has them: examples are columns, and the first axis runs fastest, so that the numbers stand row after row here.
    const X = { shape: [4, 40], data: rows.flat() };
    const y = { shape: [40, 1], data: classes };
    write('a.mat', matOfNumbers({ X, y, other: { shape: [3, 9], data: Array(27).fill(0.5) } }));
    write('one.mat', matOfNumbers({ anything: X }));
    const npy = (data: readonly number[], columns: number) =>
      writeNpy(matrix(Float64Array.from(data), data.length / columns, columns));
    const members = { 'X.npy': npy(rows.flat(), 4), 'y.npy': npy(classes, 1) };
    write('a.npz', zipFile(Object.entries(members).map(([name, bytes]) => ({ name, bytes }))));
    const refused = await call('train', 'a.mat', ...few);
    assert.is(refused.status, 2);
    assert.match(refused.stderr, /a\.mat: .*holds X \(4×40 double\), y \(40×1 double\), other .*such as --array X/);
    assert.match((await call('train', 'a.mat', ...few, '--array', 'Y')).stderr, /no array "Y"/);
    const trained = await call('train', 'a.mat', ...few, '--array', 'X', '--out', 'run');
    assert.is(trained.status, 0, trained.stderr);
    assert.match(trained.stderr, /X is 4×40, axes dm/);
    assert.match(trained.stdout, /read as {9}40 examples of 4 numbers, axes dm/);
    assert.is(JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8')).run.data.array, 'X');
    const codes = async (...args: string[]) => (await call('encode', 'run', ...args)).stdout;
    const expected = await codes();
    assert.is(expected.split('\n').length, 41);
    for (const args of [['a.mat'], ['one.mat'], ['a.npz'], ['a.npz', '--array', 'X']]) {
      assert.is(await codes(...args), expected, args.join(' '));
    }
    assert.match((await call('encode', 'run', 'a.mat', '--array', 'other')).stderr, /must be \(m, 4\)/);
    assert.match((await call('score', 'run', 'a.npz')).stderr, /median/);
    for (const source of ['dead-leaves', 'run/features.svg']) {
      assert.match(
        (await call('train', source, '--array', 'X')).stderr,
        /no file of arrays by name|neither its content/,
      );
    }
    // The array of the labels is none of the inputs.
    for (const file of ['a.mat', 'a.npz']) {
      const flags = file === 'a.mat' ? ['--array', 'X'] : [];
      const out = await call('classify', file, ...flags, '--labels', `${file}:y`, '--test-share', '0.25');
      assert.is(out.status, 0, out.stderr);
      assert.match(out.stdout, /4-2, 30 training and 10 test examples/);
      assert.match(out.stdout, /softmax +\S+ +100\.00% +100\.00%/);
      // Chosen or found, its name stays with the classifier.
      const folderOf = out.stdout.split('\n')[0];
      const told = await call('predict', folderOf, file);
      assert.is(told.stdout.trimEnd().split('\n').length, 41, told.stderr);
    }
  }));

test('folders of images are classes: classify needs no labels, and predict says their names', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const image = (path: string, value: number) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      const data = Uint8Array.from({ length: 9 }, (_, i) => value + ((i * 5) % 9));
      writeFileSync(join(folder, path), encode({ width: 3, height: 3, channels: 1, depth: 8, data }));
    };
    for (let n = 0; n < 5; n++) {
      image(`pets/cats/${n}.png`, 10 + n);
      image(`pets/=dogs/${n}.png`, 200 + n);
    }
    image('test/cats/x.png', 12);
    image('odd/birds/x.png', 12);
    const trained = await call('classify', 'pets', '--test', 'test', '--out', 'run');
    assert.is(trained.status, 0, trained.stderr);
    assert.match(trained.stderr, /2 classes, a folder each: "=dogs" \(5\), cats \(5\)/);
    assert.match(trained.stdout, /\n {2}classes 0 "=dogs", 1 cats\n/);
    assert.match(trained.stdout, /9-2, 10 training and 1 test examples/);
    assert.match(trained.stdout, /softmax +\S+ +100\.00% +100\.00%/);
    const summary = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
    assert.equal(summary.classes, ['=dogs', 'cats']);
    const predicted = (await call('predict', 'run', 'test')).stdout.split('\n');
    assert.is(predicted[0], `class,"'=dogs",cats`);
    assert.match(predicted[1], /^cats,0\.\d+(e-\d+)?,0\.9/);
    const share = await call('classify', 'pets', '--test-share', '0.2');
    assert.match(share.stdout, /9-2, 8 training and 2 test examples/, share.stderr);
    assert.match((await call('classify', 'pets', '--test', 'odd')).stderr, /odd: it has the class "birds", which the/);
    const plain = await call('train', 'pets', ...few);
    assert.match(plain.stdout, /10 images of 3×3, gray/, plain.stderr);
  }));

test('--transpose swaps rows and columns in training and afterwards', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const m = 6;
    const pixels = Uint8Array.from({ length: m * 12 }, (_, i) => (i * 37) % 256);
    const idx = (height: number, width: number, data: Uint8Array) =>
      Buffer.concat([Uint8Array.of(0, 0, 8, 3, 0, 0, 0, m, 0, 0, 0, height, 0, 0, 0, width), data]);
    const turned = pixels.map((_, i) => pixels[Math.floor(i / 12) * 12 + (i % 4) * 3 + Math.floor((i % 12) / 4)]);
    writeFileSync(join(folder, 'lying-idx3-ubyte'), idx(4, 3, pixels));
    writeFileSync(join(folder, 'upright-idx3-ubyte'), idx(3, 4, turned));
    const run = async (...args: string[]) => {
      const out = await call('train', ...args, ...few);
      assert.is(out.status, 0, out.stderr);
    };
    await run('upright-idx3-ubyte', '--out', 'plain');
    await run('lying-idx3-ubyte', '--transpose', '--out', 'turned');
    const codes = async (...args: string[]) => (await call('encode', ...args)).stdout;
    const expected = await codes('plain');
    assert.is(expected.split('\n').length, m + 1);
    assert.is(await codes('turned'), expected);
    assert.is(await codes('turned', 'lying-idx3-ubyte'), expected);
    assert.is.not(await codes('plain', 'lying-idx3-ubyte'), expected);
    writeFileSync(join(folder, 't.csv'), '1,2\n3,4\n');
    assert.match((await call('train', 't.csv', '--transpose', ...few)).stderr, /swaps rows and columns of images/);
  }));

const natural = dataFolder && join(dataFolder, 'natural-images/images_512x512x10.f32');
const here = natural !== undefined && existsSync(natural);
(here ? test : test.skip)('the ten natural images as IMAGES.mat train to the bits of the .f32 file', () =>
  inScratch(async (folder) => {
    const bytes = readFileSync(natural ?? '');
    const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const columns = new Float64Array(data.length);
    // Image k at [row i][column j] is IMAGES(i, j, k), and i runs fastest.
    for (let k = 0, p = 0; k < 10; k++) {
      for (let i = 0; i < 512; i++) for (let j = 0; j < 512; j++) columns[(k * 512 + j) * 512 + i] = data[p++];
    }
    writeFileSync(join(folder, 'IMAGES.mat'), matOfNumbers({ IMAGES: { shape: [512, 512, 10], data: columns } }));
    const cost = async (source: string) => {
      const args = [
        'train',
        source,
        '--preset',
        'cs294a',
        '--iterations',
        '5',
        '--patches',
        '1000',
        '--out',
        'run',
        '--force',
      ];
      const out = await rhohat(args, { cwd: folder, env: { RHOHAT_DATA: dataFolder } });
      assert.is(out.status, 0, out.stderr);
      return JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8')).last.cost;
    };
    const expected = await cost('natural-images');
    assert.ok(Number.isFinite(expected));
    assert.is(await cost('IMAGES.mat'), expected);
  }),
);

test.run();
