import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../support/close.ts';
import { drawn, eachGround, eachKind, type Ground, listOf, rowsOf, total } from './dictionary-ground.ts';

// Jump-relu units and their estimators against naive loops; z lie on a grid, so that some equal θ and the window's ends.

const ODD = 11; // m: the rows are a part of the batch
const BANDWIDTH = 0.5;

/** z in eighths, θ in quarters: u = (z − θ)/ε is exact, and 0 and ±½ occur. */
function drawnUnits({ given, vector }: Ground, rows: number, columns: number) {
  const draw = drawn(rows, columns, 3);
  const z = given(rows, columns, (i, j) => Math.round(8 * draw(i, j)) / 8);
  const theta = vector(columns, (j) => (j % 4) / 4);
  const seen = rowsOf(z);
  const near = seen.map((row) => row.map((value, j) => Math.abs((value - theta.get(j)) / BANDWIDTH) < 0.5));
  const sumOf = (value: (i: number, j: number) => number) =>
    Array.from({ length: columns }, (_, j) => total(seen.map((_row, i) => value(i, j))));
  return { z, theta, seen, near, sumOf, jump: { theta, bandwidth: BANDWIDTH } };
}

test('thresholds are max(p, 0), or exp p; a NaN shows', async () => {
  await eachKind(({ k, vector, roundoff }) => {
    const p = vector(6, (j) => [-2, -0, 0, 0.25, 3, Number.NaN][j]);
    const theta = vector(6, () => -9);
    k.thresholds(theta, p, false);
    assert.equal(listOf(theta).slice(0, 5).map(Math.abs), [0, 0, 0, 0.25, 3]);
    assert.ok(Number.isNaN(theta.get(5)));
    k.thresholds(theta, p, true);
    assertClose(listOf(theta).slice(0, 5), [Math.exp(-2), 1, 1, Math.exp(0.25), Math.exp(3)], { rtol: 2 * roundoff });
    assert.ok(Number.isNaN(theta.get(5)));
  });
});

test('jumpRelu is z above θ and 0 at and below it; z may be a', async () => {
  await eachGround((ground, rows, columns) => {
    const { z, theta, seen } = drawnUnits(ground, rows, columns);
    const expected = seen.map((row) => row.map((value, j) => (value > theta.get(j) ? value : 0)));
    const a = ground.out(rows, columns, () => Number.NaN);
    ground.k.jumpRelu(a, z, theta);
    assert.equal(rowsOf(a), expected);
    ground.k.jumpRelu(z, z, theta);
    assert.equal(rowsOf(z), expected);
  });
  await eachKind(({ k, out, given, vector }) => {
    const a = out(1, 3, () => 0);
    k.jumpRelu(
      a,
      given(1, 3, (_, j) => [Number.NaN, 1, 1][j]),
      vector(3, (j) => [0.5, Number.NaN, 0.5][j]),
    );
    assert.ok(Number.isNaN(a.get(0, 0)) && a.get(0, 1) === 1, 'a NaN shows, in z; of θ it stops nothing');
  });
});

test('jumpReluDelta: dθ gains −(1/m) Σ (θ/ε)K·∂J/∂a, δ is masked, and with toInput gains (θ/ε)K·∂J/∂a', async () => {
  for (const toInput of [false, true]) {
    await eachGround((ground, rows, columns) => {
      const { k, out, vector, roundoff } = ground;
      const { z, theta, seen, near, sumOf, jump } = drawnUnits(ground, rows, columns);
      const dA = rowsOf(ground.given(rows, columns, drawn(rows, columns, 5)));
      const delta = out(rows, columns, (i, j) => dA[i][j]);
      const dTheta = vector(columns, (j) => j / 8);
      const estimate = (i: number, j: number) => (near[i][j] ? (theta.get(j) / BANDWIDTH) * dA[i][j] : 0);
      k.jumpReluDelta(delta, dTheta, z, jump, toInput, ODD);
      const masked = seen.flatMap((row, i) =>
        row.map((value, j) => (value > theta.get(j) ? dA[i][j] : 0) + (toInput ? estimate(i, j) : 0)),
      );
      assertClose(delta, masked, { rtol: 2 * roundoff, atol: 4 * roundoff });
      const gained = sumOf(estimate).map((sum, j) => j / 8 - sum / ODD);
      assertClose(listOf(dTheta), gained, { rtol: 4 * roundoff, atol: 4 * roundoff });
    });
  }
});

test('countOn adds (1/m) Σ [z > θ]; l0Penalty makes the value and the slope of it', async () => {
  await eachGround(async (ground, rows, columns) => {
    const { k, doubles, results } = ground;
    const { z, theta, seen } = drawnUnits(ground, rows, columns);
    const count = doubles(1, () => 0.5);
    k.countOn(count, z, theta, ODD);
    const n = 0.5 + total(seen.flatMap((row) => row.map((value, j) => Number(value > theta.get(j))))) / ODD;
    assertClose(listOf(count), [n], { rtol: 1e-15 });
    const slope = doubles(1, () => Number.NaN);
    assertClose(await results((r) => k.l0Penalty(slope, r, 1, count, 0.3, null)), [1, 4 + 0.3 * n, 9], { rtol: 1e-14 });
    assert.is(slope.get(0), 0.3);
    const slots = await results((r) => k.l0Penalty(slope, r, 1, count, 0.3, 2.5));
    assertClose(slots, [1, 4 + 0.3 * (n / 2.5 - 1) ** 2, 9], { rtol: 1e-14 });
    assertClose(listOf(slope), [(2 * 0.3 * (n / 2.5 - 1)) / 2.5], { rtol: 1e-14, atol: 1e-16 });
  });
});

