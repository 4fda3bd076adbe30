import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from './find-browser.ts';

/** The browser that CHROMIUM names or the first on the PATH; null where there is none. */
export const findChromium = (): string | null =>
  findBrowser('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome', 'chrome']);

// It does not start as root with a sandbox, and asks for hosts of its maker's that a test has no use for.
const quiet = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'];

/** With WebGPU, on the software renderer that comes with it: the same on every machine. */
export const WITH_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
/** A page at http://page.test, which is neither https nor localhost, has none, nor have its workers. */
export const NOT_SECURE = ['--host-resolver-rules=MAP page.test 127.0.0.1'];

/** A browser of its own, with a new profile, for whoever closes it. */
export function launchChromium(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...quiet, ...flags] });
}

/** Opens a page in a browser of its own, with a new profile, until `use` is done. */
export async function inChromium<T>(
  executablePath: string,
  url: string,
  use: (page: Page) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const browser = await launchChromium(executablePath, flags);
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await use(page);
  } finally {
    await browser.close();
  }
}
