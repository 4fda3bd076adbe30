import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawn, eachGround, eachKind, type Ground, listOf, rowsOf } from './dictionary-ground.ts';

// Selections over a whole batch, against a sort of all pairs.

/** What should survive, by a sort: the larger first, then the lower row, then the lower column. */
function bySorting(a: readonly number[][], count: number): boolean[][] {
  const all = a.flatMap((row, i) => row.map((value, j) => ({ value, i, j }))).filter(({ value }) => value > 0);
  all.sort((p, q) => q.value - p.value || p.i - q.i || p.j - q.j);
  const kept = a.map((row) => row.map(() => false));
  for (const { i, j } of all.slice(0, count)) kept[i][j] = true;
  return kept;
}

/** Runs a selection on `values`, and compares all that it leaves with what should survive. */
function check(
  { k, out, given, indices, lengths, doubles }: Ground,
  before: readonly number[][],
  columns: number,
  how: { readonly count: number } | { readonly above: number },
  kept: readonly boolean[][],
): void {
  const rows = before.length;
  const a = given(rows, columns, (i, j) => before[i][j]);
  const [values, which, length] = [out(rows, columns, () => Number.NaN), indices(rows, columns), lengths(rows)];
  const least = doubles(1, () => Number.NaN);
  if ('count' in how) k.selectLargestOfAll(values, which, length, least, a, how.count);
  else
    k.selectAbove(
      values,
      which,
      length,
      a,
      doubles(1, () => how.above),
    );
  kept.forEach((row, i) => {
    const survivors = row.flatMap((on, j) => (on ? [j] : []));
    assert.is(length.get(i), survivors.length, `row ${i} of ${JSON.stringify(how)}`);
    survivors.forEach((j, t) => {
      assert.is(which.get(i, t), j);
      assert.is(values.get(i, t), before[i][j]);
    });
  });
  assert.equal(
    rowsOf(a),
    before.map((row, i) => row.map((value, j) => (kept[i][j] ? value : 0))),
  );
  const all = before.flatMap((row, i) => row.filter((_, j) => kept[i][j]));
  if ('count' in how) assert.is(least.get(0), all.length === 0 ? 0 : Math.min(...all));
}

test('selectLargestOfAll equals a sort of the batch, for counts from none to more than there are', async () => {
  await eachGround((ground, rows, columns) => {
    const a = rowsOf(ground.given(rows, columns, drawn(rows, columns, 3)));
    const size = rows * columns;
    for (const count of new Set([0, 1, 2, size >> 2, size >> 1, size - 1, size, size + 5].filter((n) => n >= 0)))
      check(ground, a, columns, { count }, bySorting(a, count));
  });
});

test('keepLargest equals a sort of each row of pairs, of equal ones the first', async () => {
  await eachGround(({ k, out, given, indices, lengths }, rows, columns) => {
    const width = Math.min(columns, 5);
    const values = drawn(rows, width, 3);
    const columnOf = (i: number, t: number) => t + (i % (columns - width + 1));
    for (const [most, full] of [0, 1, 3, 5].flatMap((n) => [[n, true] as const, [n, false] as const])) {
      const within = (i: number) => (full ? width : (2 * i + 1) % (width + 1));
      const keep = Uint32Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? most : 2));
      const pairs = out(rows, width, values);
      const which = indices(rows, width, columnOf);
      const length = lengths(rows, within);
      const a = given(rows, columns, () => 9);
      const before = rowsOf(pairs);
      k.keepLargest(pairs, which, length, full ? null : length, most === 3 ? null : a, keep);
      before.forEach((row, i) => {
        const ranked = row.slice(0, within(i)).map((value, t) => ({ value, t }));
        ranked.sort((p, q) => q.value - p.value || p.t - q.t);
        const kept = ranked.slice(0, keep[i]).map(({ t }) => t);
        kept.sort((p, q) => p - q);
        assert.is(length.get(i), kept.length);
        kept.forEach((t, q) => {
          assert.is(pairs.get(i, q), row[t]);
          assert.is(which.get(i, q), columnOf(i, t));
        });
        for (let j = 0; j < columns; j++) {
          const t = j - columnOf(i, 0);
          const cut = most !== 3 && t >= 0 && t < within(i) && !kept.includes(t);
          assert.is(a.get(i, j), cut ? 0 : 9);
        }
      });
    }
  });
});

