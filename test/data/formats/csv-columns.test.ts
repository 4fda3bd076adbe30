import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { csvExamples } from '../../../src/data/formats/csv.ts';
import type { CsvOptions } from '../../../src/data/formats/csv-columns.ts';
import { refused } from '../refused.ts';

const csv = (text: string, options?: CsvOptions) => csvExamples(new TextEncoder().encode(text), options);
const rows = (text: string, options?: CsvOptions) => {
  const { x, columns, ids } = csv(text, options);
  return [
    Array.from({ length: x.shape[0] }, (_, i) => [...x.data.slice(i * x.shape[1], (i + 1) * x.shape[1])]),
    columns,
    ids,
  ];
};

const PUMPS = 'id,flow,heat,note\nP7,1.5,20,ok\n"P,8",2.5,30,\n';

test('csvExamples reads the columns that are asked for, by name or position, and looks at no others', () => {
  assert.equal(rows(PUMPS, { columns: ['heat', 'flow'] }), [
    [
      [20, 1.5],
      [30, 2.5],
    ],
    ['heat', 'flow'],
    undefined,
  ]);
  assert.equal(rows(PUMPS, { columns: [2, 3] }), [
    [
      [1.5, 20],
      [2.5, 30],
    ],
    ['flow', 'heat'],
    undefined,
  ]);
  assert.equal(rows(PUMPS, { columns: ['flow', 3, 2], id: 'id' }), [
    [
      [1.5, 20, 1.5],
      [2.5, 30, 2.5],
    ],
    ['flow', 'heat', 'flow'],
    ['P7', 'P,8'],
  ]);
  // Without a header, in a file whose other columns hold words.
  assert.equal(rows('P7,1.5,20\nP8,2.5,30', { columns: [3] }), [[[20], [30]], undefined, undefined]);
  assert.equal(rows('P7,1.5,20\nP8,2.5,30', { id: 1 }), [
    [
      [1.5, 20],
      [2.5, 30],
    ],
    undefined,
    ['P7', 'P8'],
  ]);
  // A name that is looked for tells a header, even beside numbers.
  assert.equal(rows('id,2019,2020\nP7,1,2', { columns: ['2020'], id: 1 }), [[[2]], ['2020'], ['P7']]);
  assert.equal(rows('a,b\n1,2'), [[[1, 2]], ['a', 'b'], undefined]);
});

test('csvExamples finds the columns of a trained model by name, in any order, beside others', () => {
  const match = ['flow', 'heat'];
  const expected = [
    [
      [1.5, 20],
      [2.5, 30],
    ],
    match,
    undefined,
  ];
  assert.equal(rows(PUMPS, { match }), expected);
  assert.equal(rows('heat;note;flow\n20;ok;1.5\n30;;2.5', { match }), expected);
  assert.equal(rows('heat,flow,id\n20,1.5,a\n30,2.5,b', { match, id: 'id' })[2], ['a', 'b']);
  // Without a header by position, or as it is.
  assert.equal(rows('1.5,20\n2.5,30', { match })[0], expected[0]);
  assert.equal(rows('a,1.5,20\nb,2.5,30', { match, columns: [2, 3] })[0], expected[0]);
});

test('csvExamples takes no data for a header: other marks, question marks, gaps', async () => {
  await refused(() => csv('1.234,5;2.345,6\n987,5;876,1', { decimal: ',' }), /line 1, column 1 is "1\.234,5"/);
  await refused(() => csv("12'000;13'000\n1;2"), /line 1, column 1 is "12'000"/);
  await refused(() => csv('1.5;2.5\n7;8', { decimal: ',' }), /line 1, column 1 is "1\.5"/);
  await refused(() => csv('P1,?\nP2,3', { columns: [2], id: 1 }), /line 1, column 2 is "\?".*fill the gap/);
  await refused(() => csv('-,-\n1,2'), /line 1, column 1 is "-"/);
  await refused(() => csv('1,5;2,5'), /column 2 is "5;2".*say so \(--decimal , or decimal: ","\)/);
});

