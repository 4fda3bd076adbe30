import { decode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { featureMap } from '../../src/figures/index.ts';
import { assertRefused } from '../support/errors.ts';
import { readSvg, textsOf } from './read-svg.ts';

const W = fromRows([
  [1, -2, 0],
  [3, 3, -3],
  [1e-3, 0, 1e-3],
  [5, -5, 5],
]);
const columns = ['height', 'weight', 'age'];

/** Fills of the cells, row by row, with their words. */
function cellsOf(root: Element) {
  return [...root.querySelectorAll('rect')]
    .filter((rect) => rect.querySelector('title'))
    .map((rect) => ({ fill: rect.getAttribute('fill'), says: rect.querySelector('title')?.textContent }));
}

test('featureMap draws the most used units first, dead ones last in flat grey, each cell with its words', () => {
  const root = readSvg(featureMap(W, { columns, use: [0.1, 0.5, 0.2, 0], dead: [3] }));
  const cells = cellsOf(root);
  assert.equal(
    cells.map(({ says }) => says).filter((_, i) => i % 3 === 0),
    ['unit 1, height: 3', 'unit 2, height: 0.001', 'unit 0, height: 1', 'unit 3, height: 5'],
  );
  assert.equal(
    cells.slice(0, 3).map(({ fill }) => fill),
    ['#b35806', '#b35806', '#2166ac'],
    'orange up, blue down',
  );
  assert.is(new Set(cells.slice(9).map(({ fill }) => fill)).size, 1, 'flat');
  const grey = cells[9].fill ?? '';
  assert.ok(Math.abs(Number.parseInt(grey.slice(1, 3), 16) - Number.parseInt(grey.slice(5, 7), 16)) < 12, grey);
  const texts = textsOf(root);
  for (const text of [...columns, '50%', '20%', '10%', 'dead', 'fires', 'max |w|', '−1', '1']) {
    assert.ok(texts.includes(text), `${text} in ${texts.join(' | ')}`);
  }
  assert.ok(texts.includes('All 4 units, most used first; 1 dead last, in flat grey.'));
});

test('featureMap does not stretch noise: a row far below the others stays pale', () => {
  const cells = cellsOf(readSvg(featureMap(W)));
  assert.is(cells[2 * 3 + 1].fill, '#f7f7f6', '0 is white');
  const [red, , blue] = [1, 3, 5].map((at) => Number.parseInt((cells[2 * 3].fill ?? '').slice(at, at + 2), 16));
  assert.ok(red > 235 && blue > 220, `${cells[2 * 3].fill}`);
});

test('featureMap shows the most used units of many, and says so', () => {
  const weights = matrix(
    Float32Array.from({ length: 300 * 4 }, (_, i) => Math.sin(i)),
    300,
    4,
  );
  const use = Array.from({ length: 300 }, (_, i) => (i < 40 ? 0 : i / 300));
  const dead = Array.from({ length: 40 }, (_, i) => i);
  const texts = textsOf(readSvg(featureMap(weights, { use, dead })));
  assert.ok(texts.includes('The 100 most used of 300 units, most used first; 40 dead ones are not shown.'), texts[1]);
  assert.ok(texts.includes('299') && !texts.includes('100'));
  const few = textsOf(readSvg(featureMap(weights, { use, dead, most: 280 })));
  assert.ok(few.includes('260 living units of 300, most used first; 12 of 40 dead last, in flat grey.'), few[1]);
});

test('featureMap draws wide rows as an image with an axis of indices, columns pooled by the strongest', () => {
  const d = 1500;
  const data = new Float64Array(2 * d);
  data[0] = 1;
  data[700] = -1;
  data[d] = 1;
  const svg = featureMap(matrix(data, 2, d));
  const root = readSvg(svg);
  const href = root.querySelector('image')?.getAttribute('href') ?? '';
  const { width, height, data: pixels } = decode(Buffer.from(href.replace('data:image/png;base64,', ''), 'base64'));
  assert.equal([width, height], [500, 2]);
  const at = (x: number, y: number) => [...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  assert.equal(at(0, 0), [0xb3, 0x58, 0x06]);
  assert.equal(at(233, 0), [0x21, 0x66, 0xac], 'number 700 of three side by side');
  assert.equal(at(1, 0), at(5, 1));
  const texts = textsOf(root);
  assert.ok(texts.includes('0') && texts.includes('1000'));
  assert.ok(texts.some((text) => text.includes('the strongest of 3 inputs side by side')));
  assert.ok(svg.length < 20_000);
});

test('featureMap escapes names, shortens long ones and keeps none that turns the text around it', () => {
  const names = ['<script>alert(1)</script>', `"'&\u202e\u0000\ud800`, 'x'.repeat(10_000)];
  const svg = featureMap(W, { columns: names, title: '</style><b onload="x">' });
  const texts = textsOf(readSvg(svg));
  assert.ok(texts.some((text) => text.startsWith('<script>')));
  assert.not.match(svg, /<script|<b /);
  assert.ok(!svg.includes('\u202e') && !svg.includes('\u0000') && svg.length < 20_000, `${svg.length}`);
});

test('featureMap refuses names, uses and dead units that are not of these weights', async () => {
  const refused = (options: object, message: RegExp) => assertRefused(() => featureMap(W, options), message);
  await refused({ columns: ['a'] }, /^columns has 1 names, but the weights have 3 inputs: give one for each$/);
  await refused({ use: [1] }, /^use has 1 numbers, but there are 4 units: give one for each unit$/);
  await refused({ use: [1, 2, Number.NaN, 1] }, /^the use of unit 2 is NaN: it must be finite$/);
  await refused({ useIs: 'often' }, /^useIs is "often": give frequency or mean$/);
  await refused({ dead: [4] }, /^dead names unit 4: units are whole numbers from 0 to 3$/);
  await refused({ most: 0 }, /^most is 0: give a whole number, 1 or more$/);
  await assertRefused(() => featureMap(fromRows([[1, Number.NaN]])), /^row 0 holds a number that is not finite$/);
});

test.run();
