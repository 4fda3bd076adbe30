import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { densityHistogram } from '../../src/figures/index.ts';
import { densityOf } from '../../src/measures/density.ts';
import { assertRefused } from '../support/errors.ts';
import { readSvg, textsOf, xOfTick } from './read-svg.ts';

/** The drawn bars as [left, right, height, colour]; the first rectangle is the background. */
function barsOf(root: Element) {
  return [...root.querySelectorAll('rect')].slice(1).map((bar) => {
    const [x, width, height] = ['x', 'width', 'height'].map((name) => Number(bar.getAttribute(name)));
    const fill = bar.getAttribute('fill') ?? bar.parentElement?.getAttribute('fill');
    return { left: x, right: x + width, height: height + 1, fill }; // half a pixel smaller on each side
  });
}

test('densityHistogram draws units by how often they fire, and the dead in a bar of their own', () => {
  const root = readSvg(densityHistogram(densityOf([1, 0.1, 0.12, 0.001, 0, 0, 0, 0])));
  const bars = barsOf(root);
  assert.is(bars.length, 4);
  const dead = bars[3];
  assert.ok(dead.right < bars[0].left, 'apart, at the left');
  assert.is.not(dead.fill, bars[0].fill);
  assert.ok(Math.abs(dead.height / bars[0].height - 4) < 0.01, 'four dead, one at −3');
  assert.ok(Math.abs(bars[1].height / bars[0].height - 2) < 0.01, 'two at −1');
  assert.ok(Math.abs(bars[0].left - 0.5 - xOfTick(root, '-3')) < 0.01);
  const texts = textsOf(root);
  for (const text of ['never', '-3', '0', 'units', 'How often 8 units fire: 4 never, 50%']) {
    assert.ok(texts.includes(text), text);
  }
});

test('densityHistogram draws units that all fire, and units that all do not', () => {
  const living = readSvg(densityHistogram(densityOf([1, 1])));
  assert.is(barsOf(living).length, 1);
  assert.ok(textsOf(living).includes('How often 2 units fire: none never'));
  const dead = densityHistogram(densityOf([0]));
  assert.is(barsOf(readSvg(dead)).length, 1);
  assert.ok(textsOf(readSvg(dead)).includes('How often 1 unit fires: 1 never, 100%'));
  assert.not.match(dead, /NaN|Infinity|undefined/);
});

test('densityHistogram refuses what is no density', async () => {
  await assertRefused(() => densityHistogram({ edges: [-1, 0], counts: [0], dead: 0 }), /^the histogram is empty/);
  await assertRefused(() => densityHistogram({ edges: [-1, 0], counts: [1], dead: -1 }), /^dead is -1: it must be/);
});

test.run();