test('csvExamples names no columns where a name stands twice, and says where columns stood', () => {
  const twice = csv('a,b,a\n1,2,3', { columns: [2, 1] });
  assert.equal([twice.columns, twice.positions], [undefined, [2, 1]]);
  assert.equal(csv('a,b,a\n1,2,3', { columns: ['b'] }).columns, ['b']);
  assert.equal(csv('x,a,b\n0,1,2', { columns: ['b', 'a'] }).positions, [3, 2]);
});

test('csvExamples finds ten thousands of names in time', () => {
  const names = Array.from({ length: 30_000 }, (_, i) => `column_${i}`);
  const { x } = csv(`${names.join(',')}\n${names.map((_, i) => i).join(',')}`, { match: [...names].reverse() });
  assert.is(x.shape[1], 30_000);
});

test('csvExamples reads decimal commas where it is told to', () => {
  const expected = [
    [1158.06, -0.5],
    [3, 4e-3],
  ];
  assert.equal(rows('a;b\n1158,06;-,5\n3;4,e-3', { decimal: ',' })[0], expected);
  assert.equal(rows('1158,06;-,5\n3;4,e-3', { decimal: ',' })[0], expected);
  assert.equal(rows('1158,06\t-0,5', { decimal: ',' })[0], expected.slice(0, 1));
  assert.equal(rows('a\n1,5\n2', { decimal: ',' })[0], [[1.5], [2]]);
});

test('csvExamples says what to do about a cell, a column and a mark that it cannot read', async () => {
  await refused(() => csv(PUMPS), /line 2, column 1 is "P7".*choose the columns that hold numbers \(columns\)/);
  await refused(() => csv(PUMPS, { columns: ['flow', 'note'] }), /line 2, column 4 is "ok"/);
  await refused(
    () => csv('a;b\n1,5;2'),
    /column 1 is "1,5".*if commas are decimal marks, say so \(--decimal , or decimal: ","\)/,
  );
  await refused(() => csv('1158,06;71,22'), /column 2 is "06;71"|say so \(--decimal , or decimal: ","\)/);
  await refused(() => csv('a\n1,5'), /line 2 has more than 1 cells.*if commas are decimal marks/);
  await refused(() => csv('a;b\n1.5;2', { decimal: ',' }), /points are no decimal marks here/);
  await refused(() => csv('a,b\n1,NA'), /column 2 is "NA".*fill the gap/);
  await refused(
    () => csv(PUMPS, { columns: ['flo'] }),
    /no column "flo" \(did you mean flow\?\): its first line names "id", "flow"/,
  );
  await refused(
    () => csv(PUMPS, { match: ['flow', 'hum'] }),
    /no column "hum", which the model was trained on: its first/,
  );
  await refused(
    () => csv('1,2', { columns: ['flow'] }),
    /first line names no columns, so there is no "flow": choose columns by/,
  );
  await refused(() => csv('a,a\n1,2', { columns: ['a'] }), /two columns are named "a": choose columns by position/);
  await refused(() => csv('1,2', { columns: [3] }), /column 3 is asked for: its columns are 1 to 2/);
  await refused(() => csv('1,2', { id: 0 }), /column 0 is asked for: its columns are 1 to 2/);
  await refused(() => csv('id\nP7', { id: 'id' }), /no column is left to read as numbers: give some beside the id/);
});

test('csvExamples refuses options that are none, for callers without types', async () => {
  const given = (options: unknown) => () => csv('1,2', options as CsvOptions);
  await refused(given(null), /options is null/);
  await refused(given({ column: [1] }), /options.column is not known: the keys here are columns, .*match, .*id/);
  await refused(given({ columns: 'a' }), /options.columns is "a": it must be a list of names, or of positions/);
  await refused(given({ columns: [] }), /options.columns is \[\]/);
  await refused(given({ columns: [true] }), /options.columns is \[true\]/);
  await refused(given({ match: [1] }), /options.match is \[1\]: it must be a list of names/);
  await refused(given({ id: true }), /options.id is true: it must be a name, or a position/);
  await refused(given({ decimal: ';' }), /options.decimal is ";": it must be "\." or ","/);
});

test.run();
