import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { csvExamples } from '../../src/data/formats/csv.ts';
import type { CsvOptions } from '../../src/data/formats/csv-columns.ts';
import { refused } from './refused.ts';

const csv = (text: string, options?: CsvOptions) => csvExamples(new TextEncoder().encode(text), options);
const rows = (text: string, options?: CsvOptions) => {
  const { x } = csv(text, options);
  return Array.from({ length: x.shape[0] }, (_, i) => Array.from({ length: x.shape[1] }, (__, j) => x.get(i, j)));
};
const notes = (text: string, options?: CsvOptions) => csv(text, options).notes?.join('; ') ?? '';
const four = [
  [1, 2],
  [-3, 4.5],
];

test('a header of numbers from 0 is one, and said to be', async () => {
  const table = '0,1\n2.5,7\n3,8\n4,9\n';
  assert.equal(rows(table), [
    [2.5, 7],
    [3, 8],
    [4, 9],
  ]);
  assert.is(notes(table), 'its first line, 0,1, names the columns: --header no makes an example of it');
  assert.equal(csv(table).columns, ['0', '1']);
  assert.is(csv(table, { header: false }).x.shape[0], 4);
  assert.equal(csv(table, { header: true }).notes, undefined);
  assert.is(csv('0,1,2,3,4\n9,9,9,9,9').x.shape[0], 1);
  assert.match(notes('0,1,2,3,4\n9,9,9,9,9'), /its first line, 0,1,2,…, names/);
  assert.is(csv('"0","1"\n5,6\n').x.shape[0], 1);
  assert.equal(rows('0,1\n'), [[0, 1]]); // one line alone names nothing
  // Years, and the model that was trained on them.
  assert.is(csv('2019,2020\n5,6\n7,9', { header: true }).x.shape[0], 2);
  assert.equal(rows('2020,2019\n6,5\n', { match: ['2019', '2020'] }), [[5, 6]]);
  // No header: numbers that begin otherwise, one column, a table of 0 and 1, which is asked about.
  for (const text of ['1,2\n3,4', '0,2\n3,4', '0\n1\n5', '1,0\n0,1'])
    assert.is(csv(text).x.shape[0], text.split('\n').length);
  await refused(() => csv('0,1\n1,0\n1,1'), /say whether it names the columns \(--header yes\) or is an example/);
  assert.is(csv('0,1\n1,0\n1,1', { header: false }).x.shape[0], 3);
  await refused(() => csv('1,2', { header: 'no' as unknown as boolean }), /options\.header is "no"/);
});

test('an index that pandas or R wrote is left out, and said to be', () => {
  const left = /numbers the rows: it is left out \(--columns reads it\)$/;
  for (const text of [',a,b\n0,1,2\n1,-3,4.5', '"","a","b"\n"1",1,2\n"2",-3,4.5', 'Unnamed: 0,a,b\n7,1,2\n3,-3,4.5']) {
    assert.equal(rows(text), four, text);
    assert.match(notes(text), left);
    assert.equal(csv(text).columns, ['a', 'b']);
    assert.equal([csv(text).positions, csv(text).cells], [[2, 3], 3]);
  }
  // Without names at all: ",0,1".
  assert.equal(rows(',0,1\n0,1,2\n1,-3,4.5'), four);
  assert.equal(csv(',0,1\n0,1,2\n1,-3,4.5').columns, ['0', '1']);
  // Names of rows.
  assert.equal(rows(',a,b\nMazda RX4,1,2\nFiat,-3,4.5'), four);
  assert.match(notes(',a,b\nMazda RX4,1,2\nFiat,-3,4.5'), /holds no numbers: it is left out/);
  // Without a header: 0, 1, 2, ….
  assert.equal(rows('0,5,1\n1,6,2\n2,7,2'), [
    [5, 1],
    [6, 2],
    [7, 2],
  ]);
  assert.match(notes('0,5,1\n1,6,2\n2,7,2'), /counts the rows from 0: it is left out/);
});

test('a first column that is data stays', () => {
  for (const text of [
    ',a\n1,2\n1,3', // twice the same
    ',a\n1.5,2\n2.5,3',
    '0,5\n1,6\n3,7',
    '1,5\n2,6\n3,7',
    '0,5\n1,6', // two rows count by accident
    '0\n1\n2',
  ])
    assert.is(csv(text).x.shape[1], text.split('\n')[1].split(',').length, text);
  const named = 'id,a\n0,5\n1,6\n2,7';
  assert.is(csv(named).x.shape[1], 2);
  assert.match(notes(named), /its first column, "id", counts the rows, and is read: --columns leaves it out/);
  // What is asked for is read.
  assert.equal(rows(',a\n0,5\n1,6', { columns: [1, 2] }), [
    [0, 5],
    [1, 6],
  ]);
  assert.equal(rows(',a\n0,5\n1,6', { columns: [1] }), [[0], [1]]);
});

