import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../support/close.ts';
import { drawn, eachGround, eachKind, listOf, rowsOf, total } from './dictionary-ground.ts';

// What goes by the norms of the decoder's rows, against naive loops. Some rows are all 0.

const ODD = 11;
const norm = (j: number) => (j % 4) * 0.375;

test('scaleColumns multiplies by ‖D‖ or divides by it; rows of norm 0 leave a as it is; out may be a', async () => {
  await eachGround(({ k, out, given, vector, roundoff }, rows, columns) => {
    const squares = vector(columns, (j) => norm(j) ** 2);
    const a = given(rows, columns, drawn(rows, columns, 2));
    const close = { rtol: 4 * roundoff };
    for (const inverse of [false, true]) {
      const factor = (j: number) => (norm(j) === 0 ? 1 : inverse ? 1 / norm(j) : norm(j));
      const expected = rowsOf(a).flatMap((row) => row.map((value, j) => value * factor(j)));
      const scaled = out(rows, columns, () => Number.NaN);
      k.scaleColumns(scaled, a, squares, inverse);
      assertClose(scaled, expected, close);
    }
    const before = rowsOf(a).flat();
    k.scaleColumns(a, a, squares, false);
    k.scaleColumns(a, a, squares, true);
    assertClose(a, before, { rtol: 8 * roundoff });
  });
});

/** A penalty on a‖D‖ with its derivatives, as they should be. */
interface Expected {
  value(a: number, norm: number): number;
  byA(a: number, norm: number): number;
  /** ∂value/∂‖D‖, whose share along D is pull·D. */
  byNorm(a: number, norm: number): number;
}

const absolute: Expected = {
  value: (a, n) => 0.4 * Math.abs(a) * n,
  byA: (a, n) => 0.4 * n * Math.sign(a),
  byNorm: (a) => 0.4 * Math.abs(a),
};
const bent: Expected = {
  value: (a, n) => 0.4 * Math.tanh(3 * a * n),
  byA: (a, n) => (0.4 * 3 * n) / Math.cosh(3 * a * n) ** 2,
  byNorm: (a, n) => (0.4 * 3 * a) / Math.cosh(3 * a * n) ** 2,
};

for (const [name, { value, byA, byNorm }] of [
  ['normWeightedL1', absolute],
  ['tanhPenalty', bent],
] as const) {
  test(`${name}: the value in its slot, what dA gains, and the pull on D`, async () => {
    await eachGround(async ({ k, out, given, vector, results, roundoff }, rows, columns) => {
      const draw = drawn(rows, columns, 3);
      const a = given(rows, columns, (i, j) => ((i + j) % 3 === 0 ? 0 : draw(i, j)));
      const before = rowsOf(given(rows, columns, drawn(rows, columns, 4)));
      const dA = out(rows, columns, (i, j) => before[i][j]);
      const [pull, squares] = [vector(columns, () => Number.NaN), vector(columns, (j) => norm(j) ** 2)];
      const exact = listOf(squares).map(Math.sqrt);
      const slots = await results((r) => {
        if (name === 'normWeightedL1') k.normWeightedL1(dA, pull, r, 1, a, squares, 0.4, ODD);
        else k.tanhPenalty(dA, pull, r, 1, a, squares, { weight: 0.4, scale: 3, m: ODD });
      });
      const seen = rowsOf(a);
      const whole = total(seen.flatMap((row) => row.map((v, j) => value(v, exact[j]))));
      const rounded = name === 'tanhPenalty' && k.precision === 'float32' ? 4 * roundoff : 0;
      assertClose(slots, [1, 4 + whole / ODD, 9], { rtol: 1e-13 + rounded });
      const close = { rtol: 8 * roundoff, atol: 8 * roundoff };
      assertClose(
        dA,
        seen.flatMap((row, i) => row.map((v, j) => before[i][j] + byA(v, exact[j]))),
        close,
      );
      const pulls = exact.map((n, j) => (n === 0 ? 0 : total(seen.map((row) => byNorm(row[j], n))) / ODD / n));
      assertClose(listOf(pull), pulls, close);
    });
  });

  test(`${name} lets a NaN show`, async () => {
    await eachKind(async ({ k, out, given, vector, results }) => {
      const [dA, pull, squares] = [out(1, 1, () => 0), vector(1, () => 0), vector(1, () => 1)];
      const a = given(1, 1, () => Number.NaN);
      const slots = await results((r) => {
        if (name === 'normWeightedL1') k.normWeightedL1(dA, pull, r, 1, a, squares, 1, 1);
        else k.tanhPenalty(dA, pull, r, 1, a, squares, { weight: 1, scale: 1, m: 1 });
      });
      assert.ok(Number.isNaN(slots[1]) && Number.isNaN(dA.get(0, 0)) && Number.isNaN(pull.get(0)));
    });
  });
}

test('projectRows takes from each row of the gradient what lies along the row, and leaves rows of 0', async () => {
  await eachGround(({ k, out, given, roundoff }, rows, columns) => {
    const draw = drawn(rows, columns, 5);
    const D = given(rows, columns, (i, j) => (i % 3 === 2 ? 0 : 3 * draw(i, j)));
    const gradient = out(rows, columns, drawn(rows, columns, 6));
    const [g, d] = [rowsOf(gradient), rowsOf(D)];
    k.projectRows(gradient, D);
    const expected = g.flatMap((row, i) => {
      const square = total(d[i].map((value) => value ** 2));
      const share = square === 0 ? 0 : total(row.map((value, j) => value * d[i][j])) / square;
      return row.map((value, j) => value - share * d[i][j]);
    });
    assertClose(gradient, expected, { rtol: 4 * roundoff, atol: 8 * roundoff });
    rowsOf(gradient).forEach((row, i) => {
      const along = total(row.map((value, j) => value * d[i][j]));
      assert.ok(Math.abs(along) <= 64 * roundoff * Math.sqrt(columns), `row ${i}: ${along}`);
    });
  });
});

test('normalizeRows makes every norm 1 but that of a row of 0, at any length', async () => {
  for (const length of [1, 1e-12, 1e12]) {
    await eachGround(({ k, out, roundoff }, rows, columns) => {
      const draw = drawn(rows, columns, 7);
      const D = out(rows, columns, (i, j) => (i % 3 === 2 ? 0 : length * draw(i, j)));
      const before = rowsOf(D);
      k.normalizeRows(D);
      rowsOf(D).forEach((row, i) => {
        const old = Math.sqrt(total(before[i].map((value) => value ** 2)));
        assertClose(
          row,
          before[i].map((value) => (old === 0 ? 0 : value / old)),
          { rtol: 2 * roundoff },
        );
        if (old === 0) return;
        const now = Math.sqrt(total(row.map((value) => value ** 2)));
        assert.ok(Math.abs(now - 1) <= 2 * roundoff, `${now}`);
      });
    });
  }
});

test('projectRows and normalizeRows let a NaN show', async () => {
  await eachKind(({ k, out, given }) => {
    const gradient = out(2, 2, () => 1);
    k.projectRows(
      gradient,
      given(2, 2, (i) => [Number.NaN, 1][i]),
    );
    assert.equal(
      rowsOf(gradient).map((row) => row.map(Number.isNaN)),
      [
        [true, true],
        [false, false],
      ],
    );
    const D = out(1, 2, (_, j) => [Number.NaN, 1][j]);
    k.normalizeRows(D);
    assert.ok(rowsOf(D)[0].every(Number.isNaN));
  });
});

test.run();
