import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Point, strongWolfe, type WolfeOptions } from '../../src/optimizers/line-search.ts';

type Curve = (t: number) => readonly [value: number, slope: number];

/** Runs the search along a curve and records every trial. */
async function search(curve: Curve, guess: number, options: WolfeOptions = {}) {
  const trials: Point[] = [];
  const at = (t: number): Point => ({ t, f: curve(t)[0], slope: curve(t)[1] });
  const phi = async (t: number) => {
    trials.push(at(t));
    return at(t);
  };
  return { start: at(0), found: await strongWolfe(phi, at(0), guess, options), trials };
}

const sufficient = (start: Point, p: Point, c1: number) => p.f <= start.f + c1 * p.t * start.slope;
// Rounding of f by 2⁻⁵³·|f| hides a minimum within about √(2⁻⁵³·|f|/f″), and slopes there of f″ times that: 2e-7 where f″
// is 20 and f is −2.6, the steepest curve here.
const HIDDEN = 2e-7;
const flat = (start: Point, p: Point, c2: number) => Math.abs(p.slope) <= c2 * Math.abs(start.slope) + HIDDEN;

/** Fails unless a point was found, is one of the trials, and meets both conditions. */
function assertWolfe({ start, found, trials }: Awaited<ReturnType<typeof search>>, c1: number, c2: number): void {
  assert.ok(found, 'no point found');
  if (found === null) return;
  assert.ok(found.t > 0 && trials.some(({ t, f, slope }) => t === found.t && f === found.f && slope === found.slope));
  assert.ok(sufficient(start, found, c1), `t = ${found.t}: ${found.f} is no sufficient decrease of ${start.f}`);
  assert.ok(flat(start, found, c2), `t = ${found.t}: slope ${found.slope} against ${start.slope} at the start`);
}

const beta = 0.004;
const curves: Record<string, Curve> = {
  parabola: (t) => [(t - 1) ** 2, 2 * (t - 1)],
  'narrow parabola': (t) => [(t - 1e-4) ** 2 * 1e4, 2e4 * (t - 1e-4)],
  'far parabola': (t) => [(t / 1e4 - 1) ** 2, (2 / 1e4) * (t / 1e4 - 1)],
  quartic: (t) => [(t - 2) ** 4, 4 * (t - 2) ** 3],
  'exponential well': (t) => [Math.exp(t) - 5 * t, Math.exp(t) - 5],
  waves: (t) => [Math.sin(5 * t) + 0.5 * (t - 3) ** 2, 5 * Math.cos(5 * t) + t - 3],
  // [Moré & Thuente 1994, (5.1) and (5.2)]
  rational: (t) => [-t / (t * t + 2), (t * t - 2) / (t * t + 2) ** 2],
  'steep rise': (t) => [(t + beta) ** 5 - 2 * (t + beta) ** 4, 5 * (t + beta) ** 4 - 8 * (t + beta) ** 3],
};

for (const [name, curve] of Object.entries(curves)) {
  test(`strongWolfe meets both conditions on the ${name}, from any guess, loose and tight`, async () => {
    const sign = curve(0)[1] < 0 ? 1 : -1;
    const downhill: Curve = (t) => [curve(sign * t)[0], sign * curve(sign * t)[1]];
    for (const guess of [1e-6, 1e-3, 0.1, 1, 10, 1e3]) {
      for (const [c1, c2] of [
        [1e-4, 0.9],
        [1e-4, 0.1],
        [0.1, 0.2],
      ]) {
        assertWolfe(await search(downhill, guess, { c1, c2, maxEvaluations: 100 }), c1, c2);
      }
    }
  });
}

test('strongWolfe needs few evaluations: a parabola in three, and one where the guess is good', async () => {
  assert.ok((await search(curves.parabola, 10)).trials.length <= 3);
  assert.is((await search(curves.parabola, 1)).trials.length, 1);
});

test('strongWolfe takes values that are not finite for too far', async () => {
  for (const beyond of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const wall: Curve = (t) => (t > 0.5 ? [beyond, beyond] : [(t - 0.4) ** 2, 2 * (t - 0.4)]);
    for (const guess of [0.6, 1, 100]) assertWolfe(await search(wall, guess), 1e-4, 0.9);
  }
});

test('strongWolfe takes −∞ and a slope that is not a number for too far, too', async () => {
  for (const beyond of [
    [Number.NEGATIVE_INFINITY, Number.NaN],
    [-5, Number.NaN],
    [Number.NEGATIVE_INFINITY, -1],
    [-5, Number.NEGATIVE_INFINITY],
  ] as const) {
    const wall: Curve = (t) => (t > 0.5 ? beyond : [(t - 0.4) ** 2, 2 * (t - 0.4)]);
    assertWolfe(await search(wall, 1), 1e-4, 0.9);
  }
});

test('strongWolfe gives null where everything but the start is not finite, within its budget', async () => {
  const { found, trials } = await search((t) => (t === 0 ? [1, -1] : [Number.NaN, Number.NaN]), 1);
  assert.is(found, null);
  assert.ok(trials.length <= 25);
});

test('strongWolfe gives null when it starts uphill', async () => {
  for (const guess of [1e-3, 1, 10]) {
    assert.is((await search((t) => [t + t * t, 1 + 2 * t], guess)).found, null);
  }
});

test('strongWolfe gives null on a slope that lies: no decrease anywhere', async () => {
  const { found, trials } = await search((t) => [t, t === 0 ? -1 : 1], 1);
  assert.is(found, null);
  assert.ok(trials.length <= 25);
});

test('strongWolfe returns the best point with sufficient decrease when its evaluations run out', async () => {
  for (let maxEvaluations = 1; maxEvaluations <= 8; maxEvaluations++) {
    // For ever downhill: the curvature condition is never met.
    const endless = await search((t) => [-t, -1], 1, { maxEvaluations });
    assert.is(endless.trials.length, maxEvaluations);
    assert.is(endless.found?.t, Math.max(...endless.trials.map(({ t }) => t)));
    // A tight curvature condition, out of reach in a few evaluations.
    const { start, found, trials } = await search(curves.rational, 30, { c2: 1e-12, maxEvaluations });
    assert.ok(trials.length <= maxEvaluations);
    const good = trials.filter((p) => sufficient(start, p, 1e-4));
    if (good.length === 0) assert.is(found, null);
    else assert.is(found?.f, Math.min(...good.map(({ f }) => f)));
  }
});

test('strongWolfe reads no meaning into differences below the noise', async () => {
  const noise = 1e-10;
  const jitter: Curve = (t) => [1 + 1e-14 * (t - 1) ** 2 + (t > 0 ? 5e-11 : 0), 2e-14 * (t - 1)];
  const { found } = await search(jitter, 1, { noise });
  assert.ok(found !== null && Math.abs(found.slope) <= 0.9 * 2e-14);
  assert.is((await search(jitter, 1)).found, null);
  // Steps that are lost in rounding gain nothing: no point, although every cost lies within the noise.
  assert.is((await search((t) => [1 + (t > 1e-30 ? 5e-11 : 0), -1], 1, { noise })).found, null);
});

test.run();
