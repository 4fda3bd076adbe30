import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { shortNumber } from '../../src/figures/ticks.ts';
import { findChromium } from '../browser/chromium.ts';
import { linesOf, snapshotOf, viewOf } from './runs-made.ts';
import { faults, pixel, says, textOf, watched } from './runs-open.ts';
import { builtRuns, type ServedRun } from './runs-server.ts';

// The page of runs in a real browser, under the policy that its server sends: a run that grows, goes on from an earlier step, ends,
// and whose server goes; several runs; tables, colours. Needs Chromium: CHROMIUM names it, or the PATH.

const OUT = 'build/runs-test';
const chromium = findChromium();
if (chromium === null) process.stderr.write('page of runs: skipped, there is no Chromium; CHROMIUM=path names one\n');
const pageTest = (name: string, run: () => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, run);
};
if (chromium !== null) builtRuns(OUT);

const running = (): ServedRun => ({ view: viewOf(), text: linesOf(10, 300), snapshot: snapshotOf({ step: 300 }) });
const fact = (page: Page, name: string) =>
  page.evaluate((own) => {
    const term = [...document.querySelectorAll('#facts dt')].find(({ textContent }) => textContent === own);
    return term?.nextElementSibling?.textContent ?? '';
  }, name);

pageTest('a run that grows, goes on from an earlier step, ends, and whose server goes', () => {
  const run = running();
  return watched(OUT, [run], async (page, server) => {
    assert.is(await textOf(page, '#name'), 'mnist-kl');
    assert.match(await textOf(page, '#says'), 'runningIt trains now.');
    assert.is(await fact(page, 'step'), '300 of 2,000');
    assert.is(await fact(page, 'epoch'), '3 of 20');
    assert.is(await fact(page, 'left, about'), '2 min 50 s');
    assert.match(
      await textOf(page, '#about-features'),
      'the 144 most used of 196 units, by mean activation ρ̂, after step 300',
    );
    assert.is(await page.isVisible('#report'), false);

    // It grows; a line that is not whole yet is not asked for again.
    run.text += linesOf(310, 400);
    run.snapshot = snapshotOf({ step: 400, dead: 20 });
    await says(page, '#facts', '400 of 2,000');
    await says(page, '#about-features', 'after step 400, 20 dead ones grey at the end');
    assert.match(await textOf(page, '#cost-legend'), `J ${shortNumber(JSON.parse(linesOf(400, 400)).cost)}`);
    assert.match(await page.title(), '20% · mnist-kl');

    // Taken up from an earlier checkpoint, the file is shorter.
    run.text = linesOf(10, 100);
    await says(page, '#facts', '100 of 2,000');
    run.text += linesOf(110, 350);
    await says(page, '#facts', '350 of 2,000');

    // A line that makes no sense is counted, and the others are read.
    run.text += `{"half":\nnull\n${linesOf(360, 360)}`;
    await says(page, '#facts', 'lines that make no sense2');

    // It ends: the last lines and its last picture are read, and then it asks seldom.
    run.text += linesOf(370, 2000);
    run.snapshot = snapshotOf({ step: 2000 });
    run.view = viewOf({ state: 'finished', says: 'It is done.', hasReport: true });
    await says(page, '#says', 'finishedIt is done.');
    await says(page, '#about-features', 'after step 2,000');
    assert.is(await page.getAttribute('#report a', 'href'), './runs/0/report.html');
    await page.waitForTimeout(2000);
    const before = server.asked.length;
    await page.waitForTimeout(3000);
    assert.ok(server.asked.length - before <= 1, `${server.asked.length - before} requests in 3 s`);

    // The server goes, as it does when a run ends; then it is there again, with the run gone on with.
    await server.stop();
    await says(page, '#answer', 'the run has ended, this page shows its last state');
    assert.is(await fact(page, 'step'), '2,000 of 2,000');
    run.view = viewOf({ steps: 4000, epochs: 40 });
    run.text += linesOf(2010, 2100);
    await server.start();
    await says(page, '#facts', '2,100 of 4,000');
    assert.is(await textOf(page, '#answer'), '');
    await server.stop();
    await page.waitForFunction(() =>
      /no answer since \d\d:\d\d:\d\d/.test(document.querySelector('#answer')?.textContent ?? ''),
    );
    assert.is(await fact(page, 'step'), '2,100 of 4,000');
  });
});

