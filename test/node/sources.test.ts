import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { loadExamples, loadLabels } from '../../src/node/sources.ts';
import { dataFolder, refused } from '../data/refused.ts';

let folder = '';
const at = (...parts: string[]) => join(folder, ...parts);
const offline = { dataFolder: '/nowhere', fetch: () => Promise.reject(new Error('no network')) };
const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 3, 4);
const png = (width: number, value: number) =>
  encode({ width, height: 1, channels: 1, depth: 8, data: new Uint8Array(width).fill(value) });

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-sources-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('loadExamples tells files by their content', async () => {
  writeFileSync(at('a.dat'), idx);
  writeFileSync(at('b.gz'), gzipSync(idx));
  writeFileSync(at('c'), writeNpy(matrix(Float64Array.of(1, 2), 1, 2)));
  writeFileSync(at('d.bin'), png(2, 9));
  for (const name of ['a.dat', 'b.gz']) {
    const [examples, ...more] = await loadExamples(at(name));
    assert.equal([examples.x.data, examples.unit, more.length], [Uint8Array.of(3, 4), 255, 0]);
  }
  assert.equal((await loadExamples(at('c')))[0].x.data, Float64Array.of(1, 2));
  assert.equal((await loadExamples(at('d.bin')))[0].image, { height: 1, width: 2, channels: 1 });
});

test('loadExamples tells files without a signature by their extension', async () => {
  writeFileSync(at('e.csv'), 'a,b\n1,2\n');
  writeFileSync(at('e.csv.gz'), gzipSync('1,2\n'));
  writeFileSync(at('f.f32'), new Uint8Array(8));
  writeFileSync(at('f.json'), '{"dtype": "float32", "shape": [1, 2]}');
  for (const name of ['e.csv', 'e.csv.gz']) {
    assert.equal((await loadExamples(at(name)))[0].x.data, Float64Array.of(1, 2));
  }
  assert.equal((await loadExamples(at('f.f32')))[0].x.data, Float32Array.of(0, 0));
});

test('loadExamples stacks a folder of images by size, in the order of names', async () => {
  mkdirSync(at('images'));
  writeFileSync(at('images', 'b.png'), png(2, 20));
  writeFileSync(at('images', 'a.PNG'), png(2, 10));
  writeFileSync(at('images', 'c.png'), png(3, 30));
  writeFileSync(at('images', 'notes.txt'), 'no image');
  const stacks = await loadExamples(at('images'));
  assert.equal(
    stacks.map(({ x }) => x.shape),
    [
      [2, 2],
      [1, 3],
    ],
  );
  assert.equal(stacks[0].x.data, Uint8Array.of(10, 10, 20, 20));
  assert.equal(stacks[0].notes, ['1 .txt left out: .png and .jpg files are read']);
});

test('a folder of images passes over what systems put there, and tells what else is left out', async () => {
  mkdirSync(at('photos', '__MACOSX'), { recursive: true });
  mkdirSync(at('photos', 'raw.png'));
  writeFileSync(at('photos', 'x.png'), png(2, 20));
  for (const name of ['._x.png', '._x.jpg', '.DS_Store', 'Thumbs.db', 'desktop.ini', '.hidden.png']) {
    writeFileSync(at('photos', name), 'no image');
  }
  const [quiet] = await loadExamples(at('photos'));
  assert.equal([quiet.x.shape[0], quiet.notes], [1, ['1 folder left out: .png and .jpg files are read']]);
  for (const name of ['a.webp', 'b.WEBP', 'c.gif', 'README']) writeFileSync(at('photos', name), 'x');
  assert.equal((await loadExamples(at('photos')))[0].notes, [
    '2 .webp, 1 .gif, 1 file without an ending, 1 folder left out: .png and .jpg files are read; convert .gif, .webp to .png',
  ]);
  mkdirSync(at('webp'));
  writeFileSync(at('webp', 'a.webp'), 'x');
  writeFileSync(at('webp', '._b.png'), 'x');
  await refused(() => loadExamples(at('webp')), /no images, nor shards, but 1 \.webp: put/);
});

