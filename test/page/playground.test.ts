import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deadLeaves } from '../../src/data/generated/dead-leaves.ts';
import { encodePng } from '../../src/figures/picture.ts';
import { findChromium, inChromium } from '../browser/chromium.ts';
import { built, served, tensorsOf } from './served.ts';

// The playground in a real browser, under the policy that its page states: trained, changed, proved, broken, saved, loaded,
// by the keyboard alone; what it saves has the bits of the program for Node that it gives. Needs Chromium: CHROMIUM names it,
// or the PATH.

const OUT = 'build/playground-test';
/** Opens the playground; whatever its console complains of fails the test. */
async function open(address: string, use: (page: Page, url: string) => Promise<void>): Promise<void> {
  const { url, close } = await served(OUT);
  const complaints: string[] = [];
  try {
    await inChromium(findChromium() as string, 'about:blank', async (page) => {
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(url + address);
      await page.waitForSelector('#tiles button');
      await use(page, url);
    });
  } finally {
    close();
  }
  assert.equal(complaints, []);
}

/** Presses Tab until the element has the focus. */
async function reach(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    if (await page.evaluate((own) => document.activeElement?.matches(own) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not reached by the tab key`);
}

async function press(page: Page, selector: string, ...keys: string[]): Promise<void> {
  await reach(page, selector);
  for (const key of keys) await page.keyboard.press(key);
}

const textOf = async (page: Page, selector: string) => (await page.textContent(selector)) ?? '';
const epochOf = async (page: Page) => Number(/epoch (\d+)/.exec(await textOf(page, '#status'))?.[1] ?? 0);

async function trained(page: Page, epochs: number): Promise<void> {
  await page.waitForFunction(
    (least) => Number(/epoch (\d+)/.exec(document.querySelector('#status')?.textContent ?? '')?.[1] ?? 0) >= least,
    epochs,
  );
}

async function verdictOf(page: Page): Promise<string> {
  await page.waitForSelector('#verdict table');
  return textOf(page, '#verdict');
}

async function saved(page: Page, path: string): Promise<void> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, '#save', 'Enter')]);
  await download.saveAs(path);
}

async function audited(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

const chromium = findChromium();
if (chromium === null) process.stderr.write('playground: skipped, there is no Chromium; CHROMIUM=path names one\n');
const pageTest = (name: string, run: () => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, run);
};

if (chromium !== null) built(OUT);

for (const [width, scheme] of [
  [1280, 'light'],
  [390, 'dark'],
] as const) {
  pageTest(`playground: by the keyboard alone, ${width} pixels, ${scheme}`, () =>
    open('#data=dead-leaves&model=kl&units=16&seed=3', async (page, url) => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: scheme });
      await trained(page, 5);
      const narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      assert.ok(narrow, 'the page scrolls sideways');

      // A slider acts while it trains, and the address follows.
      const before = await epochOf(page);
      await press(page, '#slider-rho', 'ArrowRight', 'ArrowRight', 'ArrowRight');
      await page.waitForFunction(() => location.hash.includes('rho=0.08'));
      await press(page, '#slider-units', ...new Array(4).fill('ArrowRight'));
      await page.waitForFunction(() => document.querySelectorAll('#tiles button').length === 20);
      await trained(page, before + 3);

      // A unit's examples.
      await press(page, '#tiles button', 'ArrowRight', 'ArrowDown', 'Enter');
      await page.waitForSelector('#answers figure');
      assert.match(await textOf(page, '#inspected'), /Unit \d+ answers/);

      // Proved, and broken.
      await press(page, '#prove', 'Enter');
      assert.match(await verdictOf(page), 'The gradient is right');
      await page.evaluate(() => document.querySelector('#verdict')?.replaceChildren());
      await press(page, '#bug', 'ArrowDown'); // the second one
      await press(page, '#break', 'Enter');
      const broken = await verdictOf(page);
      assert.match(broken, 'The gradient is wrong');
      assert.match(broken, 'KL term outside f′. The check caught it');
      assert.match(broken, /decoder\.weight.*✓ right/);
      assert.match(broken, /encoder\.weight.*✗ wrong/);

      assert.equal(await audited(page), []);

      // The address leads back to the same settings.
      const address = await page.evaluate(() => location.hash);
      assert.match(address, /data=dead-leaves&model=kl&units=20&rho=0.08&beta=3&lambda=0.01&rate=0.01&whiten=1&seed=3/);
      const again = await (page.context().browser() as Browser).newPage();
      await again.goto(url + address);
      await again.waitForSelector('#tiles button');
      assert.is(await again.inputValue('#seed'), '3');
      assert.is(await again.evaluate(() => document.querySelectorAll('#tiles button').length), 20);
      assert.is(await textOf(again, '#slider-rho ~ output, output[for="slider-rho"]'), '0.08');
      await again.close();
    }),
  );
}

/** Runs the program that the page gives, in a folder of its own, and returns what it saved. */
async function inNode(page: Page, name: string, files: readonly string[]): Promise<string> {
  await page.evaluate(() => {
    Object.assign(document.querySelector('#code') ?? {}, { value: '' });
  });
  await press(page, '#copy-code', 'Enter');
  await page.waitForFunction(() => (document.querySelector('#code') as HTMLTextAreaElement).value !== '');
  const code = await page.inputValue('#code');
  const folder = join('build', 'playground-code', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(file, join(folder, file.split('/').pop() ?? ''));
  writeFileSync(join(folder, 'train.mjs'), code);
  execFileSync(process.execPath, ['train.mjs'], { cwd: folder });
  return join(folder, 'model.safetensors');
}

for (const [model, data] of [
  ['kl', 'dead-leaves'],
  ['denoising', 'digits'],
  ['top-k', 'dead-leaves'],
  ['deep', 'swiss-roll'],
]) {
  pageTest(`playground: ${model} on ${data} has the bits of its program for Node, changes included`, () =>
    open(`#data=${data}&model=${model}&units=12&k=3&seed=2`, async (page) => {
      await trained(page, 3);
      await press(page, '#slider-units', 'ArrowRight', 'ArrowRight');
      await trained(page, (await epochOf(page)) + 3);
      await press(page, '#slider-rate', 'ArrowLeft');
      await trained(page, (await epochOf(page)) + 3);
      await press(page, '#pause', 'Enter');
      await page.waitForFunction(() => document.querySelector('#pause')?.textContent === 'Go on');
      const path = `build/playground-code/${model}.safetensors`;
      await saved(page, path);
      const made = await inNode(page, model, data === 'digits' ? ['data/digits8x8/digits.csv.gz'] : []);
      assert.equal(tensorsOf(readFileSync(made)), tensorsOf(readFileSync(path)));

      // Loaded again it is the same model, and trains on.
      await page.setInputFiles('#load', path);
      await page.waitForFunction(() => document.querySelector('#pause')?.textContent === 'Pause');
      await trained(page, 3);
      assert.is(await textOf(page, 'output[for="slider-units"]'), '14');
      await press(page, '#pause', 'Enter');
      await page.waitForFunction(() => document.querySelector('#pause')?.textContent === 'Go on');
      const later = `build/playground-code/${model}-later.safetensors`;
      await saved(page, later);
      const on = join('build', 'playground-code', `${model}-on`);
      mkdirSync(on, { recursive: true });
      copyFileSync(path, join(on, 'model.safetensors'));
      const files = [join(on, 'model.safetensors'), ...(data === 'digits' ? ['data/digits8x8/digits.csv.gz'] : [])];
      assert.equal(
        tensorsOf(readFileSync(await inNode(page, `${model}-again`, files))),
        tensorsOf(readFileSync(later)),
      );
    }),
  );
}

