import { readFileSync } from 'node:fs';
import type { Page, Worker } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type Runs, wordsOf } from '../../src/page/playground/engines.ts';
import { serializeModel } from '../../src/training/model-file.ts';
import { findChromium, inChromium, NOT_SECURE, WITH_WEBGPU } from '../browser/chromium.ts';
import { deny, destroy, watch } from '../browser/devices.ts';
import { built, served } from './served.ts';

// What trains in the playground: the processor, or the graphics card where the browser has WebGPU, and what the page says of it where
// there is none, or one is lost. Needs Chromium, whose software renderer stands for a graphics card.

const OUT = 'build/engines-test';
/** A software renderer takes long to compile the kernels. */
const PATIENCE_MS = 240_000;

/** Opens the playground; whatever its console complains of fails the test. */
async function open(address: string, flags: readonly string[], use: (page: Page) => Promise<void>): Promise<void> {
  const { url, close } = await served(OUT);
  const host = flags === NOT_SECURE ? 'page.test' : '127.0.0.1';
  const complaints: string[] = [];
  try {
    await inChromium(
      findChromium() as string,
      'about:blank',
      async (page) => {
        page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        page.setDefaultTimeout(PATIENCE_MS);
        await page.goto(url.replace('127.0.0.1', host) + address);
        await page.waitForSelector('#tiles button');
        await use(page);
      },
      flags,
    );
  } finally {
    close();
  }
  assert.equal(complaints, []);
}

const textOf = async (page: Page, selector: string) => (await page.textContent(selector)) ?? '';

/** Waits until the model has been seen to train from now on. */
async function trains(page: Page): Promise<void> {
  // A run that nobody touches rests after a while, which a slow machine needs for less.
  if ((await textOf(page, '#pause')) === 'Go on') await page.click('#pause');
  await page.evaluate(() => document.querySelector('#status')?.replaceChildren());
  await saying(page, '#status', /epoch [1-9].* cost \d.*examples/);
}

/** Chooses a radio button, and waits until it trains and the page says of what. */
async function choose(page: Page, group: string, value: string, says: RegExp): Promise<void> {
  await page.check(`input[name="${group}"][value="${value}"]`, { force: true });
  await trains(page);
  await saying(page, '#runs', says);
}

const saying = (page: Page, selector: string, says: RegExp) =>
  page.waitForFunction(
    ([own, source]) => new RegExp(source).test(document.querySelector(own)?.textContent ?? ''),
    [selector, says.source],
  );

const workerOf = (page: Page): Worker => page.workers()[0];

const chromium = findChromium();
if (chromium === null) process.stderr.write('engines: skipped, there is no Chromium; CHROMIUM=path names one\n');
const pageTest = (name: string, run: () => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, run);
};
if (chromium !== null) built(OUT);

pageTest('engines: a browser without WebGPU offers no choice, and a link that asks for one is told so', () =>
  open('#model=kl&units=9&engine=webgpu', NOT_SECURE, async (page) => {
    assert.not(await page.isVisible('#engines'));
    assert.match(await textOf(page, '#trouble'), 'lets no page use (it has no WebGPU): the processor trains');
    await trains(page);
    assert.not.match(await page.evaluate(() => location.hash), 'engine');
  }),
);

pageTest('engines: the processor is the default; where no card is found it trains, and the page says why', () =>
  open('#model=kl&units=9', [], async (page) => {
    assert.ok(await page.isVisible('#engines'));
    assert.ok(await page.isChecked('input[name="engine"][value="cpu"]'));
    assert.is(await textOf(page, '#runs'), 'The processor trains: simd kernels.');
    await workerOf(page).evaluate(deny);
    await choose(
      page,
      'engine',
      'webgpu',
      /^The processor trains: simd kernels\. Not the graphics card: WebGPU finds no adapter/,
    );
    await choose(page, 'engine', 'auto', /^The processor trains: .* Auto chose the processor: WebGPU finds no adapter/);
    assert.match(await page.evaluate(() => location.hash), 'engine=auto');
    await choose(page, 'engine', 'cpu', /^The processor trains: simd kernels\.$/);
    assert.not.match(await page.evaluate(() => location.hash), 'engine');
  }),
);

