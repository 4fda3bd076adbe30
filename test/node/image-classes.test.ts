import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labelsFrom, loadExamples } from '../../src/node/sources.ts';
import { fixtures } from '../data/image-fixtures.ts';
import { refused } from '../data/refused.ts';

let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-classes-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const png = (width: number, value: number) =>
  encode({ width, height: 1, channels: 1, depth: 8, data: new Uint8Array(width).fill(value) });
/** A folder with these files. */
function tree(name: string, files: Record<string, Uint8Array | string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
  return join(folder, name);
}

test('folders of images are classes, in the order of their names, and other files are counted', async () => {
  const path = tree('pets', {
    'dogs/b.png': png(2, 4),
    'dogs/a.png': png(2, 3),
    'cats/z.PNG': png(2, 1),
    'cats/old/x.png': png(2, 9),
    'cats/y.webp': 'x',
    'cats/.DS_Store': 'x',
    'Birds/b.png': png(2, 0),
    'empty/readme.txt': 'x',
    'notes.txt': 'x',
  });
  const [{ x, labels, classes, image, notes }, ...more] = await loadExamples(path);
  assert.is(more.length, 0);
  assert.equal(Array.from(x.data), [0, 0, 1, 1, 3, 3, 4, 4]);
  assert.equal([labels, classes], [Uint32Array.of(0, 1, 2, 2), ['Birds', 'cats', 'dogs']]);
  assert.equal(image, { height: 1, width: 2, channels: 1 });
  assert.equal(notes, [
    '3 classes, a folder each: Birds (1), cats (1), dogs (2)',
    '2 folders, 1 .txt, 1 .webp left out: .png and .jpg files are read; convert .webp to .png',
  ]);
  assert.equal(await labelsFrom(path), Uint32Array.of(0, 1, 2, 2));
});

test('images of several sizes keep their labels; images beside folders are read alone', async () => {
  const path = tree('sizes', {
    'a/1.png': png(2, 1),
    'a/2.png': png(3, 2),
    'b/1.png': png(3, 3),
    'b/2.png': png(2, 4),
  });
  const stacks = await loadExamples(path);
  assert.equal(
    stacks.map(({ x, labels }) => [Array.from(x.data), labels]),
    [
      [[1, 1, 4, 4], Uint32Array.of(0, 1)],
      [[2, 2, 2, 3, 3, 3], Uint32Array.of(0, 1)],
    ],
  );
  const mixed = tree('mixed', { 'top.png': png(2, 5), 'a/1.png': png(2, 1) });
  const [{ x, labels, notes }] = await loadExamples(mixed);
  assert.equal(
    [Array.from(x.data), labels, notes],
    [[5, 5], undefined, ['1 folder left out: .png and .jpg files are read']],
  );
});

test('folders without images say what is in them, and what to do', async () => {
  const deep = tree('deep', { 'train/cats/1.png': png(2, 1), 'test/cats/1.png': png(2, 1) });
  await refused(() => loadExamples(deep), /no images, nor shards, but 2 folders: .*name a folder in it/);
  const only = tree('webps', { 'a.webp': 'x', 'b.heic': 'x' });
  await refused(() => loadExamples(only), /but 1 \.heic, 1 \.webp: .*convert \.heic, \.webp to \.png/);
  const broken = tree('broken', { 'cats/1.png': 'no image' });
  await refused(() => loadExamples(broken), /cats.1\.png: image: its first bytes/);
});

test('an image that lies on its side is turned, and counted in a folder', async () => {
  const exif = '/+EAIkV4aWYAAElJKgAIAAAAAQASAQMAAQAAAAYAAAAAAAAA'; // little-endian, orientation 6
  const app1 = new Uint8Array(Buffer.from(exif, 'base64'));
  const { greyJpeg: grey } = fixtures;
  const turned = new Uint8Array(Buffer.concat([grey.subarray(0, 2), app1, grey.subarray(2)]));
  const path = tree('photos', { 'a.jpg': turned, 'b.jpg': turned, 'c.jpg': grey });
  const stacks = await loadExamples(path);
  assert.equal(
    stacks.map(({ image }) => image),
    [
      { height: 12, width: 10, channels: 1 },
      { height: 10, width: 12, channels: 1 },
    ],
  );
  assert.equal(stacks[0].notes, ['2 of 3 images turned upright, as their EXIF orientation says']);
});

test('CIFAR batches are read by path, with their labels', async () => {
  const records = (size: number, ...labels: number[][]) =>
    new Uint8Array(
      Buffer.concat(labels.map((own) => Uint8Array.of(...own, ...new Uint8Array(size - own.length).fill(own[0])))),
    );
  const path = tree('cifar', {
    'data_batch_1.bin': records(3073, [3], [9]),
    'train.bin': records(3074, [4, 50], [19, 99]),
    'odd.bin': records(3073, [3], [12]),
    'x.webp': 'RIFF....WEBP',
    'x.bmp': 'not one by content',
  });
  const [ten] = await loadExamples(join(path, 'data_batch_1.bin'));
  assert.equal(
    [ten.x.shape, ten.labels, ten.notes],
    [[2, 3072], Uint32Array.of(3, 9), ['read as the records of CIFAR-10']],
  );
  assert.equal((await loadExamples(join(path, 'train.bin')))[0].labels, Uint32Array.of(50, 99));
  assert.equal(await labelsFrom(join(path, 'train.bin')), Uint32Array.of(50, 99));
  assert.equal(await labelsFrom(`${join(path, 'train.bin')}:coarse`), Uint32Array.of(4, 19));
  await refused(() => labelsFrom(`${join(path, 'train.bin')}:other`), /name \(--array\) is "other"/);
  await refused(() => loadExamples(join(path, 'odd.bin')), /neither its content nor its name is known/);
  await refused(() => loadExamples(join(path, 'x.webp')), /it is a WebP image/);
  await refused(() => loadExamples(join(path, 'x.bmp')), /it is a BMP image/);
});

test.run();