test('a folder of shards does so too', async () => {
  mkdirSync(at('parts'));
  const rows = (first: number) => writeNpy(matrix(Float64Array.of(first, 2), 1, 2));
  writeFileSync(at('parts', 'a.npy'), rows(1));
  writeFileSync(at('parts', '._a.npy'), 'no array');
  writeFileSync(at('parts', 'Thumbs.db'), 'x');
  assert.is((await loadExamples(at('parts')))[0].notes, undefined);
  writeFileSync(at('parts', 'b.csv'), '3,4');
  writeFileSync(at('parts', 'b.json'), '{}');
  assert.match((await loadExamples(at('parts')))[0].notes?.join() ?? '', /^1 \.csv, 1 \.json left out: \.npy/);
  // Packed beside its unpacked like, as torchvision leaves it.
  mkdirSync(at('raw'));
  writeFileSync(at('raw', 'x-ubyte'), idx);
  writeFileSync(at('raw', 'x-ubyte.gz'), gzipSync(idx));
  const [both] = await loadExamples(at('raw'));
  assert.equal(
    [both.x.data, both.notes],
    [Uint8Array.of(3, 4), ['its bytes go up to 4 and are divided by 255: --unit 1 reads them as they are']],
  );
  rmSync(at('raw', 'x-ubyte'));
  await refused(() => loadExamples(at('raw')), /x-ubyte\.gz: shards are read in parts/);
});

test('cifar10 is found in the folder that its archive makes, beside files of the system', async () => {
  for (const [n, path] of ['cifar10/cifar-10-batches-bin', 'cifar-10-batches-bin', 'cifar10'].entries()) {
    mkdirSync(at(`data-${n}`, path), { recursive: true });
    writeFileSync(at(`data-${n}`, path, 'data_batch_1.bin'), new Uint8Array(3073));
    writeFileSync(at(`data-${n}`, path, '._data_batch_1.bin'), new Uint8Array(5));
    const [{ x, unit }] = await loadExamples('cifar10', { dataFolder: at(`data-${n}`) });
    assert.equal([x.shape, unit], [[1, 3072], 255]);
  }
});

test('loadExamples generates dead-leaves without any file', async () => {
  const [{ x, image }] = await loadExamples('dead-leaves', offline);
  assert.equal([x.shape[0], image?.channels], [10, 1]);
});

test('loadExamples refuses unknown names, empty folders and files that are empty or of no known kind', async () => {
  await refused(() => loadExamples('mnits'), /^mnits: there is no .* data sets are mnist, mnist-test/);
  await refused(() => loadExamples(''), /source is empty/);
  await refused(() => loadExamples(at('absent.npy')), /absent.npy: there is no/);
  mkdirSync(at('empty'));
  await refused(() => loadExamples(at('empty')), /empty: the folder holds no images/);
  writeFileSync(at('zero.npy'), '');
  await refused(() => loadExamples(at('zero.npy')), /zero.npy: it is empty/);
  writeFileSync(at('some.xyz'), 'hello');
  await refused(() => loadExamples(at('some.xyz')), /some.xyz: neither its content nor its name/);
});

test('loadExamples names a file of the folder that a misspelt path is near to', async () => {
  mkdirSync(at('typo'));
  for (const name of ['pump.csv', 'valve.csv']) writeFileSync(at('typo', name), '1,2\n');
  await refused(
    () => loadExamples(at('typo', 'pump.cvs')),
    /of that name \(did you mean .*typo.pump\.csv\?\): data sets/,
  );
  await refused(() => loadExamples(at('typo', 'other.npy')), /typo.other\.npy: there is no .* of that name: data sets/);
  await refused(() => loadExamples(at('no-folder', 'pump.csv')), /of that name: data sets/);
});

