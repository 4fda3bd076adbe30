import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { withPage } from './browser.ts';
import { ourVite } from './bundlers.ts';
import { runInDeno } from './runtimes.ts';
import { run } from './shell.ts';
import { serveFolder } from './site.ts';
import type { Table } from './table.ts';
import { installed, toolFile, versionOf } from './tools.ts';

// The templates of examples/embed, with the packed library.

const templates = join(process.cwd(), 'examples/embed');
/** Rows of the templates; of --all those that take tools on top. Screenshots are left in build/embedded. */
export async function embeddedRows(table: Table, project: string, all: boolean): Promise<void> {
  mkdirSync('build/embedded', { recursive: true });
  await table.row('embed: plain page', () => plain(project));
  if (!all) return;
  const vites = [
    [versionOf('vite6'), () => toolFile('vite6', 'vite/bin/vite.js')],
    [versionOf('vite7'), () => toolFile('vite7', 'vite/bin/vite.js')],
    [ourVite(), () => join(process.cwd(), 'test/consumers/node_modules/vite/bin/vite.js')],
  ] as const;
  for (const [version, vite] of vites) {
    await table.row(`embed: React, Vite ${version}`, () => react(project, version, vite()));
  }
  await table.row('embed: notebook, Deno', () => notebook(project));
}

/** Light and wide, dark and narrow: tiles are drawn, Stop stops, and no worker is left. */
async function plain(project: string): Promise<string> {
  const folder = join(project, 'embed-plain');
  cpSync(join(templates, 'plain'), folder, { recursive: true });
  cpSync(join(project, 'node_modules/rhohat/dist/browser'), join(folder, 'rhohat'), { recursive: true });
  const site = await serveFolder(folder);
  const said: string[] = [];
  try {
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      const look = async (page: Page) => {
        page.on('pageerror', ({ stack }) => said.push(String(stack)));
        await page.goto(site.url);
        await waitFor(page, /^Step \d+ of 200/, 'output');
        const first = await drawn(page);
        await page.getByRole('button', { name: 'Stop' }).click();
        const text = await waitFor(page, /^Stopped\. Step/, 'output');
        await page.screenshot({ path: `build/embedded/plain-${width}-${colorScheme}.png`, fullPage: true });
        assertNone(await alive(page, 0), 'workers after Stop');
        assertNone(await overflow(page), 'pixels that the page is wider than the window');
        return `${first} shades at ${width}: ${text}`;
      };
      said.push(await withPage(look, { viewport: { width, height: 900 }, colorScheme }));
    }
  } finally {
    site.close();
  }
  return said.join('; ');
}

/**
 * Types, a build with React's development half, whose StrictMode mounts twice, and the page: a worker at a time, and none
 * once the component is gone.
 */
