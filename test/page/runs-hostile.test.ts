import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findChromium } from '../browser/chromium.ts';
import { hostileTexts } from './hostile-texts.ts';
import { linesOf, snapshotOf, viewOf } from './runs-made.ts';
import { faults, says, watched } from './runs-open.ts';
import { builtRuns, type ServedRun } from './runs-server.ts';

// Texts that mean harm in every place of a run that has a text, in the page of runs: nothing runs, nothing is asked of others, nothing
// breaks. Needs Chromium: CHROMIUM names it, or the PATH.

const OUT = 'build/runs-hostile-test';
const chromium = findChromium();
if (chromium === null) process.stderr.write('page of runs: skipped, there is no Chromium; CHROMIUM=path names one\n');
const pageTest = (name: string, run: () => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, run);
};
if (chromium !== null) builtRuns(OUT);

const texts = hostileTexts();
/** `most` texts from the i-th on. */
const some = (i: number, most: number) => Array.from({ length: most }, (_, j) => texts[(i + j) % texts.length]);
const byName = <T>(names: readonly string[], value: (i: number) => T) =>
  JSON.parse(
    `{${[...new Set(names)].map((name, i) => `${JSON.stringify(name)}:${JSON.stringify(value(i))}`).join(',')}}`,
  );

/** A run all of whose texts are hostile, from the i-th on. */
function hostileRun(i: number, most: number): ServedRun {
  return {
    view: {
      ...viewOf({ name: texts[i], folder: texts[i + 1], says: texts[i + 2], hasReport: true }),
      settings: byName(some(i, most), (j) => texts[(i + j + 1) % texts.length]),
      results: byName(some(i + 3, most), (j) => texts[(i + j + 5) % texts.length]),
    },
    text: linesOf(10, 200, { terms: byName(some(i, most), (j) => 1 + j) }),
    snapshot: snapshotOf({ columns: some(i, most), units: 16, shown: 16, dead: 1, useIs: 'frequency' }),
  };
}

async function unharmed(page: Page): Promise<void> {
  const state = await page.evaluate(() => ({
    harmed: 'harmed' in globalThis || document.title.startsWith('harmed'),
    scripts: document.scripts.length,
    strange: document.querySelectorAll(
      'img, iframe, object, embed, svg, math, base, style, [onload], [onerror], [onfocus]',
    ).length,
    links: [...document.links].map(({ href }) => new URL(href).pathname),
    wide: document.documentElement.scrollWidth > innerWidth,
    marks: /[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText),
    long: Math.max(
      ...[...document.querySelectorAll('h1, button, li, th, td')].map((one) => (one as HTMLElement).innerText.length),
    ),
  }));
  assert.not(state.harmed, 'a script ran');
  assert.is(state.scripts, 1);
  assert.is(state.strange, 0);
  assert.ok(
    state.links.every((path) => /^\/secret\/runs\/\d+\/report\.html$/.test(path)),
    state.links.join(),
  );
  assert.not(state.wide, 'the page scrolls sideways');
  assert.not(state.marks, 'marks of direction are left');
  assert.ok(state.long < 300, `a text of ${state.long} letters`);
}

pageTest('there are 500 hostile texts, all different', async () => {
  assert.is(texts.length, 500);
  assert.is(new Set(texts).size, 500);
});

for (const width of [1280, 390]) {
  pageTest(`500 hostile texts in every place of one run, ${width} pixels`, () => {
    const runs = [hostileRun(0, 500)];
    return watched(
      OUT,
      runs,
      async (page, server) => {
        const foreign: string[] = [];
        page.on('request', (request) => foreign.push(new URL(request.url()).host));
        await says(page, '#facts', '200 of 2,000');
        await unharmed(page);
        assert.equal(await faults(page), []);
        for (const i of [7, 100, 222, 333, 444]) {
          runs[0] = server.runs[0] = hostileRun(i, 500);
          await page.waitForTimeout(1300);
          await page
            .locator('#heat button')
            .nth(i % 16)
            .click();
          await page
            .locator('#cost-legend button')
            .nth(i % 3)
            .click();
          await unharmed(page);
        }
        assert.equal([...new Set(foreign)].length, 1, foreign.join());
      },
      { width },
    );
  });
}

pageTest('50 runs with hostile names beside each other', () =>
  watched(
    OUT,
    Array.from({ length: 50 }, (_, i) => hostileRun(9 * i, 20)),
    async (page) => {
      await says(page, '#name', '50 runs');
      await page.waitForTimeout(1500);
      for (const i of [3, 20, 49]) {
        await page.selectOption('#run', `${i}`);
        await page.waitForTimeout(300);
        await page.locator('#quantity').selectOption({ index: i % 20 });
        await unharmed(page);
      }
    },
  ),
);

pageTest('answers that are no runs, no lines, no snapshots', async () => {
  const nonsense = [
    null,
    3,
    'x',
    [],
    {},
    { runs: 3 },
    [[[[]]]],
    { name: { a: 1 } },
    { shown: [null, 3], tile: { height: 1 } },
  ];
  const runs = nonsense.map((value, i) => ({
    view: i % 2 === 0 ? value : { ...viewOf({ name: `${i}` }), ...(value as object) },
    text: `${nonsense.map((line) => JSON.stringify(line)).join('\n')}\n{"step":1e999,"epoch":1}\n{"step":1,"epoch":1,"cost":"1"}\n`,
    snapshot: value,
  }));
  await watched(OUT, runs, async (page) => {
    for (let i = 0; i < runs.length; i++) {
      await page.selectOption('#run', `${i}`);
      await page.waitForTimeout(200);
      assert.match((await page.textContent('#facts')) ?? '', 'lines that make no sense');
    }
    await unharmed(page);
  });
});

test.run();
