import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { configOf } from '../../src/page/playground/config-of.ts';
import { loadData } from '../../src/page/playground/data-sets.ts';
import { BATCH } from '../../src/page/playground/kernels-here.ts';
import { startOf } from '../../src/page/playground/settings.ts';
import { fit } from '../../src/training/fit.ts';
import { findChromium, inChromium } from '../../test/browser/chromium.ts';
import { built, served } from '../../test/page/served.ts';
import { publish } from '../harness/publish.ts';

// The playground in Chromium, nothing of it kept from visit to visit: when the first features are drawn, how long the
// longest frame takes while it trains, what it loads, and examples a second beside Node. Run by: npm run bench:page

const VISITS = 7;
const TRAINING_MS = 10_000;
const OUT = 'build/bench-page';

interface Visit {
  /** From navigation to the frame after the one in which tiles appear. */
  readonly firstTiles: number;
  readonly longestFrame: number;
  readonly longestTask: number;
  readonly frames: number;
  readonly examplesPerSecond: number;
  readonly files: readonly string[];
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs in the page before its scripts. */
function watch(): void {
  const seen = { firstTiles: 0, longestFrame: 0, longestTask: 0, frames: 0, last: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries())
      if (seen.firstTiles > 0 && startTime > seen.firstTiles) seen.longestTask = Math.max(seen.longestTask, duration);
  }).observe({ type: 'longtask', buffered: true });
  const frame = (now: number) => {
    if (seen.firstTiles > 0) {
      seen.longestFrame = Math.max(seen.longestFrame, now - seen.last);
      seen.frames++;
    } else if (document.querySelector('#tiles canvas')) seen.firstTiles = performance.now();
    seen.last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

async function visit(chromium: string, url: string): Promise<Visit> {
  return inChromium(chromium, 'about:blank', async (page) => {
    const files: string[] = [];
    page.on('response', (response) => files.push(response.url().slice(url.length)));
    await page.addInitScript(watch);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(url);
    await page.waitForSelector('#tiles canvas');
    await page.waitForTimeout(TRAINING_MS);
    const seen = await page.evaluate(
      () => (globalThis as unknown as { seen: Omit<Visit, 'files' | 'examplesPerSecond'> }).seen,
    );
    const speeds: number[] = [];
    for (let i = 0; i < 9; i++) {
      const text = (await page.textContent('#status')) ?? '';
      speeds.push(Number(/([\d,]+) examples/.exec(text)?.[1].replaceAll(',', '') ?? 0));
      await page.waitForTimeout(200);
    }
    return { ...seen, examplesPerSecond: median(speeds), files: files.filter((file) => !file.startsWith('data:')) };
  });
}

/** The same training in this process: examples a second over a few hundred epochs. */
async function inNode(): Promise<number> {
  const settings = startOf('kl');
  const data = await loadData(settings, { digits: async () => new Uint8Array(), own: null });
  const model = await Autoencoder.create(configOf(settings, data), { threads: 1, deterministic: true });
  const optimizer = { kind: 'adam', learningRate: settings.values.rate } as const;
  await fit(model, data.x, { optimizer, batchSize: BATCH, epochs: 50 });
  const begin = performance.now();
  const epochs = 300;
  await fit(model, data.x, { optimizer, batchSize: BATCH, epochs });
  return (1000 * epochs * data.x.shape[0]) / (performance.now() - begin);
}

const chromium = findChromium();
if (chromium === null) throw new Error('there is no Chromium: CHROMIUM=path names one');
built(OUT);
const { url, close } = await served(OUT);
const visits: Visit[] = [];
for (let i = 0; i < VISITS; i++) visits.push(await visit(chromium, url));
close();
const files = [...new Set(visits.flatMap((one) => one.files.map((file) => file.split('#')[0] || 'index.html')))];
const bytes = files.map((file) => readFileSync(`${OUT}/${file}`));
const sum = (of: (file: Buffer) => number) => bytes.reduce((total, file) => total + of(file), 0);
const of = (key: 'firstTiles' | 'longestFrame' | 'longestTask' | 'examplesPerSecond' | 'frames') =>
  visits.map((one) => one[key]);
const show = (what: string, values: number[], unit: string, more = '') => [
  ...[what, `${median(values).toFixed(0)}${unit}`],
  `${Math.min(...values).toFixed(0)} – ${Math.max(...values).toFixed(0)}${unit}${more}`,
];
const inNodeRate = (await inNode()).toFixed(0);
const loaded = [sum((file) => gzipSync(file).length), sum((file) => brotliCompressSync(file).length)];
publish('bench:page', 'page', {
  title: `The playground in Chromium: ${VISITS} visits, ${TRAINING_MS / 1000} s of training each`,
  checked: '',
  columns: ['what', 'median', 'from – to'],
  rows: [
    show('first features after navigation', of('firstTiles'), ' ms'),
    show('longest frame while it trains', of('longestFrame'), ' ms', `, of ${median(of('frames'))} frames`),
    show('longest task of the page; 0: none above 50 ms', of('longestTask'), ' ms'),
    show('examples a second, one thread', of('examplesPerSecond'), '', `; in Node ${inNodeRate}`),
    [
      `loaded, ${files.length} files`,
      `${sum((file) => file.length)} bytes`,
      `${loaded[0]} bytes gzip, ${loaded[1]} bytes brotli`,
    ],
  ],
  records: visits.map((one) => ({ ...one })),
});
