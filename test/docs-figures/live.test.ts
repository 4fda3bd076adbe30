import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findChromium } from '../browser/chromium.ts';

// A figure of the site in Chromium, under a policy without inline scripts, inline styles and code from strings.

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'";

const PAGE = `<!doctype html><meta charset="utf-8"><body>
<p><span class="figure" data-figure="kl-sparsity"><img src="/kl-sparsity.svg" alt="a still"></span></p>
<p><span class="figure" data-figure="l1-sparsity"><img src="/l1-sparsity.svg" alt="a still"></span></p>
<script type="module" src="/page.js"></script>`;

const SCRIPT = `
import { upgrade } from './live.ts';
const hosts = [...document.querySelectorAll('[data-figure]')];
globalThis.endings = await Promise.all(hosts.map(upgrade));
document.body.dataset.ready = 'yes';`;

/** The files of the page, by their paths. */
async function files(): Promise<Map<string, { type: string; text: string }>> {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: 'docs/site/figures', sourcefile: 'page.js' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: '/',
    entryNames: 'page',
    loader: { '.css': 'empty' },
    write: false,
    plugins: [
      {
        name: 'plain-arrays', // as .vitepress/figures.ts does
        setup: ({ onResolve, resolve }) =>
          onResolve({ filter: /\/ndarray\.ts$/ }, ({ path, resolveDir, kind }) =>
            resolve(path.replace('ndarray.ts', 'ndarray-plain.ts'), { resolveDir, kind }),
          ),
      },
    ],
  });
  const served = new Map(outputFiles.map(({ path, text }) => [path, { type: 'text/javascript', text }]));
  served.set('/favicon.ico', { type: 'image/x-icon', text: '' });
  served.set('/', { type: 'text/html', text: PAGE });
  for (const name of ['kl-sparsity', 'l1-sparsity']) {
    const text = readFileSync(`docs/derivation/figures/${name}.svg`, 'utf8');
    served.set(`/${name}.svg`, { type: 'image/svg+xml', text });
  }
  return served;
}

const executablePath = findChromium();
const liveTest = executablePath === null ? test.skip : test;
if (executablePath === null)
  process.stderr.write('live figures: skipped, there is no Chromium; CHROMIUM=path names one\n');

liveTest(
  'a figure becomes live, moves with the arrow keys, plays, and ends; without JavaScript the still is there',
  async () => {
    if (executablePath === null) return;
    const served = await files();
    const server = createServer((request, response) => {
      const file = served.get(request.url ?? '/');
      response.writeHead(file ? 200 : 404, {
        'content-security-policy': POLICY,
        'content-type': file?.type ?? 'text/plain',
      });
      response.end(file?.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
      const wrong: string[] = [];
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
      await page.goto(url);
      await page.waitForSelector('body[data-ready]', { timeout: 30_000 });
      const kl = page.locator('[data-figure="kl-sparsity"]');
      assert.is(await kl.locator('img').count(), 0);
      assert.is(await kl.locator('svg').first().getAttribute('role'), 'img');

      const rho = page.getByRole('slider', { name: 'target ρ', exact: true });
      const words = () => kl.locator('.figure-picture').innerText();
      assert.is(await rho.getAttribute('aria-valuetext'), 'ρ = 0.10');
      await rho.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(100);
      assert.is(await kl.locator('output').first().innerText(), '0.12');
      assert.match(await words(), /ρ = 0\.12/);
      assert.match(
        await words(),
        new RegExp(`KL = ${(0.12 * Math.log(0.3) + 0.88 * Math.log(0.88 / 0.6)).toFixed(4)}`),
      );
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowLeft');
      assert.is(await kl.locator('output').nth(1).innerText(), '0.39');
      await page.waitForTimeout(700);
      assert.match(await kl.locator('[aria-live="polite"]').innerText(), /^KL = 0\./);

      const l1 = page.locator('[data-figure="l1-sparsity"]');
      await page.getByRole('button', { name: 'play step' }).press('Enter');
      await page.waitForTimeout(1500);
      assert.ok(Number(await l1.locator('output').first().innerText()) > 7);

      await page.evaluate('endings.forEach((end) => end())');
      assert.is(await page.locator('[data-figure] img').count(), 2);
      assert.is(await page.locator('input').count(), 0);
      assert.equal(wrong, []);

      const plain = await browser.newPage({ javaScriptEnabled: false });
      await plain.goto(url);
      assert.is(await plain.locator('img[alt="a still"]').count(), 2);
      const { width } = (await plain.locator('img').first().boundingBox()) ?? { width: 0 };
      assert.is(width, 360);
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  },
);

test.run();
