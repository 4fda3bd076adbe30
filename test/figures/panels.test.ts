import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { l1Curves, panels, scatter } from '../../src/figures/index.ts';
import { readSvg, textsOf } from './read-svg.ts';

const dot = (title: string, width: number, height: number) => scatter([{ x: 1, y: 2 }], { title, width, height });

/** Places and sizes of the figures within. */
function placesOf(root: Element): number[][] {
  return [...root.children]
    .filter(({ tagName }) => tagName === 'svg')
    .map((one) => ['x', 'y', 'width', 'height'].map((name) => Number(one.getAttribute(name))));
}

test('panels stands figures side by side, then below, columns and rows as large as their largest', () => {
  const root = readSvg(panels([dot('a', 300, 200), dot('b', 400, 250), dot('c', 350, 220)], { columns: 2 }));
  assert.equal(placesOf(root), [
    [0, 0, 300, 200],
    [358, 0, 400, 250],
    [0, 258, 350, 220],
  ]);
  assert.is(root.getAttribute('viewBox'), '0 0 758 478');
  for (const title of ['a', 'b', 'c']) assert.ok(textsOf(root).includes(title));
});

test('panels of one figure, or of more columns than figures, is as large as they are', () => {
  const [[, , width, height]] = placesOf(readSvg(panels([l1Curves()], { columns: 5 })));
  assert.is(readSvg(panels([l1Curves()], { columns: 5 })).getAttribute('viewBox'), `0 0 ${width} ${height}`);
});

test('panels refuses what cannot be placed', () => {
  const refused = (figures: string[], columns: number, message: RegExp) =>
    assert.throws(
      () => panels(figures, { columns }),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    );
  refused([], 1, /^there are no figures: /);
  refused([l1Curves(), '<p>no picture</p>'], 2, /^figure 1 is no SVG with a width and a height: /);
  refused([l1Curves()], 0, /^columns is 0: give a whole number, 1 or more/);
});

test.run();