test('selectLargestOfAll: of equal values the lower row survives, then the lower column', async () => {
  await eachGround((ground, rows, columns) => {
    const draw = drawn(rows, columns, 5);
    const a = rowsOf(ground.given(rows, columns, (i, j) => Math.round(2 * draw(i, j)) / 2)); // −1, −½, 0, ½, 1
    for (let count = 0; count <= rows * columns; count += 1 + Math.floor((rows * columns) / 11))
      check(ground, a, columns, { count }, bySorting(a, count));
  });
});

test('selectLargestOfAll takes all-zero and negative rows for nothing', async () => {
  await eachGround((ground, rows, columns) => {
    const a = rowsOf(ground.given(rows, columns, (i, j) => [0, -0, -1 - j][i % 3]));
    for (const count of [0, 1, 100]) check(ground, a, columns, { count }, bySorting(a, count));
  });
});

test('selectLargestOfAll lets a NaN and an infinity survive, whatever the count', async () => {
  await eachKind((ground) => {
    const { k, out, given, indices, lengths, doubles } = ground;
    for (const count of [0, 1, 2, 4, 9]) {
      const a = given(
        2,
        3,
        (i, j) =>
          [
            [0.5, Number.NaN, 0.25],
            [Number.POSITIVE_INFINITY, 1, -1],
          ][i][j],
      );
      k.selectLargestOfAll(
        out(2, 3, () => 0),
        indices(2, 3),
        lengths(2),
        doubles(1, () => 0),
        a,
        count,
      );
      assert.ok(Number.isNaN(a.get(0, 1)), `count ${count}`);
      if (count >= 2) assert.is(a.get(1, 0), Number.POSITIVE_INFINITY);
      assert.is(a.get(1, 2), 0);
    }
  });
});

test('selectLargestOfAll: a NaN takes a place of those that are equal', async () => {
  await eachKind(({ k, out, given, indices, lengths, doubles }) => {
    const a = given(1, 4, (_, j) => [0.5, Number.NaN, 0.5, 0.5][j]);
    k.selectLargestOfAll(
      out(1, 4, () => 0),
      indices(1, 4),
      lengths(1),
      doubles(1, () => 0),
      a,
      2,
    );
    assert.equal(
      rowsOf(a)[0].map((value) => value !== 0),
      [true, true, false, false],
    );
  });
});

test('selectAbove keeps what is above the threshold and above 0, and nothing that equals it', async () => {
  await eachGround((ground, rows, columns) => {
    const draw = drawn(rows, columns, 7);
    const a = rowsOf(ground.given(rows, columns, (i, j) => Math.round(4 * draw(i, j)) / 4));
    for (const above of [0, 0.25, 0.5, 0.3, 2, -1]) {
      const bound = Math.max(0, above);
      check(
        ground,
        a,
        columns,
        { above },
        a.map((row) => row.map((value) => value > bound)),
      );
    }
  });
});

test('selectAbove compares in doubles: a threshold between two float32 parts them', async () => {
  await eachKind((ground) => {
    const low = Math.fround(0.1);
    const high = Math.fround(low + 2 ** -27);
    const rows = [[low, high]];
    assert.ok(high > low);
    check(ground, rows, 2, { above: (low + high) / 2 }, [[false, true]]);
  });
});

test('selectAbove lets a NaN survive', async () => {
  await eachKind(({ k, out, given, indices, lengths, doubles }) => {
    const a = given(1, 2, (_, j) => [Number.NaN, 0.1][j]);
    const length = lengths(1);
    k.selectAbove(
      out(1, 2, () => 0),
      indices(1, 2),
      length,
      a,
      doubles(1, () => 0.5),
    );
    assert.equal([length.get(0), Number.isNaN(a.get(0, 0)), a.get(0, 1)], [1, true, 0]);
  });
});

