import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Examples } from '../../../../src/data/examples.ts';
import { csvExamples } from '../../../../src/data/formats/csv.ts';
import { csvTableExamples } from '../../../../src/data/formats/table/csv-table-examples.ts';
import type { TableOptions } from '../../../../src/data/formats/table/table-options.ts';
import { refused } from '../../refused.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const csv = (text: string, options?: TableOptions) => csvTableExamples(bytes(text), options);
const rows = ({ x }: Examples) =>
  Array.from({ length: x.shape[0] }, (_, i) => Array.from({ length: x.shape[1] }, (_, j) => x.get(i, j)));

const PUMPS =
  'when,pump_id,pump,on,flow,note\n2024-01-01 00:00,7,B,true,1.5,ok\n2024-01-01 00:01,8,A,false,NA,worn\n2024-01-01 00:02,9,B,,2.5,ok\n2024-01-01 00:03,10,A,true,3,ok\n';

test('columns are treated by what they hold: numbers, true and false, categories, ids', () => {
  const read = csv(PUMPS, { without: ['when'], gaps: 'keep', lines: true });
  assert.equal(read.columns, ['pump=A', 'pump=B', 'on', 'flow', 'note=ok', 'note=worn']);
  assert.equal(rows(read), [
    [0, 1, 1, 1.5, 1, 0],
    [1, 0, 0, Number.NaN, 0, 1],
    [0, 1, Number.NaN, 2.5, 1, 0],
    [1, 0, 1, 3, 1, 0],
  ]);
  assert.equal(
    [read.ids, read.lines, read.gaps, read.treatment?.id],
    [['7', '8', '9', '10'], [2, 3, 4, 5], 2, 'pump_id'],
  );
  assert.equal(read.notes, [
    'numbers as they are: flow',
    'true and false as 1 and 0: on',
    'one input a category: pump (A, B), note (ok, worn)',
    'names of the examples, no input: pump_id',
    'gaps: 1 in on, 1 in flow',
  ]);
});

test('a table of numbers alone is read as csvExamples reads it, bit for bit and note for note', () => {
  for (const text of ['a,b\n1,2\n3,4\n', ',a\n0,1\n1,2\n2,5\n', '0,5\n1,6\n2,7\n', '# x y\n1 2\n3 4\n', '1;2\n3;4\n']) {
    assert.equal(csv(text), csvExamples(bytes(text)));
  }
});

test('new tables are treated as those of training: other orders, unknown categories, gaps', async () => {
  const { treatment } = csv('id,pump,flow\nP1,A,1\nP2,B,2\nP3,A,4\n');
  const next = csv('flow,x,pump\n5,7,B\n6,7,C\n7,7,\n', { treatment });
  assert.equal(rows(next), [
    [0, 1, 5],
    [0, 0, 6],
    [0, 0, 7],
  ]);
  assert.is(next.ids, undefined);
  assert.match(
    next.notes?.join('; ') ?? '',
    /pump: 1 of 3 cells are of categories that training did not show: all zeros/,
  );
  // Categories that look like numbers stay categories; without a header the places of training are read.
  assert.equal(rows(csv('Q1,7,3\n', { treatment, header: false })), [[0, 0, 3]]);
  await refused(() => csv('flow\n5\n', { treatment }), /it has no column "pump", which the model was trained on/);
  await refused(() => csv('pump,flow\nA,x\n', { treatment }), /line 2, column 2 is "x"/);
  await refused(
    () => csv('pump,flow\nA,NA\n', { treatment }),
    /1 number is missing, 1 in flow: the model was trained without/,
  );
});

test('gaps are refused with their columns and the remedies, or their rows are left out', async () => {
  const text = 'a,b,c\n1,,3\n2,NaN,4\nNone,5,5\n6,7,8\n';
  await refused(
    () => csv(text),
    /3 numbers are missing, 2 in b, 1 in a: fill them \(--fill median of rhohat train\), leave their rows out/,
  );
  const read = csv(text, { gaps: 'drop', lines: true });
  assert.equal([rows(read), read.lines], [[[6, 7, 8]], [5]]);
  assert.match(read.notes?.join() ?? '', /3 of 4 rows have gaps and are left out: lines 2, 3, 4/);
  await refused(() => csv('a,b\n,1\n2,\n', { gaps: 'drop' }), /every row has a gap/);
  for (const gap of ['', 'NA', 'NaN', 'nan', 'null', 'None', '?', 'N/A', '-']) {
    assert.equal(rows(csv(`a,b\n1,2\n${gap},3\n`, { gaps: 'keep' }))[1], [Number.NaN, 3], gap);
  }
});

