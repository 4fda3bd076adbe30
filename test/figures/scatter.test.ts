import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { type Dot, scatter } from '../../src/figures/index.ts';
import { curveOf, readSvg, textsOf, xOfTick } from './read-svg.ts';

const SQUARE: Dot[] = [
  { x: 0, y: 0, value: 0 },
  { x: 1, y: 0, value: 1 },
  { x: 1, y: 1, value: 2 },
  { x: 0, y: 1, value: 3 },
];
const axes = { title: 'A square', xLabel: 'first', note: 'second' };

/** [x, y, fill] of every dot, in the order in which they are drawn. */
function dotsOf(root: Element): [number, number, string | null][] {
  return [...root.querySelectorAll('circle')].map((circle) => [
    Number(circle.getAttribute('cx')),
    Number(circle.getAttribute('cy')),
    circle.getAttribute('fill'),
  ]);
}

test('scatter draws points where the ticks say, a unit as long on both axes', () => {
  const root = readSvg(scatter(SQUARE, axes));
  const [a, b, c] = dotsOf(root);
  assert.ok(Math.abs(a[0] - xOfTick(root, '0.0')) < 0.01 && Math.abs(b[0] - xOfTick(root, '1.0')) < 0.01);
  assert.ok(Math.abs(b[0] - a[0] - (b[1] - c[1])) < 0.02, 'the square is a square');
  for (const text of ['A square', 'first', 'second']) assert.ok(textsOf(root).includes(text), text);
});

test('scatter may fill its frame instead', () => {
  const [a, b, c] = dotsOf(readSvg(scatter(SQUARE, { ...axes, equal: false, width: 700, height: 300 })));
  assert.ok(b[0] - a[0] > 2 * (b[1] - c[1]));
});

test('scatter colours by value and keeps the order; without values all have one colour', () => {
  const fills = dotsOf(readSvg(scatter(SQUARE, axes))).map(([, , fill]) => fill);
  assert.is(new Set(fills).size, 4);
  const reversed = dotsOf(readSvg(scatter([...SQUARE].reverse(), axes))).map(([, , fill]) => fill);
  assert.equal(reversed, [...fills].reverse());
  const plain = scatter(
    SQUARE.map(({ x, y }) => ({ x, y })),
    axes,
  );
  assert.ok(dotsOf(readSvg(plain)).every(([, , fill]) => fill === null || fill === '#8a8f98'));
});

test('scatter without labels has no axes, and room for points that are drawn elsewhere', () => {
  const bare = { title: 'Seen' };
  const root = readSvg(scatter(SQUARE, bare));
  assert.is(root.querySelectorAll('g[aria-label="x-axis tick label"]').length, 0);
  const width = (svg: string) => {
    const [a, b] = dotsOf(readSvg(svg));
    return b[0] - a[0];
  };
  const roomy = scatter(SQUARE, { ...bare, room: [{ x: -10, y: 0 }] });
  assert.ok(width(roomy) < width(scatter(SQUARE, bare)) / 4);
  assert.is(dotsOf(readSvg(roomy)).length, 4);
});

test('scatter draws paths over the points, with their names', () => {
  const points = [
    [0, 0],
    [1, 1],
  ] as const;
  const root = readSvg(scatter(SQUARE, { ...axes, paths: [{ name: 'PCA-1', color: '#c8202f', points }] }));
  const [begin, end] = curveOf(root, 'PCA-1');
  const [a, , c] = dotsOf(root);
  assert.ok(Math.hypot(begin[0] - a[0], begin[1] - a[1]) < 0.02 && Math.hypot(end[0] - c[0], end[1] - c[1]) < 0.02);
  assert.ok(textsOf(root).includes('PCA-1'));
});

test('scatter draws one point, equal points and values of any size, always alike', () => {
  for (const dots of [
    [{ x: 5, y: 5 }],
    [
      { x: 0, y: 0, value: 1 },
      { x: 0, y: 0, value: 1 },
    ],
    [
      { x: 1e9, y: -1e-9 },
      { x: -1e9, y: 1e-9 },
    ],
  ] as Dot[][]) {
    const svg = scatter(dots, axes);
    assert.not.match(svg, /NaN|Infinity|undefined/);
    assert.is(scatter(dots, axes), svg);
    readSvg(svg);
  }
});

test('scatter refuses nothing, and what is not finite', () => {
  const refused = (dots: Dot[], message: RegExp, options = {}) =>
    assert.throws(
      () => scatter(dots, { ...axes, ...options }),
      (error: unknown) => error instanceof InputError && message.test(error.message),
    );
  refused([], /^there are no points: /);
  refused([{ x: 0, y: Number.NaN }], /^point 0 is \(0, NaN\)/);
  refused([{ x: 0, y: 0, value: Number.POSITIVE_INFINITY }], /^point 0 is \(0, 0\), its value Infinity: /);
  refused(SQUARE, /^point 0 of room and paths is /, { room: [{ x: Number.NaN, y: 0 }] });
});

test.run();
