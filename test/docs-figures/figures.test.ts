import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Figure, startOf, type Values } from '../../docs/site/figures/figure.ts';
import { figures } from '../../docs/site/figures/index.ts';
import { heightOf, STILL_WIDTH } from '../../docs/site/figures/render.ts';
import { still } from '../../docs/site/figures/still.ts';
import { readSvg, textsOf } from '../figures/read-svg.ts';

const PAGES = 'docs/derivation';
const pages = readdirSync(PAGES).filter((name) => name.endsWith('.md'));
const all = await Promise.all(
  Object.entries(figures).map(async ([name, load]) => ({
    name,
    figure: await load(),
    file: `${PAGES}/figures/${name}.svg`,
  })),
);

/** Every control at its ends and its start, the others at their starts, and all at either end. */
function corners(figure: Figure): Values[] {
  const start = startOf(figure);
  const keys = Object.keys(figure.controls);
  const single = keys.flatMap((key) => {
    const { min, max } = figure.controls[key];
    return [min, max].map((value) => ({ ...start, [key]: value }));
  });
  const ends = (['min', 'max'] as const).map((end) =>
    Object.fromEntries(keys.map((key) => [key, figure.controls[key][end]])),
  );
  return [start, ...single, ...ends];
}

test('every page of the derivation has one figure, with the figure’s alternative text and a caption', () => {
  assert.equal(all.map(({ name }) => `${name}.md`).sort(), pages.sort());
  for (const { name, figure } of all) {
    const text = readFileSync(`${PAGES}/${name}.md`, 'utf8');
    const images = [...text.matchAll(/^!\[((?:[^\]\\]|\\.)*)\]\(([^)]+)\)\n\n\*[^*]+\*$/gm)];
    assert.is(text.split('![').length - 1, 1, `${name}: one picture`);
    assert.is(images.length, 1, `${name}: it has a caption in italics`);
    const [, alt, path] = images[0];
    assert.is(path, `figures/${name}.svg`);
    assert.is(alt.replace(/\\([[\]])/g, '$1'), figure.alt, `${name}: the alternative text`);
    assert.ok(/[.]$/.test(figure.alt) && figure.alt.length > 60, `${name}: a sentence`);
  }
});

test('the still pictures are what their code draws: npm run stills writes them', () => {
  for (const { figure, file } of all) {
    assert.ok(readFileSync(file, 'utf8') === still(figure), `${file} is out of date: npm run stills`);
  }
  assert.equal(readdirSync(`${PAGES}/figures`).sort(), all.map(({ name }) => `${name}.svg`).sort());
});

test('a still is an SVG of its own below 40 kB, without variables, with a ground and colours for the dark', () => {
  for (const { file } of all) {
    const svg = readFileSync(file, 'utf8');
    const root = readSvg(svg.replace(/<style>.*?<\/style>/, ''));
    assert.ok(Buffer.byteLength(svg) < 40_000, file);
    assert.not.match(svg, /var\(|NaN|Infinity|undefined|<script/, file);
    assert.match(svg, /^<svg[^>]*><style>@media \(prefers-color-scheme:dark\)/);
    assert.is(root.querySelector('rect')?.getAttribute('fill'), '#ffffff');
    assert.is(root.getAttribute('width'), String(STILL_WIDTH));
    // On a phone of 390 pixels a page leaves 342.
    const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map(([, size]) => (Number(size) * 342) / STILL_WIDTH);
    assert.ok(Math.min(...sizes) >= 10.9, `${file}: ${Math.min(...sizes)}`);
  }
});

test('figures draw at every end of their controls: finite, as high as the still, lines that fit a phone', () => {
  for (const { name, figure } of all) {
    const height = heightOf(figure.draw(startOf(figure), STILL_WIDTH));
    for (const values of corners(figure)) {
      const at = `${name} at ${JSON.stringify(values)}`;
      const picture = figure.draw(values, 342);
      assert.is(heightOf(picture), height, at);
      for (const line of picture.says) {
        assert.ok(line.length <= 52, `${at}: ${line.length} characters: ${line}`);
        assert.not.match(line, /NaN|Infinity|undefined/, at);
      }
      const svg = still({ ...figure, controls: startingAt(figure, values) });
      assert.not.match(svg, /NaN|Infinity|undefined/, at);
      assert.ok(textsOf(readSvg(svg.replace(/<style>.*?<\/style>/, ''))).length > 3, at);
    }
  }
});

/** The controls with other starts. */
function startingAt({ controls }: Figure, values: Values): Figure['controls'] {
  return Object.fromEntries(Object.entries(controls).map(([key, one]) => [key, { ...one, start: values[key] }]));
}

test('controls have a letter, a name, and a start that their steps reach', () => {
  for (const { name, figure } of all) {
    const controls = Object.values(figure.controls);
    assert.ok(controls.length >= 1 && controls.length <= 4, name);
    for (const { name: word, symbol, min, max, step, start } of controls) {
      assert.ok(word !== '' && symbol !== '' && `${word} ${symbol}`.length <= 21, `${name}: ${word} ${symbol}`);
      assert.ok(min < max && start >= min && start <= max, name);
      const steps = (start - min) / step;
      assert.ok(Math.abs(steps - Math.round(steps)) < 1e-6, `${name}: ${word} starts between two steps`);
    }
  }
});

test.run();
