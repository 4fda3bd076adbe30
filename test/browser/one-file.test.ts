import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as whole from '../../src/browser.ts';
import * as charts from '../../src/figures/charts.ts';
import * as figures from '../../src/figures/index.ts';
import { serveFolder } from '../consumers/site.ts';
import { blocksOf } from '../support/pages.ts';
import { findChromium, inChromium } from './chromium.ts';

// dist/rhohat.browser.js, the one file for pages without a bundler: the page of docs/guides/in-a-browser.md, word for word but for
// the CDN, whose place another origin takes here.

const FILE = 'rhohat.browser.js';
const GUIDE = 'docs/guides/in-a-browser.md';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const CDN = `https://cdn.jsdelivr.net/npm/rhohat@${version}/dist/`;
const SHARED = { 'access-control-allow-origin': '*' };
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const PATIENCE_MS = 60_000;

/** The page of the guide, with the file at another place. */
function guidePage(place: string): string {
  const blocks = blocksOf({ path: GUIDE, text: readFileSync(GUIDE, 'utf8') });
  const page = blocks.find(({ info, lines }) => info === 'html' && lines.some((line) => line.includes(FILE)));
  const text = page?.lines.join('\n') ?? '';
  assert.is(text.split(CDN).length, 3, `${GUIDE} does not load ${CDN}${FILE} in its page and in its worker`);
  return text.replaceAll(CDN, place);
}

let trained: Promise<string> | undefined;

/** What the page trains, here. */
function costHere(): Promise<string> {
  trained ??= train();
  return trained;
}

async function train(): Promise<string> {
  const { Autoencoder, deadLeaves, fit, prepare } = whole;
  const plan = {
    patches: { size: 8, count: 2000, seed: 1 },
    preprocessing: [{ kind: 'zca', epsilon: 0.1 }, { kind: 'cs294a' }],
  } as const;
  const { x } = prepare([deadLeaves({ images: 10, size: 128, seed: 1 })], plan, 'float32');
  const sparsity = { kind: 'kl', target: 0.05, weight: 3 } as const;
  const config = { inputs: 64, hidden: 25, seed: 1, weightDecay: 1e-4, sparsity };
  const model = await Autoencoder.create(config, { deterministic: true });
  return String((await fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 60 } })).cost);
}

/** The page on one server, the file on another, of another port and so of another origin. */
async function visit<T>(
  chromium: string,
  policy: (place: string) => string | undefined,
  headers: Readonly<Record<string, string>>,
  use: (page: Page, place: string) => Promise<T>,
): Promise<T> {
  const folder = 'build/one-file';
  const elsewhere = await serveFolder('dist', undefined, SHARED);
  const site = await serveFolder(folder, policy(elsewhere.url), headers);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/index.html`, guidePage(elsewhere.url));
    const seen = await inChromium(chromium, site.url, (page) => use(page, elsewhere.url));
    assert.equal(site.violations, []);
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    site.close();
    elsewhere.close();
  }
}

/** The two costs, once the page has them. */
async function costsOf(page: Page): Promise<(string | null)[]> {
  await page.waitForSelector('#worker:not(:empty)', { timeout: PATIENCE_MS });
  await page.screenshot({ path: 'build/browser/one-file.png', fullPage: true });
  return [await page.textContent('#page'), await page.textContent('#worker')];
}

const chromium = findChromium();
const browserTest = (name: string, run: (chromium: string) => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, () => run(chromium));
};
if (chromium === null) process.stderr.write('one file: skipped, there is no Chromium; CHROMIUM=path names one\n');

browserTest(
  'one file: from another origin it trains on the page and in a worker, to the bits of Node',
  async (found) => {
    const cost = await costHere();
    await visit(
      found,
      () => undefined,
      {},
      async (page, place) => {
        assert.equal(await costsOf(page), [cost, cost]);
        assert.ok(
          await page.evaluate(() => (document.querySelector('#features') as HTMLImageElement).naturalWidth > 100),
        );
        // Why the guide has a blob.
        const refused = await page.evaluate((url) => {
          try {
            new Worker(url, { type: 'module' });
            return 'taken';
          } catch (error) {
            return error instanceof Error ? error.name : String(error);
          }
        }, place + FILE);
        assert.is(refused, 'SecurityError');
      },
    );
  },
);

browserTest(
  'one file: the same in a cross-origin isolated page under the policy that the guide states',
  async (found) => {
    const policy = (place: string) =>
      `default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' ${new URL(place).origin}; worker-src blob: ${new URL(place).origin}; img-src blob:`;
    const cost = await costHere();
    await visit(found, policy, ISOLATED, async (page) => {
      assert.ok(await page.evaluate(() => globalThis.crossOriginIsolated));
      assert.equal(await costsOf(page), [cost, cost]);
    });
  },
);

test('one file: it loads nothing, and holds all that runs in pages but the charts', () => {
  const { metafile } = buildSync({
    entryPoints: [`dist/${FILE}`],
    bundle: true,
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const [{ imports, exports }] = Object.values(metafile.outputs);
  assert.equal(imports, []);
  assert.equal(Object.values(metafile.inputs)[0].imports, []);
  const drawn = Object.keys(figures).filter((name) => !(name in charts));
  assert.equal([...exports].sort(), Object.keys(whole).sort());
  for (const name of [...drawn, 'fit', 'readNpy', 'serve', 'trainInWorker']) assert.ok(exports.includes(name), name);
});

test.run();
