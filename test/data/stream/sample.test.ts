import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../../src/array/matrix.ts';
import { type RowSource, sourceRange, whereIn } from '../../../src/data/stream/row-source.ts';
import { readSample, sampleSize } from '../../../src/data/stream/sample.ts';
import { CountingSource } from '../../support/sources.ts';
import { refused } from '../refused.ts';

/** (m, 2): a row's number, and its remainder by 7. */
function counting(m: number): RowSource {
  return {
    shape: [m, 2],
    read: async (begin, end) => {
      const data = Float64Array.from({ length: 2 * (end - begin) }, (_, q) =>
        q % 2 === 0 ? begin + q / 2 : (begin + (q - 1) / 2) % 7,
      );
      return matrix(data, end - begin, 2);
    },
  };
}

test('a sample of few rows is all of them', async () => {
  const x = matrix(
    Float64Array.from({ length: 12 }, (_, i) => i),
    6,
    2,
  );
  assert.equal(toFlat(await readSample(new CountingSource(x))), x.data);
});

test('a sample of many rows has 10,000, without repeats, in order, from the first row to the last', async () => {
  for (const m of [10_001, 25_000, 1_000_000]) {
    const x = await readSample(counting(m));
    assert.equal(x.shape, [10_000, 2]);
    const numbers = [...toFlat(x)].filter((_, q) => q % 2 === 0);
    assert.is(numbers[0], 0);
    assert.is(numbers[9_999], m - 1);
    assert.ok(numbers.every((row, i) => i === 0 || row > numbers[i - 1]));
  }
});

test('a sample of wide rows has no more than 2^23 numbers', () => {
  assert.is(sampleSize(1e6, 784), 10_000);
  assert.is(sampleSize(1e6, 2 ** 13), 1024);
  assert.is(sampleSize(1e6, 2 ** 24), 1);
  assert.is(sampleSize(30, 4), 30);
});

test('a value of the sample that is not finite is named by its row', async () => {
  const bad = matrix(Float64Array.of(1, 2, 3, Number.NaN), 2, 2);
  await refused(
    () => readSample(new CountingSource(bad)),
    /data: row 1 of the test, column 1 \(counted from 0\) is NaN/,
  );
});

test('a part of a source counts from its own first row, and tells where a row comes from', async () => {
  const source: RowSource = { ...counting(100), where: (row) => `line ${row}` };
  const part = sourceRange(source, 40, 50);
  assert.equal(part.shape, [10, 2]);
  assert.equal([...toFlat(await part.read(2, 4))], [42, 0, 43, 1]);
  assert.is(whereIn(part, 3), 'line 43');
  assert.is(whereIn(sourceRange(counting(9), 4, 6), 1), 'row 5');
});

test.run();