test('dates are refused with advice, what only looks like a number with its line, free texts are left out aloud', async () => {
  await refused(() => csv(PUMPS), /the column "when" holds dates \("2024-01-01 00:00"\).*\(--without when\)/);
  for (const date of ['2024-01-05', '05.01.2024', '1/5/24', '12:30:05', '2024-01-05T10:00:00.5Z', '5 Jan 2024']) {
    await refused(() => csv(`a;b\n${date};1\n`), /holds dates/);
  }
  await refused(() => csv('a,b\n1,2\nx,3\n5,6\n'), /line 3, column 1 is "x"/);
  await refused(() => csv('a;b\n1,5;2\n2,5;x\n'), /line 2, column 1 is "1,5".*if commas are decimal marks, say so/);
  await refused(() => csv('a,b\ninf,2\n3,4\n5,6\n'), /line 2, column 1 is "inf"/);
  const words = Array.from({ length: 60 }, (_, k) => `${k},text ${Math.floor(k / 1.5)}\n`).join('');
  const read = csv(`a,b\n${words}`);
  assert.equal([read.x.shape, read.treatment?.leftOut], [[60, 1], [{ name: 'b', why: '40 different texts' }]]);
  await refused(() => csv(`a,b\n${words}`, { columns: ['a', 'b'] }), /the column "b" holds 40 different texts/);
  await refused(() => csv(PUMPS, { without: ['whn'] }), /no column "whn" \(did you mean when\?\)/);
});

test('labels are whole numbers, or texts in their order, and no input', async () => {
  const read = csv('a,kind\n1,x\n2,w\n3,x\n', { label: 'kind' });
  assert.equal(
    [rows(read), [...(read.labels ?? [])], read.classes],
    [
      [[1], [2], [3]],
      [1, 0, 1],
      ['w', 'x'],
    ],
  );
  const next = csv('a,kind\n1,x\n', { label: 'kind', treatment: read.treatment, classes: read.classes });
  assert.equal([...(next.labels ?? [])], [1]);
  await refused(
    () => csv('a,kind\n1,z\n', { label: 'kind', treatment: read.treatment, classes: read.classes }),
    /holds the class "z", which training never showed/,
  );
  assert.equal([...(csv('7,1\n0,2\n', { label: 1 }).labels ?? [])], [7, 0]);
  const signs = csv('-1,1\n1,2\n', { label: 1 });
  assert.equal(
    [[...(signs.labels ?? [])], signs.classes],
    [
      [0, 1],
      ['-1', '1'],
    ],
  );
  await refused(() => csv('a,k\n1,0.5\n', { label: 'k' }), /"k" holds 0.5: labels are texts, or whole numbers/);
  await refused(() => csv('a,k\n1,x\n2,\n', { label: 'k' }), /line 3 has no label in "k"/);
});

test('a column of whole numbers under the name of an id names the examples', () => {
  const read = csv('id,a\n3,1\n5,2\n4,3\n');
  assert.equal(
    [rows(read), read.ids],
    [
      [[1], [2], [3]],
      ['3', '5', '4'],
    ],
  );
  assert.equal(rows(csv('id,a\n3,1\n3,2\n')), [
    [3, 1],
    [3, 2],
  ]);
  assert.equal(rows(csv('id,a\n3,1\n4,2\n', { columns: ['id', 'a'] })), [
    [3, 1],
    [4, 2],
  ]);
});

test('the delimiter may be said', async () => {
  assert.equal(rows(csv('a|b\n1|2\n3|4\n', { delimiter: '|' })), [
    [1, 2],
    [3, 4],
  ]);
  await refused(() => csv('a|b\n1|2\n', { delimiter: '1' }), /options\.delimiter is "1": it must be one character/);
});

test.run();
