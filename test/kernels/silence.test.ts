import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../support/close.ts';
import { drawn, eachGround, eachKind, listOf, rowsOf, total } from './dictionary-ground.ts';

// Counters of silent units, and the auxiliary loss of those, against naive loops.

test('countActive adds the rows in which each unit is not 0; −0 is 0, a NaN is not', async () => {
  await eachGround(({ k, given, doubles }, rows, columns) => {
    const draw = drawn(rows, columns, 4);
    const a = given(rows, columns, (i, j) => [0, -0, Number.NaN, draw(i, j)][(i + 2 * j) % 4]);
    const counts = doubles(columns, (j) => j);
    const seen = rowsOf(a);
    k.countActive(counts, a);
    assert.equal(
      listOf(counts),
      Array.from({ length: columns }, (_, j) => j + seen.filter((row) => row[j] !== 0).length),
    );
  });
});

test('countActivePairs counts the pairs that count and are not 0', async () => {
  await eachKind(({ k, out, indices, lengths, doubles }) => {
    const pairs = [
      { columns: [0, 2, 4], values: [1, 0, -2], length: 3 },
      { columns: [1, 2, 3], values: [0.5, 3, 7], length: 2 },
      { columns: [0, 1, 2], values: [1, 1, 1], length: 0 },
    ];
    const values = out(3, 3, (i, t) => pairs[i].values[t]);
    const which = indices(3, 3, (i, t) => pairs[i].columns[t]);
    const some = doubles(5, () => 10);
    k.countActivePairs(
      some,
      values,
      which,
      lengths(3, (i) => pairs[i].length),
    );
    assert.equal(listOf(some), [11, 11, 11, 10, 11]);
    const all = doubles(5, () => 0);
    k.countActivePairs(all, values, which, null);
    assert.equal(listOf(all), [2, 2, 2, 1, 1]);
  });
});

test('advanceSilence is 0 for who fired, and grows by the examples for the others; it reaches beyond float32', async () => {
  await eachKind(({ k, doubles }) => {
    const silence = doubles(4, (j) => [5, 2 ** 24, 2 ** 40, 7][j]);
    const next = doubles(4, () => Number.NaN);
    k.advanceSilence(
      next,
      silence,
      doubles(4, (j) => [1, 0, 0, 3][j]),
      1,
    );
    assert.equal(listOf(next), [0, 2 ** 24 + 1, 2 ** 40 + 1, 0]);
    assert.equal(listOf(silence), [5, 2 ** 24, 2 ** 40, 7]);
  });
});

/** The columns that selectSilent should choose, by a sort. */
function silentOf(row: readonly number[], silence: readonly number[], limit: number, width: number): number[] {
  const rank = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  return row
    .map((_, j) => j)
    .filter((j) => silence[j] >= limit)
    .sort((p, q) => (rank(row[p]) === rank(row[q]) ? p - q : rank(row[q]) - rank(row[p])))
    .slice(0, width)
    .sort((p, q) => p - q);
}

test('selectSilent equals a sort of the silent units, for widths below and above their number, with ties and NaN', async () => {
  for (const values of ['drawn', 'ties', 'nan'] as const) {
    await eachGround(({ k, out, given, indices, lengths, doubles }, rows, columns) => {
      const draw = drawn(rows, columns, 6);
      const z = given(rows, columns, (i, j) => {
        if (values === 'nan' && (3 * i + j) % 5 === 0) return Number.NaN;
        return values === 'ties' ? Math.round(draw(i, j)) : draw(i, j);
      });
      const silence = doubles(columns, (j) => (j * 7) % 5);
      for (const limit of [0, 1, 3, 4, 5]) {
        for (const width of new Set([1, 2, columns])) {
          const [chosen, which, length] = [out(rows, width, () => -1), indices(rows, width), lengths(rows)];
          k.selectSilent(chosen, which, length, z, silence, limit);
          rowsOf(z).forEach((row, i) => {
            const expected = silentOf(row, listOf(silence), limit, width);
            assert.is(length.get(i), expected.length);
            expected.forEach((j, t) => {
              assert.is(which.get(i, t), j, `row ${row}, limit ${limit}, width ${width}`);
              assert.ok(Object.is(chosen.get(i, t), row[j]));
            });
          });
        }
      }
    });
  }
});

