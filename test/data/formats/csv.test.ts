import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { csvExamples } from '../../../src/data/formats/csv.ts';
import { refused } from '../refused.ts';

const csv = (text: string) => csvExamples(new TextEncoder().encode(text));

test('csvExamples reads numbers in plain and scientific notation', () => {
  const { x, unit } = csv('1,-2.5,3e-2\n+4, .5 ,6.\n');
  assert.equal(x.shape, [2, 3]);
  assert.equal(x.data, Float64Array.of(1, -2.5, 0.03, 4, 0.5, 6));
  assert.is(unit, 1);
});

test('csvExamples leaves out a line of column names', () => {
  assert.equal(csv('label,1x1,"a, b"\n1,2,3').x.data, Float64Array.of(1, 2, 3));
});

test('csvExamples reads semicolons, tabs, spaces, one column, Windows line ends and a byte order mark', () => {
  for (const text of ['1;2\n3;4', '1\t2\n3\t4', '1 2\n3 4', '1,2\r\n3,4\r\n', '\ufeff1,2\n3,4', '1,2\r\n3,4\n\n']) {
    const { x } = csv(text);
    assert.equal([x.shape, x.data], [[2, 2], Float64Array.of(1, 2, 3, 4)], JSON.stringify(text));
  }
  assert.equal(csv('1\n2\n').x.shape, [2, 1]);
});

test('csvExamples names line and column of a cell that is no number', async () => {
  await refused(() => csv('a,b\n1,2\n3,x'), /line 3, column 2 is "x"/);
  await refused(() => csv('1,2\n3,'), /line 2, column 2 is "".*fill the gap, or leave out its row, or its column/);
  await refused(() => csv('1,2\n3,NaN'), /line 2, column 2 is "NaN"/);
  await refused(() => csv('nan,inf\n3,4'), /line 1, column 1 is "nan"/);
  await refused(() => csv('1,x\n3,4'), /line 1, column 2 is "x"/);
  await refused(() => csv('1e999,2'), /line 1, column 1 is "1e999"/);
  await refused(() => csv('0x10,2\n1,1_000'), /line 1, column 1/);
  await refused(() => csv('1.5;2,5'), /line 1, column 1/);
});

test('csvExamples reads cells in quotes, and refuses quotes within a cell', async () => {
  assert.equal(csv('"a ""b"", c",d\n"1",2\n3,"-4.5"').x.data, Float64Array.of(1, 2, 3, -4.5));
  await refused(() => csv('1,2\n"3"4,5'), /line 2: text follows a closing quote/);
  await refused(() => csv('"1\n2"'), /line 1, column 1 is "1\\n2"/);
});

test('csvExamples names the line of a wrong length', async () => {
  await refused(() => csv('1,2\n3\n5,6'), /line 2 has 1 cells, line 1 has 2/);
  await refused(() => csv('1,2\n\n5,6\n7'), /line 4 has 1 cells, line 1 has 2/);
  await refused(() => csv('1,2\n3,4,5'), /line 2 has more than 2 cells/);
});

test('csvExamples refuses files without numbers, open quotes and other encodings', async () => {
  for (const text of ['', '\n\n', '  \n', 'a,b\n']) await refused(() => csv(text), /holds no numbers/);
  await refused(() => csv('1,2\n"3,4'), /CSV file: line 2/);
  await refused(() => csvExamples(Uint8Array.of(0xff, 0xfe, 0x31, 0)), /not UTF-8/);
});

test.run();