test('countBelow counts the first pairs below the bound, within what counts', async () => {
  await eachKind(({ k, indices, lengths }) => {
    const columns = [
      [0, 3, 7, 9],
      [2, 4, 5, 6],
      [8, 9, 10, 11],
      [0, 1, 2, 3],
    ];
    const which = indices(4, 4, (i, t) => columns[i][t]);
    for (const within of [null, [4, 2, 0, 3]]) {
      for (const bound of [0, 1, 3, 4, 8, 100]) {
        const out = lengths(4);
        k.countBelow(out, which, within && lengths(4, (i) => within[i]), bound);
        assert.equal(
          listOf(out),
          columns.map((row, i) => row.slice(0, within?.[i] ?? 4).filter((column) => column < bound).length),
        );
      }
    }
    const none = lengths(0);
    k.countBelow(none, indices(0, 4), null, 3);
  });
});

test('moveThreshold begins at the first survivor, goes its share of the way, and stays where nothing survived', async () => {
  await eachKind(({ k, doubles }) => {
    const threshold = doubles(1, () => 0);
    const steps: [least: number, expected: number][] = [
      [0, 0],
      [0.7, 0.7],
      [0.5, 0.7 + 0.01 * (0.5 - 0.7)],
      [0, 0.698],
      [1e-300, 0.698 + 0.01 * (1e-300 - 0.698)],
    ];
    for (const [least, expected] of steps) {
      k.moveThreshold(
        threshold,
        doubles(1, () => least),
        0.01,
      );
      assert.ok(Math.abs(threshold.get(0) - expected) < 1e-16, `${threshold.get(0)}`);
    }
  });
});

/** Slots, as many as bytes and one before and after, after kernels have added to them. */
async function slotsOf({ k }: Ground, use: (results: ReturnType<Ground['k']['allocateResults']>) => void) {
  const results = k.allocateResults(258);
  use(results);
  use(results); // it adds
  return [...(await k.read(results))];
}

test('countBytes counts a byte of the numbers above 0 that agree above it, infinities too and no NaN', async () => {
  await eachGround(async (ground, rows, columns) => {
    const draw = drawn(rows, columns, 2);
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, 3e38];
    const a = ground.given(rows, columns, (i, j) =>
      (i + j) % 3 === 0 ? special[(i * columns + j) % special.length] : draw(i, j) * 2 ** (((i + 2 * j) % 9) * 4 - 20),
    );
    const width = ground.precision === 'float32' ? 4 : 8;
    const bytesOf = (value: number) => {
      const view = new DataView(new ArrayBuffer(8));
      if (width === 4) view.setFloat32(0, value);
      else view.setFloat64(0, value);
      return Array.from({ length: width }, (_, byte) => view.getUint8(byte));
    };
    const all = rowsOf(a)
      .flat()
      .filter((value) => value > 0);
    for (const like of [...all.slice(0, 4), 1, Number.POSITIVE_INFINITY]) {
      const above = bytesOf(like);
      for (let byte = 0; byte < width; byte++) {
        const expected = new Array(258).fill(0);
        for (const value of all) {
          const own = bytesOf(value);
          if (own.slice(0, byte).every((digit, at) => digit === above[at])) expected[1 + own[byte]] += 2;
        }
        const found = await slotsOf(ground, (results) => ground.k.countBytes(results, 1, a, byte, like));
        assert.is(found.join(), expected.join(), `byte ${byte} like ${like}`);
      }
    }
  });
});

test('countEqual adds to a slot a row how many equal the value', async () => {
  await eachGround(async (ground, rows, columns) => {
    const draw = drawn(rows, columns, 2);
    const a = ground.given(rows, columns, (i, j) => Math.round(4 * draw(i, j)) / 4);
    for (const value of [0.25, -1, 0, 3]) {
      const expected = new Array(258).fill(0);
      rowsOf(a).forEach((row, i) => {
        expected[1 + i] = 2 * row.filter((each) => each === value).length;
      });
      assert.equal(await slotsOf(ground, (results) => ground.k.countEqual(results, 1, a, value)), expected);
    }
  });
});

test.run();
