import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { klCurve, l1Curves, l2Curves } from '../../src/figures/index.ts';
import { readSvg, textsOf, xOfTick } from './read-svg.ts';

/** The pieces of the curve that carries the name, each as its points. */
function piecesOf(root: Element, name: string): number[][][] {
  return [...root.querySelectorAll('path')]
    .filter((path) => path.getAttribute('aria-label') === name)
    .map((path) =>
      [...(path.getAttribute('d') ?? '').matchAll(/[ML]([\d.e-]+),([\d.e-]+)/g)].map(([, x, y]) => [+x, +y]),
    );
}

/** The height of the y tick with this label, in pixels. */
function yOfTick(root: Element, label: string): number {
  const ticks = [...root.querySelectorAll('g[aria-label="y-axis tick label"] text')];
  const place = ticks.find((tick) => tick.textContent === label)?.getAttribute('transform');
  return Number(place?.match(/translate\([\d.-]+,([\d.-]+)/)?.[1]);
}

/** Where the curve passes x. */
function heightAt(points: readonly number[][], x: number): number {
  const i = points.findIndex((point) => point[0] >= x - 1e-6);
  const [a, b] = [points[Math.max(0, i - 1)], points[i]];
  return a[0] === b[0] ? b[1] : a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
}

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 0.6, `${actual}, ${expected}`);

test('l1Curves draws |w| and a derivative that jumps from −1 to 1, with 0 at 0', () => {
  const root = readSvg(l1Curves());
  const [value] = piecesOf(root, 'L1 |w|');
  for (const [w, height] of [
    ['-1.0', '1.0'],
    ['0.0', '0.0'],
    ['2.0', '2.0'],
  ]) {
    near(heightAt(value, xOfTick(root, w)), yOfTick(root, height));
  }
  const pieces = piecesOf(root, 'derivative sign(w)');
  assert.is(pieces.length, 2);
  near(pieces[0][0][1], yOfTick(root, '-1.0'));
  near(pieces[1][0][1], yOfTick(root, '1.0'));
  const dot = root.querySelector('circle');
  near(Number(dot?.getAttribute('cx')), xOfTick(root, '0.0'));
  near(Number(dot?.getAttribute('cy')), yOfTick(root, '0.0'));
  assert.ok(textsOf(root).includes('L1 |w|') && textsOf(root).includes('derivative sign(w)'));
});

test('l2Curves draws w² and 2w', () => {
  const root = readSvg(l2Curves());
  const [value] = piecesOf(root, 'L2 w²');
  const [slope] = piecesOf(root, 'derivative 2w');
  near(heightAt(value, xOfTick(root, '-2.0')), yOfTick(root, '4'));
  near(heightAt(value, xOfTick(root, '0.0')), yOfTick(root, '0'));
  near(heightAt(slope, xOfTick(root, '-1.0')), yOfTick(root, '-2'));
  near(heightAt(slope, xOfTick(root, '2.0')), yOfTick(root, '4'));
});

test('klCurve and its derivative are 0 at ρ and as high as the formulas elsewhere', () => {
  const root = readSvg(klCurve());
  const [curve] = piecesOf(root, 'KL(ρ‖ρ̂)');
  const [zero, one] = [yOfTick(root, '0.0'), yOfTick(root, '1.0')];
  near(heightAt(curve, xOfTick(root, '0.2')), zero);
  const half = 0.2 * Math.log(0.2 / 0.5) + 0.8 * Math.log(0.8 / 0.5); // 0.1927
  near(heightAt(curve, xOfTick(root, '0.5')), zero + half * (one - zero));
  const [slope] = piecesOf(root, 'derivative by ρ̂');
  near(heightAt(slope, xOfTick(root, '0.2')), zero);
  near(heightAt(slope, xOfTick(root, '0.4')), zero + (-0.2 / 0.4 + 0.8 / 0.6) * (one - zero));
  near(slope[0][1], yOfTick(root, '-1.5'));
  near(slope[slope.length - 1][1], yOfTick(root, '1.5'));
  near(Number(root.querySelector('line[aria-label="target"]')?.getAttribute('x1')), xOfTick(root, '0.2'));
  assert.ok(textsOf(root).includes('ρ = 0.2'));
});

test('the curves of penalties are the same at every call, and finite for any target', () => {
  assert.is(l1Curves(), l1Curves());
  assert.is(l2Curves(), l2Curves());
  for (const target of [1e-6, 0.05, 0.5, 0.95, 1 - 1e-6]) {
    assert.is(klCurve({ target }), klCurve({ target }));
    assert.not.match(klCurve({ target }), /NaN|Infinity|undefined/);
  }
});

test('klCurve refuses a target outside of (0, 1)', () => {
  for (const target of [0, 1, -1, Number.NaN]) {
    assert.throws(
      () => klCurve({ target }),
      (error: unknown) => error instanceof InputError && error.message.startsWith(`target is ${target}: `),
    );
  }
});

test.run();
