import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activityHistogram, panels, scatter, trainingCurves } from '../../src/figures/index.ts';
import { readSvg } from './read-svg.ts';

// A text of a caller or of a file, in every place where a figure shows one, leaves it well-formed XML.

const CONTROLS = String.fromCharCode(...Array.from({ length: 32 }, (_, i) => i), 127, 0x9b);
const TEXT = `a${CONTROLS}\ud800b\udc00\ufffe\uffff<&">'😀`;
const point = (step: number) => ({ step, cost: step, terms: { [TEXT]: step, other: 1 }, validation: 2 });
const figures: Record<string, string> = {
  'a term': trainingCurves([point(1), point(2)]),
  'a title and a label': trainingCurves([point(1), point(2)], { title: TEXT, stepLabel: TEXT }),
  'a long title, cut within a pair': trainingCurves([point(1)], { title: `${'x'.repeat(34)}😀😀` }),
  'a histogram': activityHistogram({ edges: [0, 1], counts: [2] }, { title: TEXT, xLabel: TEXT, yLabel: TEXT }),
  'a scatter plot': scatter([{ x: 0, y: 1 }], {
    title: TEXT,
    xLabel: TEXT,
    note: TEXT,
    paths: [{ name: TEXT, color: TEXT, points: [[0, 1]] }],
  }),
};
figures.panels = panels(Object.values(figures), { columns: 2 });

for (const [what, svg] of Object.entries(figures)) {
  test(`${what} with characters that XML forbids is drawn without them`, () => {
    const bad = [...svg].find((c) => !/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(c));
    assert.is(bad, undefined, `U+${bad?.codePointAt(0)?.toString(16)}`);
    if (what !== 'panels') readSvg(svg);
  });
}

test.run();