async function react(project: string, version: string, vite: string): Promise<string> {
  const folder = join(project, `embed-react-${version}`);
  cpSync(join(templates, 'react-vite'), folder, { recursive: true });
  symlinkSync(join(installed('react'), 'node_modules'), join(folder, 'node_modules'), 'junction');
  run(process.execPath, [join(process.cwd(), 'test/consumers/node_modules/typescript/bin/tsc')], folder);
  const args = [vite, 'build', '--mode', 'development', '--logLevel', 'error'];
  run(process.execPath, args, folder, { NODE_ENV: 'development' });
  const site = await serveFolder(join(folder, 'dist'));
  try {
    return await withPage(
      async (page) => {
        const errors: string[] = [];
        await page.addInitScript(countWorkers);
        const workers = async (expected: number) => [
          await page.evaluate(() => Reflect.get(window, 'started')),
          await alive(page, expected),
        ];
        page.on('pageerror', ({ message }) => errors.push(message));
        page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
        await page.goto(site.url);
        await waitFor(page, /^Step [1-9]\d* of 200/, 'figcaption');
        const counts = [await workers(1)];
        await drawn(page);
        await page.screenshot({ path: `build/embedded/react-${version}.png`, fullPage: true });
        await page.getByRole('button', { name: 'Seed 2' }).click();
        await page.getByRole('button', { name: 'Seed 3' }).waitFor();
        await waitFor(page, /^Step [1-9]\d* of 200/, 'figcaption'); // from the beginning
        counts.push(await workers(1));
        await page.getByRole('button', { name: 'Hide' }).click();
        counts.push(await workers(0));
        await page.getByRole('button', { name: 'Show' }).click();
        await waitFor(page, /^Step [1-9]\d* of 200/, 'figcaption');
        counts.push(await workers(1));
        if (errors.length > 0) throw new Error(errors.join('\n'));
        const found = JSON.stringify(counts);
        if (found !== '[[2,1],[3,1],[3,0],[5,1]]') throw new Error(`workers [started, alive]: ${found}`);
        return `workers [started, alive] ${found}`;
      },
      { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
    );
  } finally {
    site.close();
  }
}

/** In a page, before its scripts: one that ends as it begins is seen by nobody else. */
function countWorkers(): void {
  const Given = Worker;
  Reflect.set(window, 'started', 0);
  window.Worker = class extends Given {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      Reflect.set(window, 'started', Reflect.get(window, 'started') + 1);
    }
  };
}

/** Its cells one after another, with what Deno's kernel has beside Deno. */
function notebook(project: string): string {
  const { cells } = JSON.parse(readFileSync(join(templates, 'notebook.ipynb'), 'utf8'));
  const kernel = `
    const shown = [];
    const image = (png) => shown.push(['image', png]);
    const svg = ({ raw }, ...values) => shown.push(['svg', String.raw({ raw }, ...values)]);
    const kernel = { image, svg };`;
  const code = cells
    .filter(({ cell_type }: { cell_type: string }) => cell_type === 'code')
    .map(({ source }: { source: string[] }) => source.join('').replaceAll('Deno.jupyter', 'kernel'));
  const save = `
    for (const [i, [kind, what]] of shown.entries()) {
      if (kind === 'image') Deno.writeFileSync('notebook-' + i + '.png', what);
      else Deno.writeTextFileSync('notebook-' + i + '.svg', what);
    }
    console.log(shown.map(([kind, { length }]) => kind + ' ' + length).join(', '));`;
  writeFileSync(join(project, 'notebook.ts'), ['// @ts-nocheck', kernel, ...code, save].join('\n'));
  const said = runInDeno('notebook.ts', project);
  for (const file of ['notebook-0.png', 'notebook-1.png', 'notebook-2.svg']) {
    cpSync(join(project, file), join('build/embedded', file));
  }
  if (!/image \d{4,}, image \d{4,}, svg \d{4,}$/.test(said)) throw new Error(`the cells showed: ${said}`);
  return said.replaceAll('\n', '; ');
}

/** Waits until an element says what is expected. */
async function waitFor(page: Page, text: RegExp, element: string): Promise<string> {
  const found = page.locator(element).filter({ hasText: text });
  await found.waitFor({ timeout: 60_000 });
  return (await found.textContent()) ?? '';
}

/** How many workers the page has, once it is as expected or five seconds are over: the end of one is heard of later. */
async function alive(page: Page, expected: number): Promise<number> {
  for (let tries = 0; page.workers().length !== expected && tries < 100; tries++) await page.waitForTimeout(50);
  return page.workers().length;
}

/** How many shades the first canvas shows. @throws where it shows no picture. */
async function drawn(page: Page): Promise<number> {
  const shades = await page
    .locator('canvas')
    .first()
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {
        data: [],
      };
      return new Set(data).size;
    });
  if (shades < 50) throw new Error(`the canvas has ${shades} shades`);
  return shades;
}

/** By how many pixels the page is wider than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

function assertNone(count: number, what: string): void {
  if (count > 0) throw new Error(`${count} ${what}`);
}
