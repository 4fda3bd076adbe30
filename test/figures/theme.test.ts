import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import {
  activationHistogram,
  activityHistogram,
  densityHistogram,
  featureMap,
  klCurve,
  l1Curves,
  panels,
  scatter,
  shrinkagePaths,
  trainingCurves,
} from '../../src/figures/index.ts';
import { colours, DARK, termColours } from '../../src/figures/theme.ts';

const histogram = { edges: [-2, -1, 0], counts: [3, 4] };
const history = [1, 2, 3].map((step) => ({ step, cost: step, terms: { reconstruction: step }, validation: step }));
const figures: Readonly<Record<string, string>> = {
  curves: trainingCurves(history, { annealed: { until: 2, says: 'k falls' } }),
  'one record': trainingCurves(history.slice(0, 1)),
  mean: activationHistogram([0.1, 0.2, 0], { target: 0.1, dead: [2] }),
  density: densityHistogram({ ...histogram, dead: 2 }),
  activity: activityHistogram(histogram),
  kl: klCurve(),
  l1: l1Curves(),
  shrinkage: shrinkagePaths(),
  scatter: scatter([{ x: 0, y: 1, value: 2 }], { title: 'a', xLabel: 'b' }),
  map: featureMap(fromRows([[1, -1]])),
};

/** Of a colour #rrggbb, as WCAG defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('colours of text are read on their ground, and those of areas seen, light and dark', () => {
  const areas = ['bar', 'dead', 'dot'];
  for (const name of Object.keys(colours) as (keyof typeof colours)[]) {
    if (name === 'ground') continue;
    const least = areas.includes(name) ? 3 : 4.5;
    assert.ok(contrast(colours[name], '#ffffff') >= least, `${name} on white`);
    assert.ok(contrast(DARK[name], DARK.ground) >= least, `${name} on dark`);
  }
  assert.is(new Set(termColours).size, termColours.length);
});

/** As an eye without green cones sees a colour: linear red and green fall together. [Viénot, Brettel & Mollon 1999] */
function deuteranope(hex: string): number[] {
  const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
  const yellow = 0.29275 * r + 0.70725 * g;
  return [yellow, -0.02234 * r + 0.02234 * g + b].map((part) => 255 * Math.max(0, part) ** (1 / 2.2));
}

test('the first four terms and validation differ to an eye that sees red and green alike, or by dashes', () => {
  const told = termColours.slice(0, 4).map(deuteranope);
  for (let i = 0; i < told.length; i++) {
    for (let j = 0; j < i; j++) {
      const apart = Math.hypot(told[i][0] - told[j][0], told[i][1] - told[j][1]);
      assert.ok(apart > 35, `${termColours[i]} and ${termColours[j]}: ${apart}`);
    }
  }
});

test('every figure is dark on a dark page by its own style, which names no element of a page', () => {
  for (const [name, svg] of Object.entries({ ...figures, panels: panels([figures.kl], { columns: 1 }) })) {
    const styles = [...svg.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style).join('\n');
    assert.ok(styles.includes('@media (prefers-color-scheme: dark)'), name);
    assert.match(svg, /<svg [^>]*class="rhohat-figure"/, name);
    const selectors = [...styles.matchAll(/([^{};]+)\{/g)].map(([, selector]) => selector.trim());
    for (const selector of selectors.filter((one) => !one.startsWith('@'))) {
      assert.match(selector, /^(:where\()?\.rhohat-figure/, `${name}: ${selector}`);
    }
    assert.not.match(svg, / id="/, `${name}: an id would be the page's`);
    assert.not.match(svg, /<script|javascript:| on\w+="/i);
  }
});

test('every colour that a figure draws with is of the theme, and so has a dark one', () => {
  const known = new Set<string>([...Object.values(colours), 'none', 'currentColor', 'var(--plot-background)']);
  for (const [name, svg] of Object.entries(figures)) {
    if (name === 'map' || name === 'scatter') continue; // colours that are values
    for (const [, colour] of svg.matchAll(/ (?:fill|stroke)="([^"]+)"/g))
      assert.ok(known.has(colour), `${name}: ${colour}`);
  }
});

test('scatter colours values by viridis: brighter from the least to the greatest, and no rainbow', () => {
  const dots = Array.from({ length: 9 }, (_, i) => ({ x: i, y: i, value: i }));
  const fills = [...scatter(dots, { title: 'a' }).matchAll(/<circle[^>]*fill="([^"]+)"/g)].map(([, fill]) => fill);
  const levels = fills.map((fill) => {
    const rgb = fill.match(/\d+/g) ?? [];
    return fill.startsWith('#')
      ? luminance(fill)
      : luminance(`#${rgb.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`);
  });
  assert.is(levels.length, 9);
  for (let i = 1; i < 9; i++) assert.ok(levels[i] > levels[i - 1], `${fills}`);
});

test.run();
