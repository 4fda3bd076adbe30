import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { download, type Fetch } from '../../src/node/download.ts';
import { mnistPath, published } from '../../src/node/mnist.ts';
import { loadExamples, loadLabels } from '../../src/node/sources.ts';
import { dataFolder, refused } from '../data/refused.ts';

const file = 't10k-labels-idx1-ubyte.gz';
let folder = '';

test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-mnist-'));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

/** A server that answers every request with `bytes`; `asked` collects the addresses. */
function serving(bytes: Uint8Array, status = 200): { fetch: Fetch; asked: string[] } {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    asked.push(url);
    return { ok: status === 200, status, arrayBuffer: async () => new Uint8Array(bytes).buffer };
  };
  return { fetch, asked };
}

test('download writes a verified file and leaves nothing else behind', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const { fetch, asked } = serving(bytes);
  const md5 = createHash('md5').update(bytes).digest('hex');
  const path = join(folder, 'new', 'x.gz');
  await download({ url: 'https://example.org/x.gz', md5 }, path, fetch);
  assert.equal(asked, ['https://example.org/x.gz']);
  assert.equal(new Uint8Array(readFileSync(path)), bytes);
  assert.equal(readdirSync(join(folder, 'new')), ['x.gz']);
});

test('download refuses other content, error answers and lost connections, and writes nothing', async () => {
  const path = join(folder, 'x.gz');
  const wanted = { url: 'https://example.org/x.gz', md5: '0'.repeat(32) };
  await refused(
    () => download(wanted, path, serving(Uint8Array.of(1)).fetch),
    /its md5 is 55a54008ad1ba589aa210d2629c1df41/,
  );
  await refused(() => download(wanted, path, serving(Uint8Array.of(1), 404).fetch), /the server answered 404/);
  const lost: Fetch = () =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
  await refused(() => download(wanted, path, lost), /cannot be downloaded \(getaddrinfo ENOTFOUND\)/);
  assert.equal(readdirSync(folder), []);
});

test('download says when the place cannot be written', async () => {
  writeFileSync(join(folder, 'file'), '');
  const bytes = Uint8Array.of(1);
  const md5 = createHash('md5').update(bytes).digest('hex');
  const path = join(folder, 'file', 'x.gz');
  await refused(() => download({ url: 'u', md5 }, path, serving(bytes).fetch), /x.gz cannot be written/);
});

test('mnistPath prefers the data folder, then the cache, and asks the network for neither', async () => {
  const { fetch, asked } = serving(new Uint8Array(0));
  const cacheFolder = join(folder, 'cache');
  mkdirSync(cacheFolder);
  writeFileSync(join(cacheFolder, file), '');
  assert.is(await mnistPath(file, { dataFolder: folder, cacheFolder, fetch }), join(cacheFolder, file));
  mkdirSync(join(folder, 'mnist'));
  writeFileSync(join(folder, 'mnist', file), '');
  assert.is(await mnistPath(file, { dataFolder: folder, cacheFolder, fetch }), join(folder, 'mnist', file));
  assert.equal(asked, []);
});

test('mnistPath sees unpacked files, other names of theirs, and the folders of torchvision', async () => {
  const { fetch, asked } = serving(new Uint8Array(0));
  for (const [n, path] of [
    'mnist/t10k-labels-idx1-ubyte',
    'mnist/t10k-labels.idx1-ubyte',
    'MNIST/raw/t10k-labels-idx1-ubyte',
    'MNIST/raw/t10k-labels-idx1-ubyte.gz',
    't10k-labels.idx1-ubyte.gz',
    'mnist/t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte',
  ].entries()) {
    const own = join(folder, `${n}`);
    mkdirSync(join(own, path, '..'), { recursive: true });
    writeFileSync(join(own, path), '');
    const places = { dataFolder: own, cacheFolder: join(own, 'cache'), fetch };
    assert.is(await mnistPath(file, places), join(own, path));
  }
  mkdirSync(join(folder, 'cache'));
  writeFileSync(join(folder, 'cache', 't10k-labels-idx1-ubyte'), '');
  const cached = { dataFolder: undefined, cacheFolder: join(folder, 'cache'), fetch };
  assert.is(await mnistPath(file, cached), join(folder, 'cache', 't10k-labels-idx1-ubyte'));
  assert.equal(asked, []);
});

test('mnist is read from unpacked files, images and labels, and dark ones are pixels too', async () => {
  const raw = join(folder, 'MNIST', 'raw');
  mkdirSync(raw, { recursive: true });
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 1, 0, 1, 1, 0, 0);
  writeFileSync(join(raw, 't10k-images-idx3-ubyte'), images);
  writeFileSync(join(raw, 't10k-labels-idx1-ubyte'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 2));
  const [{ x, unit, notes }] = await loadExamples('mnist-test', { dataFolder: folder });
  assert.equal([x.shape, unit, notes], [[2, 4], 255, undefined]);
  assert.equal(Array.from(await loadLabels('mnist-test', { dataFolder: folder })), [7, 2]);
});

test('mnistPath names both ways to provide the files when there is no network', async () => {
  const fetch: Fetch = () => Promise.reject(new Error('no network'));
  const cacheFolder = join(folder, 'cache');
  await refused(
    () => loadExamples('mnist', { dataFolder: folder, cacheFolder, fetch }),
    new RegExp(
      `^mnist: https://storage.googleapis.com/.*no network.*MNIST/raw/ of ${folder}: put .* there, or into ${cacheFolder}$`,
    ),
  );
  await refused(
    () => mnistPath(file, { dataFolder: undefined, cacheFolder, fetch }),
    new RegExp(`set RHOHAT_DATA to .*, or put .* into ${cacheFolder}$`),
  );
  assert.is(existsSync(cacheFolder), false);
});

(dataFolder && existsSync(join(dataFolder, 'mnist', file)) ? test : test.skip)(
  'mnistPath downloads a file once, verified by its published md5 (needs RHOHAT_DATA)',
  async () => {
    const bytes = new Uint8Array(readFileSync(join(dataFolder ?? '', 'mnist', file)));
    const { fetch, asked } = serving(bytes);
    const places = { dataFolder: undefined, cacheFolder: join(folder, 'cache'), fetch };
    for (let i = 0; i < 2; i++) assert.is(await mnistPath(file, places), join(folder, 'cache', file));
    assert.equal(asked, [published(file).url]);
    const damaged = bytes.slice();
    damaged[100] ^= 1;
    const elsewhere = { ...places, cacheFolder: join(folder, 'other'), fetch: serving(damaged).fetch };
    await refused(() => mnistPath(file, elsewhere), /md5 is .*, the published one is ec29112d/);
  },
);

test.run();
