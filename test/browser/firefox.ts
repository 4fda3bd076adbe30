import puppeteer, { type Page } from 'puppeteer-core';
import { findBrowser } from './find-browser.ts';

/** The browser that FIREFOX names or the first on the PATH; null where there is none. */
export const findFirefox = (): string | null => findBrowser('FIREFOX', ['firefox-esr', 'firefox']);

/** Opens a page in a browser of its own, with a new profile, until `use` is done. By WebDriver BiDi, which every Firefox speaks. */
export async function inFirefox<T>(executablePath: string, url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await use(page);
  } finally {
    await browser.close();
  }
}

/**
 * Resolves when `holds` is true in the page. Puppeteer's own `waitForFunction` makes code of text in the page, which its
 * content security policy forbids: Firefox applies that since 140.12.
 */
export async function until<A>(page: Page, holds: (given: A) => boolean, given?: A): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await page.evaluate(holds as (given: unknown) => boolean, given))) {
    if (Date.now() > end) throw new Error(`waited in vain for ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
