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
