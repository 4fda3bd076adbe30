import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readRun } from '../../src/cli/run/run-data.ts';
import { gunzip } from '../../src/data/formats/gzip.ts';
import { readExamples } from '../../src/node/files.ts';
import { readBytes } from '../../src/node/read-bytes.ts';
import { openRunFolder } from '../../src/node/run-folder.ts';
import { loadExamples } from '../../src/node/sources.ts';
import { unpack } from '../../src/node/unpack.ts';
import { assertRefused } from '../support/errors.ts';
import { inTime, joined, refusesAll, text } from './nasty.ts';

/** A gzip file of one member, 1 GB of zeros: a block that ends flushed may be repeated. Its checksum is never reached. */
function bomb(): Uint8Array {
  const block = deflateRawSync(new Uint8Array(2 ** 26), { finishFlush: constants.Z_FULL_FLUSH });
  const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
  return joined(head, ...Array(16).fill(block), Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0x40));
}
const members = () => joined(...Array(16).fill(gzipSync(new Uint8Array(2 ** 26))));
const small = () => new Uint8Array(gzipSync(new Uint8Array(2 ** 25)));

for (const [name, read] of [
  ['gunzip', gunzip],
  ['unpack', unpack],
] as const) {
  // The limit is 128 times the file: what comes after is never unpacked.
  test(`${name} refuses bombs of 1 GB in one member and in sixteen, and one of 32 MB, within their limit`, async () => {
    for (const file of [bomb(), members(), small()]) {
      const limit = Math.max(2 ** 24, 128 * file.length);
      const message = new RegExp(`more than ${limit} bytes, the limit for ${file.length}`);
      await inTime(() => assertRefused(() => read(file, 2 ** 30), message), 3 * limit);
    }
  });
}

refusesAll(
  (bytes) => unpack(bytes, 2 ** 30),
  [
    [
      'gzip that announces 4 GB',
      () => joined(gzipSync(text('x')).subarray(0, -4), Uint8Array.of(255, 255, 255, 255)),
      /cannot be unpacked/,
    ],
    [
      'gzip with a name that never ends',
      () => joined(Uint8Array.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3), text('n'.repeat(1e6))),
      /cannot be unpacked/,
    ],
  ],
);

/** A folder that is gone afterwards. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-nasty-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('readExamples names the file, says what to do with .npz, and bounds the description of raw numbers', () =>
  inFolder(async (folder) => {
    const write = (name: string, content: Uint8Array | string) => writeFileSync(join(folder, name), content);
    write('a.npz', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
    await assertRefused(
      () => readExamples(join(folder, 'a.npz')),
      /a\.npz: .*it has no list of its members; it was cut/,
    );
    write('b.f32', new Uint8Array(4));
    write('b.json', new Uint8Array(2 ** 26 + 1));
    await assertRefused(() => readExamples(join(folder, 'b.f32')), /b\.json: it has 67108865 bytes: at most 67108864/);
    write('b.json', Uint8Array.of(0xff, 0xfe));
    await assertRefused(() => readExamples(join(folder, 'b.f32')), /b\.json: it is not UTF-8/);
    write('b.json', '\ufeff{"dtype":"float32","shape":[1]}');
    assert.equal((await readExamples(join(folder, 'b.f32'))).x.shape, [1, 1]);
    write('new\nline.npy', 'x');
    await assertRefused(() => readExamples(join(folder, 'new\nline.npy')), /new line\.npy: npy file: its first bytes/);
  }));

test('a config may begin with a byte order mark; pipes and devices are not read', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'run.json');
    writeFileSync(path, '\ufeff{"source":"x.csv","model":{"hidden":3}}');
    assert.is((await readRun(path)).source, 'x.csv');
    writeFileSync(path, '{"source":"x.csv","model":{"hidden":3,"hiden":4}}');
    await assertRefused(() => readRun(path), /run\.json: config\.hiden is not a known key/);
    if (process.platform === 'win32') return;
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const endless of [pipe, '/dev/zero']) {
      await assertRefused(() => readRun(endless), /neither a file nor a folder/);
      await assertRefused(() => readBytes(endless), /neither a file nor a folder/);
      await assertRefused(() => loadExamples(endless), /neither a file nor a folder/);
    }
    await assertRefused(() => readRun('a\0b'), /a b: .*null bytes|a b: there is no/);
  }));

test('a run folder takes plain file names alone', () =>
  inFolder(async (folder) => {
    mkdirSync(join(folder, 'inner'));
    for (const name of ['../out', '..', '.', '', 'a/b', 'a\\b', '/tmp/x', 'a\0b', 'C:x']) {
      const run = await openRunFolder(join(folder, 'inner', 'run'));
      await assertRefused(
        () =>
          run.commit(
            new Map([
              ['good.txt', 'x'],
              [name, 'y'],
            ]),
          ),
        /is no plain file name/,
      );
      await run.discard();
    }
    assert.equal(readdirSync(folder, { recursive: true }), ['inner']);
  }));

test.run();
