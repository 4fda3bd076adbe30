import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { findChromium, inChromium } from '../browser/chromium.ts';
import { RunsServer, type ServedRun } from './runs-server.ts';

/** Opens the page of runs that a server has; whatever its console complains of, but that the server is gone, fails the test. */
export async function watched(
  folder: string,
  runs: ServedRun[],
  use: (page: Page, server: RunsServer) => Promise<void>,
  { width = 1280, scheme = 'light' as 'light' | 'dark' } = {},
): Promise<void> {
  const server = new RunsServer(folder, runs);
  const url = await server.start();
  const complaints: string[] = [];
  try {
    await inChromium(findChromium() as string, 'about:blank', async (page) => {
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(url);
      await page.waitForSelector('#runs:not([hidden])');
      await use(page, server);
    });
  } finally {
    await server.stop();
  }
  assert.equal(
    complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')),
    [],
  );
}

export const textOf = async (page: Page, selector: string) => (await page.textContent(selector)) ?? '';

/** Waits until an element has a text. */
export async function says(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    ([own, part]) => document.querySelector(own)?.textContent?.includes(part) ?? false,
    [selector, text],
    { timeout: 15_000 },
  );
}

/** What keeps people from using the page: serious and critical ones; text that is smaller than 11 pixels; scrolling sideways. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`);
  const layout = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
    const small = [...document.body.querySelectorAll('*')]
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 11)
      .map((element) => `text below 11 pixels: ${element.outerHTML.slice(0, 80)}`);
    return [...wide, ...small];
  });
  return [...found, ...layout];
}

/** Red, green, blue and opacity of a pixel of a canvas. */
export async function pixel(page: Page, selector: string, x: number, y: number): Promise<number[]> {
  return page.evaluate(
    ([own, left, top]) => {
      const canvas = document.querySelector(own as string) as HTMLCanvasElement;
      return [...(canvas.getContext('2d')?.getImageData(Number(left), Number(top), 1, 1).data ?? [])];
    },
    [selector, x, y] as const,
  );
}