pageTest('curves: values under the cursor, by pointer and by keys; a curve is taken away; epochs or steps', () =>
  watched(OUT, [{ ...running(), text: linesOf(10, 1000) }], async (page) => {
    const now = await textOf(page, '#cost-legend');
    await page.hover('#cost .u-over', { position: { x: 20, y: 60 } });
    await says(page, '#cost-legend', 'at epoch 0.');
    assert.is.not((await textOf(page, '#cost-legend')).split('reconstruction')[0], now.split('reconstruction')[0]);
    await page.mouse.move(0, 0);
    await page.focus('#cost');
    for (let i = 0; i < 25; i++) await page.keyboard.press('ArrowLeft');
    await says(page, '#cost-legend', 'at epoch 5');
    await page.focus('#over');
    await says(page, '#cost-legend', now);
    await page.selectOption('#over', 'step');
    await page.focus('#cost');
    await page.keyboard.press('Home');
    await says(page, '#cost-legend', 'at step 10');
    const curves = () => page.evaluate(() => document.querySelector('#cost')?.getAttribute('aria-label') ?? '');
    assert.match(await curves(), 'sparsity');
    await page.click('#cost-legend button:has-text("sparsity")');
    assert.not.match(await curves(), 'sparsity');
    assert.is(await page.getAttribute('#cost-legend button:has-text("sparsity")', 'aria-pressed'), 'false');
    assert.is(await page.locator('#measures h3').count(), 5);
  }),
);

