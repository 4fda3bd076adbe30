import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium, WITH_WEBGPU } from '../browser/chromium.ts';
import { NotHere } from './table.ts';

/** What a page or a worker writes: see projects/page/work.mjs. */
export interface Answer {
  readonly cost?: number;
  readonly workerCost?: number;
  readonly kernels?: string;
  readonly note?: string | null;
  readonly error?: string;
}

const ANSWER_MS = 60_000;
/** What a page says once a script of it failed, or did not load, may still come. */
const AFTER_ERROR_MS = 3_000;
// It does not start as root with a sandbox, and asks for hosts of its maker's that a test has no use for.
const quiet = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'];

let shared: Promise<Browser> | undefined;

function program(): string {
  const found = findChromium();
  if (found === null) throw new NotHere('no Chromium here');
  return found;
}

/** What a page has in its title, within so many milliseconds. */
export async function answerOf(url: string, within = ANSWER_MS): Promise<Answer> {
  return withPage((page) => titleOf(page, url, within));
}

/** A new page, in a context of its own of a browser that all rows share. */
export async function withPage<T>(use: (page: Page) => Promise<T>, options: BrowserContextOptions = {}): Promise<T> {
  const executablePath = program();
  shared ??= chromium.launch({ executablePath, args: [...quiet, ...WITH_WEBGPU] });
  const context = await (await shared).newContext(options);
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** The same of a page of an extension, for which Chromium is started anew. */
export async function answerOfExtension(folder: string, url: string): Promise<Answer> {
  const executablePath = program();
  const profile = mkdtempSync(join(tmpdir(), 'rhohat-profile-'));
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: false, // its old headless mode, which this would choose, knows no extensions
      args: [
        ...quiet,
        '--headless=new',
        `--disable-extensions-except=${folder}`,
        `--load-extension=${folder}`,
        '--disable-features=DisableLoadExtensionCommandLineSwitch',
      ],
    });
    return await titleOf(await context.newPage(), url);
  } finally {
    await context?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

export async function closeBrowser(): Promise<void> {
  await (await shared)?.close();
}

/** Waits until the title is an answer. Asks by and by: to wait in the page would take `eval`, which policies refuse. */
async function titleOf(page: Page, url: string, within = ANSWER_MS): Promise<Answer> {
  const said: string[] = [];
  let until = performance.now() + within;
  const failed = (what: string) => {
    said.push(what);
    until = Math.min(until, performance.now() + AFTER_ERROR_MS);
  };
  page.on('pageerror', ({ message, stack }) => failed(stack ?? message));
  page.on('requestfailed', (request) => failed(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(message.text());
  });
  await page.goto(url);
  while (performance.now() < until) {
    const title = await page.title();
    if (title.startsWith('{')) {
      const answer: Answer = JSON.parse(title);
      if (answer.error === undefined) return answer;
      throw new Error([answer.error, ...said].join('\n'));
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`no answer; the page said: ${said.join('\n') || 'nothing'}`);
}