pageTest('engines: the card trains every kind of model, is named, and what it trained is proved and saved', () =>
  open('#model=kl&units=9', WITH_WEBGPU, async (page) => {
    const card = /^The graphics card trains \(google swiftshader.*\): webgpu kernels\.$/;
    await choose(page, 'engine', 'webgpu', card);
    for (const model of ['l1', 'k-sparse', 'top-k', 'denoising', 'contractive', 'deep']) {
      await choose(page, 'model', model, card);
      assert.is(await textOf(page, '#trouble'), '', model);
    }
    await page.focus('#slider-units');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await trains(page);
    assert.match(await textOf(page, '#runs'), card);
    await page.click('#prove');
    await page.waitForSelector('#verdict table');
    assert.match(await textOf(page, '#verdict'), 'The gradient is right');
    await page.click('#copy-code');
    await page.waitForFunction(() => (document.querySelector('#code') as HTMLTextAreaElement).value !== '');
    assert.match(await page.inputValue('#code'), "{ kernels: 'webgpu' }");
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
    await download.saveAs('build/engines.safetensors');
    assert.ok(readFileSync('build/engines.safetensors').length > 1000);
    await choose(
      page,
      'engine',
      'auto',
      /^The (graphics card|processor) trains.* A step took .* ms on the graphics card\./,
    );
  }),
);

pageTest('engines: a card that is lost is told, and training goes on: on a new one, then on the processor', () =>
  open('#model=kl&units=9', WITH_WEBGPU, async (page) => {
    await workerOf(page).evaluate(watch);
    await choose(page, 'engine', 'webgpu', /^The graphics card trains/);
    await workerOf(page).evaluate(destroy);
    await saying(page, '#trouble', /training goes on with what was kept of the model: the GPU was lost/);
    await saying(page, '#runs', /^The graphics card trains.*a new device runs/);
    await trains(page);
    await workerOf(page).evaluate(deny);
    await workerOf(page).evaluate(destroy);
    await saying(page, '#runs', /^The processor trains.*the processor runs/);
    await trains(page);
    await page.click('#pause'); // and at rest
    await page.waitForFunction(() => document.querySelector('#pause')?.textContent === 'Go on');
    await page.click('#pause');
    await trains(page);
  }),
);

pageTest('engines: a model in float64 says why no card trains it', () =>
  open('#model=kl&data=swiss-roll&engine=webgpu', WITH_WEBGPU, async (page) => {
    const model = await Autoencoder.create({ inputs: 3, hidden: 4, precision: 'float64' });
    const buffer = Buffer.from(await serializeModel(model));
    await page.setInputFiles('#load', { name: 'double.safetensors', mimeType: '', buffer });
    await saying(page, '#runs', /^The processor trains.*Not the graphics card: the model is in float64/);
    await trains(page);
  }),
);

const runs: Runs = { kernels: 'simd', device: 'cpu', adapter: null, chosen: null, note: null, instead: null };
const adapter = { vendor: 'nvidia', architecture: 'hopper', description: '' };

for (const [name, given, words] of [
  ['the processor', {}, 'The processor trains: simd kernels.'],
  [
    'a card',
    { kernels: 'webgpu', device: 'gpu', adapter },
    'The graphics card trains (nvidia hopper): webgpu kernels.',
  ],
  [
    'a card that nobody names',
    { kernels: 'webgpu', device: 'gpu', adapter: { vendor: '', architecture: '', description: '' } },
    'The graphics card trains: webgpu kernels.',
  ],
  [
    'the faster of two',
    { chosen: { by: 'auto', kernels: 'cpu', cpu: 1.234, gpu: 17.5, batchSize: 100 } },
    'The processor trains: simd kernels. A step took 1.2 ms on the processor, 18 ms on the graphics card.',
  ],
  [
    'one instead of another',
    { instead: 'there is none', note: 'that is so' },
    'The processor trains: simd kernels. Not the graphics card: there is none. That is so.',
  ],
] as const) {
  test(`engines: in words, ${name}`, () => assert.is(wordsOf({ ...runs, ...given }), words));
}

test.run();
