import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findFirefox, inFirefox, until } from '../browser/firefox.ts';
import { built, served, tensorsOf } from './served.ts';

// The playground in Firefox: trains, changes, proves, and has the bits of its program for Node, whitening included. Needs
// Firefox: FIREFOX names it, or the PATH.

const OUT = 'build/playground-firefox';

async function press(page: Page, selector: string, key: 'Enter' | 'ArrowRight'): Promise<void> {
  await page.focus(selector);
  await page.keyboard.press(key);
}

/** The file that the next save gives, as hexadecimal. */
async function saved(page: Page): Promise<Uint8Array> {
  await page.evaluate(() => {
    const url = URL.createObjectURL;
    URL.createObjectURL = (blob: Blob) => {
      Object.assign(globalThis, { blob });
      return url.call(URL, blob);
    };
  });
  await press(page, '#save', 'Enter');
  await until(page, () => 'blob' in globalThis);
  const hex = await page.evaluate(async () => {
    const { blob } = globalThis as unknown as { blob: Blob };
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  return Buffer.from(hex, 'hex');
}

const firefox = findFirefox();
if (firefox === null) {
  process.stderr.write('playground in Firefox: skipped, there is none; FIREFOX=path names one\n');
  test.skip('playground: Firefox trains to the bits of Node');
} else {
  test('playground: Firefox trains to the bits of Node', async () => {
    built(OUT);
    const { url, close } = await served(OUT);
    const complaints: string[] = [];
    const address = `${url}#data=dead-leaves&model=kl&units=16&seed=3`;
    try {
      await inFirefox(firefox, 'about:blank', async (page) => {
        page.on('pageerror', (error) => complaints.push(String(error)));
        await page.goto(address);
        const epochs = (least: number) =>
          until(
            page,
            (n) => Number(/epoch (\d+)/.exec(document.querySelector('#status')?.textContent ?? '')?.[1] ?? 0) >= n,
            least,
          );
        await epochs(5);
        await press(page, '#slider-units', 'ArrowRight');
        await until(page, () => document.querySelectorAll('#tiles button').length === 17);
        await press(page, '#prove', 'Enter');
        await until(page, () => document.querySelector('#verdict table') !== null);
        assert.match(await page.$eval('#verdict', (element) => element.textContent ?? ''), 'The gradient is right');
        await press(page, '#pause', 'Enter');
        await until(page, () => document.querySelector('#pause')?.textContent === 'Go on');
        await press(page, '#copy-code', 'Enter');
        await until(page, () => (document.querySelector('#code') as HTMLTextAreaElement).value !== '');
        const folder = 'build/playground-code/firefox';
        mkdirSync(folder, { recursive: true });
        writeFileSync(`${folder}/train.mjs`, await page.$eval('#code', (code) => (code as HTMLTextAreaElement).value));
        const model = await saved(page); // last: Firefox's own list of downloads takes the focus
        execFileSync(process.execPath, ['train.mjs'], { cwd: folder });
        assert.equal(tensorsOf(readFileSync(`${folder}/model.safetensors`)), tensorsOf(model));
      });
    } finally {
      close();
    }
    assert.equal(complaints, []);
  });
}

test.run();