test('loadExamples names the file that is cut or damaged, or lacks its description', async () => {
  writeFileSync(at('cut.gz'), gzipSync(idx).subarray(0, 20));
  await refused(() => loadExamples(at('cut.gz')), /cut.gz: gzip file: it cannot be unpacked/);
  writeFileSync(at('cut-ubyte'), idx.subarray(0, 17));
  await refused(() => loadExamples(at('cut-ubyte')), /cut-ubyte: IDX file: it has 17 bytes/);
  writeFileSync(at('text.png'), 'no image');
  await refused(() => loadExamples(at('text.png')), /text.png: image: its first bytes/);
  writeFileSync(at('lonely.f32'), new Uint8Array(8));
  await refused(() => loadExamples(at('lonely.f32')), /lonely.json: there is no such file/);
  mkdirSync(at('broken'));
  writeFileSync(at('broken', 'x.png'), png(5, 1).subarray(0, 40));
  await refused(() => loadExamples(at('broken')), /x.png: PNG image: it ends within a chunk/);
});

(process.platform === 'win32' ? test.skip : test)(
  'loadExamples refuses pipes and devices, which may never end',
  async () => {
    execFileSync('mkfifo', [at('pipe.csv')]);
    await refused(() => loadExamples(at('pipe.csv')), /neither a file nor a folder/);
    symlinkSync('/dev/zero', at('zeros.npy'));
    await refused(() => loadExamples(at('zeros.npy')), /neither a file nor a folder/);
  },
);

test('loadExamples says where it looked for a data set that is absent', async () => {
  for (const name of ['natural-images', 'olivetti', 'cifar10']) {
    await refused(
      () => loadExamples(name, { dataFolder: folder }),
      new RegExp(`^${name}: there is no ${folder}.*RHOHAT_DATA`),
    );
  }
  mkdirSync(at('cifar10'));
  await refused(() => loadExamples('cifar10', { dataFolder: folder }), /holds no .bin file/);
  writeFileSync(at('cifar10', 'data_batch_1.bin'), new Uint8Array(3073));
  writeFileSync(at('cifar10', 'data_batch_2.bin'), new Uint8Array(100));
  await refused(
    () => loadExamples('cifar10', { dataFolder: folder }),
    /data_batch_2.bin: CIFAR-10 file: it has 100 bytes/,
  );
  writeFileSync(at('cifar10', 'data_batch_2.bin'), new Uint8Array(2 * 3073));
  assert.equal((await loadExamples('cifar10', { dataFolder: folder }))[0].x.shape, [3, 3072]);
});

test('loadLabels refuses other names', async () => {
  await refused(() => loadLabels('olivetti'), /allowed are mnist, mnist-test/);
});

/** Name, images, numbers an image, unit. */
const dataSets: [string, number, number, number][] = [
  ['mnist', 60_000, 784, 255],
  ['mnist-test', 10_000, 784, 255],
  ['natural-images', 10, 512 * 512, 1],
  ['olivetti', 400, 4096, 255],
  ['cifar10', 8000, 3072, 255],
];
for (const [name, m, d, unit] of dataSets) {
  const run = dataFolder && existsSync(join(dataFolder, name.replace('-test', ''))) ? test : test.skip;
  run(`loadExamples reads ${name} (needs RHOHAT_DATA)`, async () => {
    const [examples, ...more] = await loadExamples(name);
    assert.equal([examples.x.shape, examples.unit, more.length], [[m, d], unit, 0]);
    assert.ok(examples.image);
  });
}

(dataFolder && existsSync(join(dataFolder, 'mnist')) ? test : test.skip)(
  'loadLabels reads the labels of mnist: as many of each digit as published (needs RHOHAT_DATA)',
  async () => {
    const labels = await loadLabels('mnist');
    const counts = Array(10).fill(0);
    for (const label of labels) counts[label]++;
    assert.equal(counts, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert.is((await loadLabels('mnist-test')).length, 10_000);
  },
);

test.run();