pageTest('playground: images and a table of one’s own, and files that are none', () =>
  open('#model=k-sparse&units=16&k=3', async (page) => {
    const { x, image } = deadLeaves({ images: 1, size: 64, seed: 7 });
    assert.ok(image);
    const picture = { width: 64, height: 64, channels: 1 as const, data: Uint8Array.from(x.data, (v) => 255 * v) };
    await page.setInputFiles('#files', {
      name: 'leaves.png',
      mimeType: 'image/png',
      buffer: Buffer.from(encodePng(picture)),
    });
    await page.waitForFunction(() => location.hash.includes('data=own'));
    await trained(page, 3);
    assert.is(await page.evaluate(() => document.querySelector<HTMLCanvasElement>('#tiles canvas')?.width), 4 * 8);

    const rows = Array.from({ length: 60 }, (_, i) => [i % 7, Math.sin(i), (i * i) % 11].join(',')).join('\n');
    await page.setInputFiles('#files', {
      name: 'mine.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`a,b,c\n${rows}\n`),
    });
    await page.waitForFunction(() => document.querySelector<HTMLCanvasElement>('#tiles canvas')?.height === 8);
    await trained(page, 3);
    assert.not(await page.isVisible('#whitening'), 'tables are not whitened');
    assert.match(await textOf(page, '#about-features'), 'on a, b, c');

    // Rows of many columns are seen, and keep to a telephone's width.
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = Array.from({ length: 50 }, (_, i) => Array.from({ length: 200 }, (_, j) => Math.sin(i * j)).join(','));
    await page.setInputFiles('#files', {
      name: 'wide.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(wide.join('\n')),
    });
    await page.waitForFunction(() => document.querySelector<HTMLCanvasElement>('#tiles canvas')?.width === 200);
    await page.click('#tiles button');
    await page.waitForSelector('#answers');
    const box = await page.locator('#tiles button').first().boundingBox();
    assert.ok(box !== null && box.height > 6, `a tile is ${box?.height} pixels high`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'scrolls sideways');

    for (const [name, mimeType, text, says] of [
      ['bad.csv', 'text/csv', 'a,b\n1,x\n', /line 2/],
      ['no.png', 'image/png', 'no image', /no\.png is no image/],
      ['some.zip', 'application/zip', 'PK', /some\.zip was given: give images/],
      ['empty.csv', 'text/csv', '', /CSV/],
    ] as const) {
      const before = await epochOf(page);
      await page.setInputFiles('#files', { name, mimeType, buffer: Buffer.from(text) });
      await page.waitForSelector('#trouble:not([hidden])');
      assert.match(await textOf(page, '#trouble'), says);
      await trained(page, before + 1); // what trained before trains on
    }
    await page.setInputFiles('#load', { name: 'x.safetensors', mimeType: '', buffer: Buffer.from('12345678{}') });
    await page.waitForFunction(() => /safetensors/.test(document.querySelector('#trouble')?.textContent ?? ''));
  }),
);

pageTest('playground: a link to data of somebody’s own says so, and trains what is there', () =>
  open('#data=own&model=k-sparse&units=16&k=3', async (page) => {
    assert.match(await textOf(page, '#trouble'), 'data of somebody’s own');
    await trained(page, 2);
    assert.match(await page.evaluate(() => location.hash), 'data=dead-leaves&model=k-sparse&units=16&k=3');
  }),
);

pageTest('playground: an address that makes no sense is said, and trains what it begins with', () =>
  open('#data=cats&model=kl&rho=7&units=1e9&seed=-1', async (page) => {
    const said = await textOf(page, '#trouble');
    for (const part of ['data is cats', 'rho is 7', 'units is 1e9', 'seed is -1']) assert.match(said, part);
    await trained(page, 2);
  }),
);

test.run();
