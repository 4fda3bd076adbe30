import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import {
  activationHistogram,
  activityHistogram,
  densityHistogram,
  featureMap,
  klCurve,
  shrinkagePaths,
  trainingCurves,
} from '../../src/figures/index.ts';
import { findChromium, inChromium } from './chromium.ts';

// Texts of figures as a browser lays them out: none is cut off, small, or over another; and what is dark on a dark page.

const chromium = findChromium();
const LEAST_PIXELS = 11;
const HOSTILE = '<script>top.ran = true</script>"\u202e\u0000\ud800&amp;';
const entry = (i: number) => ({
  step: 1000 * (i + 1),
  cost: i === 0 ? 1e6 : 50 - i,
  terms: { reconstruction: 30 - i / 2, sparsity: i === 20 ? 1e-7 : 3 + i / 50, [`${HOSTILE}${'x'.repeat(50)}`]: 1 },
  ...(i % 5 === 0 ? { validation: 40 - i } : {}),
});
const history = Array.from({ length: 40 }, (_, i) => entry(i));
const annealed = { until: 9000, says: `k is annealed until epoch 9 ${HOSTILE} ${'and on '.repeat(20)}` };
const weights = (n: number, d: number) =>
  matrix(
    Float32Array.from({ length: n * d }, (_, i) => Math.sin(i * i)),
    n,
    d,
  );
const columns = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? `${HOSTILE}${i}` : `sensor ${i} ${'y'.repeat(i)}`));

const figuresOf = (width: number): Readonly<Record<string, string>> => ({
  curves: trainingCurves(history, { annealed, title: `${HOSTILE} a run`, stepLabel: 'step', width }),
  few: trainingCurves(history.slice(1, 4), { width }),
  one: trainingCurves(history.slice(0, 1), { width }),
  mean: activationHistogram([0.05, 0.0512, 0.052, 0.2, 0], { target: 0.05, dead: [4], width }),
  density: densityHistogram({ edges: [-4, -3, -2, -1, 0], counts: [1, 3, 0, 2], dead: 900 }, { width }),
  activity: activityHistogram({ edges: [0, 0.5, 1], counts: [123_456_789, 4] }, { width }),
  kl: klCurve({ width }),
  shrinkage: shrinkagePaths({ width }),
  table: featureMap(weights(3, 7), { columns: columns.slice(0, 7), width }),
  sensors: featureMap(weights(20, 40), { columns, use: Array(20).fill(0.00067), dead: [3], width }),
  wide: featureMap(weights(12, 900), { useIs: 'mean', use: Array(12).fill(0.123), width }),
});

/** Runs in the page: texts that are small, cut off, or over another. */
function faults(least: number): string[] {
  const found: string[] = [];
  for (const svg of document.querySelectorAll('svg')) {
    const name = svg.parentElement?.id ?? '';
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')]
      .filter((text) => (text.textContent ?? '').trim() !== '')
      .map((text) => ({
        says: text.textContent,
        box: text.getBoundingClientRect(),
        size: getComputedStyle(text).fontSize,
      }));
    texts.forEach(({ says, box, size }, i) => {
      if (Number.parseFloat(size) < least) found.push(`${name}: ${says} is of ${size}`);
      const out = box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.bottom > frame.bottom + 0.5;
      if (out || box.top < frame.top - 0.5) found.push(`${name}: ${says} is cut off`);
      for (const other of texts.slice(0, i)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 4) found.push(`${name}: ${says} is over ${other.says}`);
      }
    });
  }
  return found;
}

for (const width of [360, 760]) {
  test(`texts of figures of ${width} pixels are whole, apart and large enough`, async () => {
    if (chromium === null) return;
    const body = Object.entries(figuresOf(width)).map(([name, svg]) => `<div id="${name}">${svg}</div>`);
    await inChromium(chromium, 'about:blank', async (page) => {
      await page.setViewportSize({ width: width + 40, height: 800 });
      await page.setContent(`<body style="margin: 8px">${body.join('')}</body>`);
      assert.equal(await page.evaluate(faults, LEAST_PIXELS), []);
      assert.is(await page.evaluate(() => 'ran' in window), false, 'no text ran');
    });
  });
}

test('figures are dark where the page is, also as images; a page is not styled by them', async () => {
  if (chromium === null) return;
  const svg = klCurve();
  const image = `<img src="data:image/svg+xml,${encodeURIComponent(svg)}">`;
  await inChromium(chromium, 'about:blank', async (page) => {
    await page.setContent(`<p fill="white" class="plain">a</p>${svg}${image}`);
    const ground = () => page.evaluate(() => getComputedStyle(document.querySelector('svg > rect') as Element).fill);
    const corner = () =>
      page.evaluate(() => {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        context.drawImage(document.querySelector('img') as HTMLImageElement, 0, 0);
        return [...context.getImageData(2, 2, 1, 1).data];
      });
    const page_ = () => page.evaluate(() => getComputedStyle(document.querySelector('p') as Element).color);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal([await ground(), await corner()], ['rgb(255, 255, 255)', [255, 255, 255, 255]]);
    const before = await page_();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.is(await ground(), 'rgb(22, 24, 28)');
    assert.is(await page_(), before);
  });
});

test.run();