test('columns that are aligned by spaces are read', () => {
  assert.equal(rows(' 1.0   2.0\n-3.0   4.5\n'), four);
  assert.equal(rows('  1.0000000e+00   2.0000000e+00\n -3.0000000e+00   4.5000000e+00\n'), four); // MATLAB's save -ascii
  assert.equal(rows('1.000e+00 2.000e+00\n-3.000e+00 4.500e+00\n'), four); // numpy.savetxt
  assert.equal(rows('1.0 \t2.0\n-3.0  4.5  \n'), four);
  assert.equal(rows('flow  heat\n 1  2\n-3  4.5'), four);
  assert.equal(rows('"a b"   c\n1 2\n-3 "4.5"'), four);
});

test('what stands before a table is read: sep=;, comments, names in a comment, blank lines', async () => {
  assert.equal(rows('sep=;\nflow, l/s;heat\n1;2\n-3;4.5\n'), four);
  assert.equal(rows('\ufeffsep=,\r\na,b\r\n1,2\r\n-3,4.5\r\n'), four);
  assert.equal(csv('# temp flow\n1 2\n-3 4.5').columns, ['temp', 'flow']);
  assert.equal(csv('# temp,flow\n1,2\n-3,4.5').columns, ['temp', 'flow']);
  assert.equal(csv('#temp\tflow\n1\t2').columns, ['temp', 'flow']);
  assert.equal(csv('# temp,flow\n1,2\n-3,4.5').notes, undefined);
  const octave = '# name: x\n# type: matrix\n# rows: 2\n# columns: 2\n 1 2\n -3 4.5\n\n\n';
  assert.equal(rows(octave), four);
  assert.match(notes(octave), /4 lines that begin with # are passed over/);
  assert.equal(rows('# 5 6\n1 2\n-3 4.5'), four);
  assert.match(notes('# 5 6\n1 2\n-3 4.5'), /a line that begins with # is passed over/);
  assert.equal(rows('# made by\n1 2\n-3 4.5', { match: ['a', 'b'] }), four);
  assert.equal(rows('# heat flow\n2 1\n4.5 -3', { match: ['flow', 'heat'] }), four);
  await refused(() => csv('# a b\n'), /holds no numbers/);
});

test('the delimiter is the one that cuts lines alike', async () => {
  assert.equal(rows('flow, l/s;heat\n1;2\n-3;4.5'), four);
  assert.equal(rows('a;b, c; d\n1;2;3').length, 1);
  assert.equal(rows('the flow,the heat\n1,2\n-3,4.5'), four);
  await refused(
    () => csv('flow;heat\n1,5;2,5\n'),
    /line 2, column 1 is "1,5".*if the comma|if commas are decimal marks/,
  );
});

test('blank lines, line breaks in quotes and line numbers after them', async () => {
  assert.equal(rows('a,b\n\n1,2\n   \n-3,4.5\n\n'), four);
  const noted = 'n,a,b\n"two\nlines",1,2\n"and ""three""\n\nhere",-3,4.5\n';
  assert.equal(rows(noted, { columns: ['a', 'b'] }), four);
  assert.equal(csv(noted, { id: 'n' }).ids, ['two lines', 'and "three" here']);
  await refused(() => csv(`${noted}x,1,z`, { columns: ['a', 'b'] }), /line 7, column 3 is "z"/);
  await refused(() => csv('1,2\n\n3,x'), /line 3, column 2 is "x"/);
  await refused(() => csv('1\n\n3'), /line 2, column 1 is ""/); // a gap: there is no other cell
  await refused(() => csv('a,b\n1,"2\n3,4'), /line 2: a quote is opened and never closed/);
});

test('marks between thousands are told as what they are', async () => {
  await refused(() => csv('a,b\n"1,125,002",2'), /marks between thousands are not read: write 1125002/);
  await refused(() => csv("a;b\n12'000;2"), /marks between thousands are not read: write 12000/);
  await refused(() => csv('a,b\n"1,125",2'), /if the comma is a decimal mark.*between thousands, write 1125/);
  await refused(() => csv('a;b\n1.125.002,5;2', { decimal: ',' }), /between thousands are not read: write 1125002,5/);
});

test.run();