test('l0Delta: dθ gains −(λ/m) Σ K/ε, dZ λK/ε where it is given', async () => {
  for (const toInput of [false, true]) {
    await eachGround((ground, rows, columns) => {
      const { k, out, vector, doubles, roundoff } = ground;
      const { z, near, sumOf, jump } = drawnUnits(ground, rows, columns);
      const before = rowsOf(ground.given(rows, columns, drawn(rows, columns, 6)));
      const dZ = out(rows, columns, (i, j) => before[i][j]);
      const dTheta = vector(columns, (j) => j / 8);
      k.l0Delta(
        toInput ? dZ : null,
        dTheta,
        z,
        jump,
        doubles(1, () => 0.75),
        ODD,
      );
      const share = 0.75 / BANDWIDTH;
      const expected = before.flatMap((row, i) => row.map((value, j) => value + (toInput && near[i][j] ? share : 0)));
      assertClose(dZ, expected, { rtol: 2 * roundoff, atol: 4 * roundoff });
      const gained = sumOf((i, j) => (near[i][j] ? share : 0)).map((sum, j) => j / 8 - sum / ODD);
      assertClose(listOf(dTheta), gained, { rtol: 4 * roundoff, atol: 4 * roundoff });
    });
  }
});

test('thresholdDelta: p gains dθ·[p > 0], or dθ·exp p', async () => {
  await eachKind(({ k, vector, roundoff }) => {
    const p = vector(5, (j) => [-1, -0, 0, 0.5, 2][j]);
    const dTheta = vector(5, (j) => j + 1);
    const raw = vector(5, () => 10);
    k.thresholdDelta(raw, dTheta, p, false);
    assert.equal(listOf(raw), [10, 10, 10, 14, 15]);
    const log = vector(5, () => 10);
    k.thresholdDelta(log, dTheta, p, true);
    assertClose(
      listOf(log),
      [-1, 0, 0, 0.5, 2].map((value, j) => 10 + (j + 1) * Math.exp(value)),
      { rtol: 4 * roundoff },
    );
  });
});

test('preActivationLoss: value, and what z, θ and D gain of it, of all units or of the silent alone', async () => {
  for (const limit of [null, 2]) {
    await eachGround(async (ground, rows, columns) => {
      const { k, out, vector, doubles, results, roundoff } = ground;
      const { z, theta, seen, sumOf } = drawnUnits(ground, rows, columns);
      const squares = vector(columns, (j) => (j % 3) ** 2 / 4); // norms 0, ½, 1
      const counts = doubles(columns, (j) => j % 4);
      const before = rowsOf(ground.given(rows, columns, drawn(rows, columns, 6)));
      const dZ = out(rows, columns, (i, j) => before[i][j]);
      const [dTheta, pull] = [vector(columns, (j) => j / 8), vector(columns, () => Number.NaN)];
      const silence = limit === null ? null : { counts, limit };
      const slots = await results((r) =>
        k.preActivationLoss({ dZ, dTheta, pull }, r, 1, z, theta, squares, silence, 0.6, ODD),
      );
      const norm = (j: number) => (j % 3) / 2;
      const gap = (i: number, j: number) =>
        limit === null || j % 4 >= limit ? Math.max(0, theta.get(j) - seen[i][j]) : 0;
      const below = (i: number, j: number) => Number(gap(i, j) > 0);
      const value = total(sumOf((i, j) => norm(j) * gap(i, j)));
      assertClose(slots, [1, 4 + (0.6 / ODD) * value, 9], { rtol: 1e-13 });
      const expected = before.flatMap((row, i) => row.map((held, j) => held - 0.6 * norm(j) * below(i, j)));
      assertClose(dZ, expected, { rtol: 2 * roundoff, atol: 4 * roundoff });
      const gained = sumOf(below).map((sum, j) => j / 8 + (0.6 / ODD) * norm(j) * sum);
      assertClose(listOf(dTheta), gained, { rtol: 4 * roundoff, atol: 4 * roundoff });
      const pulled = sumOf(gap).map((sum, j) => (norm(j) === 0 ? 0 : ((0.6 / ODD) * sum) / norm(j)));
      assertClose(listOf(pull), pulled, { rtol: 4 * roundoff, atol: 4 * roundoff });
    });
  }
});

test('preActivationLoss lets a NaN show', async () => {
  await eachKind(async ({ k, out, given, vector, results }) => {
    const part = { dZ: out(1, 1, () => 0), dTheta: vector(1, () => 0), pull: vector(1, () => 0) };
    const [theta, squares] = [vector(1, () => 0.5), vector(1, () => 1)];
    const slots = await results((r) =>
      k.preActivationLoss(
        part,
        r,
        1,
        given(1, 1, () => Number.NaN),
        theta,
        squares,
        null,
        1,
        1,
      ),
    );
    assert.ok(Number.isNaN(slots[1]));
  });
});

test.run();
