import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Examples } from '../../../../src/data/examples.ts';
import { jsonLinesExamples } from '../../../../src/data/formats/json-lines.ts';
import { libsvmExamples } from '../../../../src/data/formats/libsvm.ts';
import type { TableOptions } from '../../../../src/data/formats/table/table-options.ts';
import { refused } from '../../refused.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const jsonl = (text: string, options?: TableOptions) => jsonLinesExamples(bytes(text), options);
const svm = (text: string, options?: TableOptions) => libsvmExamples(bytes(text), options);
const rows = ({ x }: Examples) =>
  Array.from({ length: x.shape[0] }, (_, i) => Array.from({ length: x.shape[1] }, (_, j) => x.get(i, j)));

test('JSON lines: objects by their keys, lists by their places, missing keys are gaps', async () => {
  const read = await jsonl(
    '{"id":"a","n":1,"ok":true,"kind":"x"}\n\n{"id":"b","ok":false,"kind":"y","n":2}\r\n{"kind":"x","n":null,"ok":true,"id":"c"}\n',
    { gaps: 'keep', lines: true },
  );
  assert.equal(read.columns, ['n', 'ok', 'kind=x', 'kind=y']);
  assert.equal(rows(read), [
    [1, 1, 1, 0],
    [2, 0, 0, 1],
    [Number.NaN, 1, 1, 0],
  ]);
  assert.equal(
    [read.ids, read.lines],
    [
      ['a', 'b', 'c'],
      [1, 3, 4],
    ],
  );
  assert.equal(rows(await jsonl('[1,2.5]\n[3,-4e1]\n')), [
    [1, 2.5],
    [3, -40],
  ]);
  const embedded = await jsonl('{"text":"one","e":[1,2,3]}\n{"text":"two","e":[4,5,6]}');
  assert.equal(
    [rows(embedded), embedded.ids, embedded.columns],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      ['one', 'two'],
      ['e[0]', 'e[1]', 'e[2]'],
    ],
  );
});

test('JSON lines that are no table are refused, naming the line or the column', async () => {
  for (const [text, message] of [
    ['{"a":1}\n[1]\n', /line 2 holds something else than an object/],
    ['3\n', /line 1 holds no object and no list/],
    ['{"a":1\n', /line 1 is not JSON/],
    ['{"a":{"b":1}}\n', /the column "a" holds an object in row 0/],
    ['{"a":1}\n{"a":"x"}\n', /the column "a" holds something else than a number in row 1/],
    ['{"a":[1,2]}\n{"a":[1]}\n', /a list of 1 in row 1 \(counted from 0\), and one of 2 in row 0/],
    ['{"a":[1,[2]]}\n', /something else than a list of numbers/],
    ['[1,2]\n[1]\n', /line 2 has a list of 1, line 1 one of 2/],
    ['{}\n', /its objects are empty/],
    ['\n', /it holds no rows/],
    ['{"__proto__":1}\n', /holds the key "__proto__", which is not allowed/],
    ['{"a":"2024-01-01"}\n{"a":"2024-01-02"}\n', /the column "a" holds dates/],
  ] as const) {
    await refused(() => jsonl(text), message);
  }
  const many = Array.from({ length: 3000 }, (_, k) => `{"k${k}":1}`).join('\n');
  const wide = `[${'1,'.repeat(2 ** 20)}1]\n`;
  await refused(() => jsonl(wide), /line 1 has a list of 1048577: at most 1048576 numbers/);
  await refused(() => jsonl(many), /different keys in .* objects: give objects of like keys/);
});

test('LIBSVM: dense rows, indices from 1 or 0, labels of their own', async () => {
  const text = '# made by hand\n-1 1:0.5 3:2\n+1 2:1e1 # odd\n-1\n';
  const read = svm(text);
  assert.equal(rows(read), [
    [0.5, 0, 2],
    [0, 10, 0],
    [0, 0, 0],
  ]);
  assert.equal(read.columns, ['features[1]', 'features[2]', 'features[3]']);
  const labelled = svm(text, { label: 'label', lines: true });
  assert.equal(
    [[...(labelled.labels ?? [])], labelled.classes, labelled.lines],
    [
      [0, 1, 0],
      ['-1', '1'],
      [2, 3, 4],
    ],
  );
  assert.equal(rows(svm('3 0:1 qid:7 2:5\n', {})), [[1, 0, 5]]);
  // New data are as wide as those of training, and their indices begin as theirs do.
  assert.equal(rows(svm('1 2:7\n', { treatment: read.treatment })), [[0, 7, 0]]);
  await refused(() => svm('1 4:7\n', { treatment: read.treatment }), /index 4 is beyond those of training, 1 to 3/);
});

test('LIBSVM that lies is refused, naming the line, and sets no memory aside', async () => {
  for (const [text, message] of [
    ['x 1:2\n', /line 1: its label is "x"/],
    ['1 1:2 1:3\n', /line 1: index 1 follows 1: indices must rise/],
    ['1 2:x\n', /line 1 holds "2:x": entries are index:value/],
    ['1 1:nan\n', /line 1 holds "1:nan"/],
    ['1\n2\n', /no line has an entry/],
    ['', /it holds no rows/],
    ['1 999999999:1\n', /1 rows of 999999999 numbers, zeros included, take more than 1 GiB/],
  ] as const) {
    await refused(() => svm(text), message);
  }
});

test.run();
