import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { trainingCurves } from '../../src/figures/curves.ts';
import { featureMap } from '../../src/figures/feature-map.ts';
import { flag } from '../../src/report/flagged.ts';
import { runReport } from '../../src/report/html/run-report.ts';
import { scoreReport } from '../../src/report/html/score-report.ts';
import type { MetricsLine } from '../../src/report/metrics-line.ts';
import { readSnapshot } from '../../src/report/read-snapshot.ts';
import type { RunAccount } from '../../src/report/run-account.ts';
import { findChromium } from '../browser/chromium.ts';
import { hostileTexts } from '../page/hostile-texts.ts';
import { linesOf, snapshotOf } from '../page/runs-made.ts';

// Texts that mean harm in every place of a report and of figures: nothing runs, nothing is asked of others, nothing breaks.

const texts = hostileTexts();
const at = (i: number) => texts[i % texts.length];
const some = (i: number, n: number) => Array.from({ length: n }, (_, j) => at(i + j));
const STRICT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const MOST_BYTES = 2e6;

const executablePath = findChromium();
if (executablePath === null)
  process.stderr.write('reports: not opened, there is no Chromium; CHROMIUM=path names one\n');

/** A run all of whose texts are hostile, from the i-th on. */
function account(i: number): RunAccount {
  const named = Object.fromEntries(some(i, 8).map((name, j) => [name, 1 + j]));
  const lines = linesOf(10, 300, { terms: named })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricsLine);
  return {
    folder: at(i),
    state: 'unfinished',
    says: at(i + 1),
    run: {
      source: at(i + 2),
      target: at(i + 3),
      data: { table: { columns: some(i + 4, 5).map((name) => name || 'x') } },
      model: { hidden: 16 },
      fit: {},
    },
    command: some(i, 12),
    summary: null,
    about: { examples: 9, read: at(i + 5), steps: 300, epochs: 3 },
    lines,
    snapshot: readSnapshot(snapshotOf({ columns: some(i, 20), units: 16, shown: 16, dead: 1, useIs: 'frequency' })),
  };
}

/** Scores all of whose texts are hostile. */
function scores(i: number) {
  const values = Float64Array.from({ length: 60 }, (_, k) => k / 7);
  const rows = Array.from({ length: 20 }, (_, k) => ({
    ...{ example: k, line: k + 2, id: at(i + k), score: values[59 - k], isFlagged: k < 3 },
    columns: [0, 1, 2].map((j) => ({ name: at(i + k + j), share: 0.3, left: 0.1, value: 1, expected: 2 })),
  }));
  const flagged = flag(values, { kind: 'share', share: 0.05 });
  return { model: at(i), source: at(i + 1), command: some(i, 9), scores: values, median: 4, flagged, rows };
}

test('every one of 500 texts stands in a report and does nothing there: no tag, no attribute of theirs, no request', async () => {
  const tags =
    'html head meta title style body header main section footer p h1 h2 dl div dt dd ul li pre code details summary';
  const more = 'table thead tbody tr th td b br span picture source img figure figcaption';
  const known = new Set(`${tags} ${more}`.split(' ').map((tag) => `<${tag}`));
  for (let i = 0; i < texts.length; i += 12) {
    for (const page of [await runReport(account(i)), await scoreReport(scores(i))]) {
      for (const tag of page.match(/<[a-zA-Z][a-zA-Z0-9]*/g) ?? []) assert.ok(known.has(tag), `${tag} at ${i}`);
      assert.not.match(page, /<script|<iframe|<base|<svg|<object|<embed|<a /i);
      assert.not.match(page.replace(/"[^"]*"/g, ''), /<[^>]* on[a-z]+=/i); // attributes without their values
      assert.is(page.match(/<meta/g)?.length, 5);
      assert.ok(Buffer.byteLength(page) < MOST_BYTES, `${Buffer.byteLength(page)} bytes`);
    }
  }
});

const opened = executablePath === null ? test.skip : test;
opened(
  'opened under a strict policy, wide and narrow: nothing runs, nothing is asked for, nothing is cut off',
  async () => {
    const pages = new Map<string, string>();
    const server = createServer(({ url = '' }, response) => {
      const body = pages.get(url);
      response.writeHead(body === undefined ? 404 : 200, {
        'Content-Type': 'text/html; charset=utf-8',
        ...(url.includes('strict') ? { 'Content-Security-Policy': STRICT } : {}),
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const requests: string[] = [];
      const faults: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith('data:')) requests.push(request.url());
      });
      page.on('console', (message) => faults.push(message.text()));
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('dialog', (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      for (let i = 0; i < texts.length; i += 25) {
        pages.set(`/run-${i}`, await runReport(account(i)));
        pages.set(`/strict-score-${i}`, await scoreReport(scores(i)));
        const wide = i % 50 === 0;
        await page.setViewportSize(wide ? { width: 1280, height: 800 } : { width: 390, height: 800 });
        for (const path of [`/run-${i}`, `/strict-score-${i}`]) {
          requests.length = 0;
          await page.goto(`${origin}${path}`);
          await unharmed(page);
          assert.equal(
            requests.filter((url) => !url.endsWith('favicon.ico')),
            [`${origin}${path}`],
          );
        }
      }
      assert.equal(
        faults.filter((text) => !text.includes('favicon')),
        [],
      );
    } finally {
      await browser.close();
      server.close();
    }
  },
);

async function unharmed(page: Page): Promise<void> {
  const seen = await page.evaluate(() => ({
    isHarmed: 'harmed' in globalThis || document.title.startsWith('harmed'),
    scripts: document.scripts.length,
    isStyled: getComputedStyle(document.querySelector('dl.numbers') as Element).display,
    broken: [...document.images].filter(({ complete, naturalWidth }) => !complete || naturalWidth === 0).length,
    pictures: document.images.length,
    isWide: document.documentElement.scrollWidth > innerWidth,
  }));
  assert.equal(
    { ...seen, pictures: seen.pictures > 0 },
    { isHarmed: false, scripts: 0, isStyled: 'grid', broken: 0, pictures: true, isWide: false },
  );
}

opened('figures with such texts, as files of their own: nothing runs, and they are XML', async () => {
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    for (let i = 0; i < texts.length; i += 10) {
      const columns = some(i, 10);
      const map = featureMap(
        matrix(
          Float32Array.from({ length: 40 }, (_, p) => Math.sin(p)),
          4,
          10,
        ),
        { columns, title: at(i) },
      );
      const terms = Object.fromEntries(columns.slice(0, 6).map((name, j) => [name, 1 + j]));
      const point = (step: number) => ({ step, cost: 30 / step, terms, validation: 1 });
      const curves = trainingCurves([point(1), point(2), point(3)], { title: at(i + 3), stepLabel: at(i + 4) });
      for (const svg of [map, curves]) {
        await page.setContent('<p></p>');
        const error = await page.evaluate((text) => {
          const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
          const [bad] = parsed.getElementsByTagName('parsererror');
          document.body.innerHTML = text; // as a page that inlines it
          return [
            bad?.textContent ?? '',
            document.querySelectorAll('script, iframe, [onload], [onerror], [onfocus]').length,
          ];
        }, svg);
        assert.equal(error, ['', 0], `${i}`);
      }
    }
    assert.not(await page.evaluate(() => 'harmed' in globalThis));
  } finally {
    await browser.close();
  }
});

test.run();