pageTest('a page that nobody sees asks seldom, and at once when it is seen', () => {
  const run = running();
  return watched(OUT, [run], async (page, server) => {
    const see = (state: 'hidden' | 'visible') =>
      page.evaluate((own) => {
        Object.defineProperty(document, 'visibilityState', { value: own, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await says(page, '#facts', '300 of 2,000');
    await see('hidden');
    await page.waitForTimeout(1500);
    const before = server.asked.filter((path) => path === './runs.json').length;
    await page.waitForTimeout(3000);
    const asked = server.asked.filter((path) => path === './runs.json').length - before;
    assert.ok(asked <= 1, `asked ${asked} times in 3 s`);
    run.text += linesOf(310, 400);
    await see('visible');
    await page.waitForFunction(() => document.querySelector('#facts')?.textContent?.includes('400 of 2,000'), null, {
      timeout: 3000,
    });
  });
});

const three = (): ServedRun[] =>
  ['A', 'B', 'C'].map((name, i) => ({
    view: viewOf({
      ...{ name, folder: `/runs/${name}`, state: i === 0 ? 'running' : 'finished' },
      settings: { seed: '1', 'model.sparsity.weight': `${i}`, ...(i === 2 ? { whiten: 'yes' } : {}) },
      results: i === 0 ? {} : { 'explained variance': `0.8${i}` },
    }),
    text: linesOf(10, i === 0 ? 500 : 2000, { level: 1 + i }),
    snapshot: snapshotOf({ units: 16_384, dead: i, useIs: 'frequency' }),
  }));

pageTest('three runs: what differs, a colour a run, the features of the one that is chosen', () =>
  watched(OUT, three(), async (page, server) => {
    assert.is(await textOf(page, '#name'), '3 runs');
    const rows = await page.locator('#compared tbody tr').allTextContents();
    assert.match(rows.join('\n'), 'staterunningfinishedfinished');
    assert.match(rows.join('\n'), 'done25%100%100%');
    assert.match(rows.join('\n'), 'explained variance–0.810.82');
    assert.match(rows.join('\n'), 'model.sparsity.weight012');
    assert.match(rows.join('\n'), 'whiten––yes');
    assert.not.match(rows.join('\n'), 'seed');
    assert.equal(await page.locator('#cost-legend button span').allTextContents(), ['A', 'B', 'C']);
    const colours = await page.evaluate(() =>
      [...document.querySelectorAll('#cost-legend i')].map((ink) => getComputedStyle(ink).borderTopColor),
    );
    assert.is(new Set(colours).size, 3);
    assert.not.match(await textOf(page, '#about-features'), 'grey');
    assert.not(server.asked.includes('./runs/2/snapshot.json'));
    await page.selectOption('#run', '2');
    await says(page, '#about-features', '2 dead ones grey at the end');
    await page.selectOption('#quantity', 'term sparsity');
    assert.match((await page.getAttribute('#cost', 'aria-label')) ?? '', /A 1\.\d+, B 0\.4/);
  }),
);

const COLUMNS = ['age', 'income', 'years at the same address', 'glucose'];

pageTest('a table: column names, a colour bar, dead units grey, the columns of a unit', () => {
  const snapshot = snapshotOf({ columns: COLUMNS, units: 32, shown: 32, dead: 3, useIs: 'frequency', corrupted: true });
  return watched(OUT, [{ ...running(), snapshot }], async (page) => {
    assert.equal(await page.locator('#heat .names li').allTextContents(), COLUMNS);
    assert.ok((await page.locator('#heat .heads span').count()) > 5);
    assert.ok(await page.isVisible('#feature-bar .colour-bar'));
    assert.not(await page.isVisible('#tiles'));
    assert.is(await page.locator('#heat button').count(), 32);
    const { tiles } = snapshot;
    const first = Buffer.from(tiles, 'base64')[0];
    const [red, , blue, opacity] = await pixel(page, '#heat canvas', 0, 0);
    assert.ok(first < 128 ? blue > red : red >= blue, `${first}: ${red}, ${blue}`);
    assert.is(opacity, 255);
    assert.equal(await pixel(page, '#heat canvas', 31, 3), [128, 128, 128, 255]);
    await page.focus('#heat button');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    assert.match(
      await textOf(page, '#unit'),
      /^Unit 5, on for 29%\. Of its largest number: .*(age|income|glucose) [+−]\d+%/,
    );
    assert.match(await textOf(page, '#about-pairs'), 'from the left: input, corrupted, reconstruction');
    assert.equal(await page.locator('#pairs-heat .names li').allTextContents(), COLUMNS);
    assert.match(await textOf(page, '#about-density'), 'How often units are on: 3 of 32 units dead on 10,000 examples');
  });
});

pageTest('images: numbers under them, colours, headings of the pairs; the arrow keys', () => {
  const options = { channels: 3, height: 6, width: 6, units: 25, shown: 25, dead: 1, corrupted: true } as const;
  const snapshot = snapshotOf(options);
  return watched(OUT, [{ ...running(), snapshot }], async (page) => {
    assert.is(await page.locator('#tiles button').count(), 25);
    const bytes = Buffer.from(snapshot.tiles, 'base64');
    const at = 3 * (6 * 2 + 3);
    assert.equal(await pixel(page, '#tiles canvas', 3, 2), [...bytes.subarray(at, at + 3), 255]);
    assert.equal(await page.locator('#pairs-names li').allTextContents(), ['input', 'corrupted', 'reconstruction']);
    assert.match(await textOf(page, '#tiles button:first-child'), /^0 0\.300$/);
    assert.match(await textOf(page, '#tiles button:last-child'), /dead$/);
    await page.focus('#tiles button');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.match(await textOf(page, '#unit'), /^Unit \d+, mean activation 0\./);
    assert.is(await page.evaluate(() => document.activeElement?.getAttribute('aria-pressed')), 'true');
    assert.match(await textOf(page, '#about-density'), 'Mean activation ρ̂');
  });
});

for (const [width, scheme] of [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const) {
  pageTest(`nobody is kept from it: ${width} pixels, ${scheme}`, async () => {
    const table = snapshotOf({ columns: COLUMNS, units: 32, shown: 32 });
    await watched(OUT, three(), async (page) => assert.equal(await faults(page), []), { width, scheme });
    await watched(OUT, [{ ...running(), snapshot: table }], async (page) => assert.equal(await faults(page), []), {
      width,
      scheme,
    });
  });
}

pageTest('a run that has written nothing yet, one that says nothing, and no run at all', async () => {
  const nothing = { view: viewOf({ hasSnapshot: false, steps: null, epochs: null }), text: '', snapshot: null };
  await watched(OUT, [nothing], async (page) => {
    assert.match(await textOf(page, '#facts'), 'none yet');
    assert.match(await textOf(page, '#no-features'), 'no picture of the units yet');
    nothing.text = '{"step":1,"epoch":1}\n';
    await says(page, '#facts', 'not a number');
  });
  await watched(OUT, [{ view: {}, text: '', snapshot: null }], async (page, server) => {
    assert.is(await textOf(page, '#name'), 'run 1');
    server.runs.length = 0;
    await says(page, '#name', 'There are no runs to show');
  });
  await watched(OUT, [{ ...running(), snapshot: { tiles: 3 } }], async (page) =>
    assert.match(await textOf(page, '#no-features'), 'makes no sense'),
  );
});

test.run();