test('residualMoments are Σ e by column, and Σ e², whatever they held', async () => {
  await eachGround(({ k, given, doubles }, rows, columns) => {
    const e = given(rows, columns, drawn(rows, columns, 8));
    const moments = doubles(columns + 1, () => Number.NaN);
    k.residualMoments(moments, e);
    const seen = rowsOf(e);
    const sums = Array.from({ length: columns }, (_, j) => total(seen.map((row) => row[j])));
    assertClose(listOf(moments), [...sums, total(seen.flat().map((value) => value ** 2))], {
      rtol: 1e-12,
      atol: 1e-13,
    });
  });
});

test('auxiliaryScale is α/Σ‖e − ē‖² where a unit is silent, and 0 where none is or residuals are equal', async () => {
  await eachGround(({ k, given, doubles }, rows, columns) => {
    if (rows < 2) return;
    const e = given(rows, columns, drawn(rows, columns, 9));
    const moments = doubles(columns + 1, () => 0);
    const scale = doubles(1, () => Number.NaN);
    k.residualMoments(moments, e);
    const seen = rowsOf(e);
    const mean = Array.from({ length: columns }, (_, j) => total(seen.map((row) => row[j])) / rows);
    const spread = total(seen.flatMap((row) => row.map((value, j) => (value - mean[j]) ** 2)));
    const silence = doubles(3, (j) => [2, 5, 1][j]);
    k.auxiliaryScale(scale, moments, silence, 5, 0.25, rows);
    assertClose(listOf(scale), [0.25 / spread], { rtol: 1e-11 });
    k.auxiliaryScale(scale, moments, silence, 6, 0.25, rows);
    assert.is(scale.get(0), 0);
  });
  await eachKind(({ k, given, doubles }) => {
    for (let seed = 1; seed < 40; seed++) {
      const row = drawn(1, 9, seed);
      for (const m of [1, 2, 7]) {
        const moments = doubles(10, () => 0);
        const scale = doubles(1, () => Number.NaN);
        k.residualMoments(
          moments,
          given(m, 9, (_, j) => row(0, j)),
        );
        k.auxiliaryScale(
          scale,
          moments,
          doubles(1, () => 9),
          1,
          1 / 32,
          m,
        );
        assert.is(scale.get(0), 0, `${m} equal rows, seed ${seed}`);
      }
    }
    const scale = doubles(1, () => 0);
    k.auxiliaryScale(
      scale,
      doubles(2, () => Number.NaN),
      doubles(1, () => 9),
      1,
      1 / 32,
      3,
    );
    assert.ok(Number.isNaN(scale.get(0)), 'a NaN shows');
  });
});

test('silentScale is (α/m)·min(silent/most, 1)', async () => {
  await eachKind(({ k, doubles }) => {
    const scale = doubles(1, () => Number.NaN);
    const silence = doubles(5, (j) => j);
    for (const [limit, silent] of [
      [0, 5],
      [2, 3],
      [4, 1],
      [9, 0],
    ]) {
      for (const most of [1, 3, 8]) {
        k.silentScale(scale, silence, limit, most, 0.5, 7);
        assertClose(listOf(scale), [(0.5 / 7) * Math.min(silent / most, 1)], { rtol: 1e-15, atol: 0 });
      }
    }
  });
});

test('scaledSquaredError adds s Σ (ê − e)² to its slot; dEHat = 2·s·m·(ê − e), whatever it held', async () => {
  await eachGround(async ({ k, out, given, doubles, results, roundoff }, rows, columns) => {
    const [eHat, e] = [given(rows, columns, drawn(rows, columns, 1)), given(rows, columns, drawn(rows, columns, 2))];
    const dEHat = out(rows, columns, () => Number.NaN);
    const scale = doubles(1, () => 0.375);
    const gaps = rowsOf(eHat).map((row, i) => row.map((value, j) => value - e.get(i, j)));
    const slots = await results((r) => k.scaledSquaredError(dEHat, r, 1, eHat, e, scale, 11));
    const value = 0.375 * total(gaps.flat().map((gap) => gap ** 2));
    assertClose(slots, [1, 4 + value, 9], { rtol: 1e-13 + (k.precision === 'float32' ? 2 * roundoff : 0) }); // gaps may be rounded
    assertClose(
      dEHat,
      gaps.flat().map((gap) => 2 * 0.375 * 11 * gap),
      { rtol: 2 * roundoff, atol: 4 * roundoff },
    );
  });
});

test.run();
