import { chromium, type Page } from 'playwright-core';
import { findBrowser } from './find-browser.ts';

/** The browser that CHROMIUM names or the first on the PATH; null where there is none. */
export const findChromium = (): string | null =>
  findBrowser('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome', 'chrome']);

// It does not start as root with a sandbox, and asks for hosts of its maker's that a test has no use for.
const quiet = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'];

/** Opens a page in a browser of its own, with a new profile, until `use` is done. */
export async function inChromium<T>(executablePath: string, url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: quiet });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await use(page);
  } finally {
    await browser.close();
  }
}
