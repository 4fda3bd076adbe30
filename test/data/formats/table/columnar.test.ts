import * as arrow from '@uwdata/flechette';
import { type Column, columnFromArray, tableFromColumns, tableToIPC } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Examples } from '../../../../src/data/examples.ts';
import { arrowExamples } from '../../../../src/data/formats/arrow/arrow-examples.ts';
import { unlz4 } from '../../../../src/data/formats/arrow/lz4-frame.ts';
import { parquetExamples } from '../../../../src/data/formats/parquet/parquet-examples.ts';
import { bytesOf, refused } from '../../refused.ts';

const rows = ({ x }: Examples) =>
  Array.from({ length: x.shape[0] }, (_, i) => Array.from({ length: x.shape[1] }, (_, j) => x.get(i, j)));

const DAYS = [new Date('2024-01-01'), new Date('2024-01-02'), new Date('2024-01-03')];

function parquet(codec?: 'SNAPPY' | 'UNCOMPRESSED'): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'when', data: DAYS, type: 'TIMESTAMP' },
        { name: 'key', data: ['k1', 'k2', 'k3'], type: 'STRING' },
        { name: 'kind', data: ['a', 'b', 'a'], type: 'STRING' },
        { name: 'n', data: [1, null, 3], type: 'DOUBLE', nullable: true },
        { name: 'half', data: [0.5, 1, -2], type: 'FLOAT16' },
        { name: 'big', data: [1n, 2n, 3n], type: 'INT64' },
        { name: 'ok', data: [true, false, true], type: 'BOOLEAN' },
      ],
      ...(codec ? { codec } : {}),
    }),
  );
}

const EXPECTED = [
  [1, 0, 1, 0.5, 1, 1],
  [0, 1, Number.NaN, 1, 2, 0],
  [1, 0, 3, -2, 3, 1],
];
const NAMES = ['kind=a', 'kind=b', 'n', 'half', 'big', 'ok'];

test('Parquet: texts, gaps, half precision, 64-bit integers, true and false; dates are refused', async () => {
  for (const codec of ['SNAPPY', 'UNCOMPRESSED'] as const) {
    const read = await parquetExamples(parquet(codec), { without: ['when'], gaps: 'keep' });
    assert.equal([rows(read), read.columns, read.ids, read.gaps], [EXPECTED, NAMES, ['k1', 'k2', 'k3'], 1]);
    const next = await parquetExamples(parquet(codec), { treatment: read.treatment, gaps: 'drop' });
    assert.equal(rows(next), [EXPECTED[0], EXPECTED[2]]);
  }
  await refused(() => parquetExamples(parquet()), /the column "when" holds dates \("2024-01-01T00:00:00.000Z"\)/);
  await refused(() => parquetExamples(parquet(), { columns: ['nn'] }), /Parquet file: it has no column "nn"/);
});

/** Embeddings as a list column, in two row groups. */
function embeddings(): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      rowGroupSize: 2,
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'e', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'FLOAT', repetition_type: 'OPTIONAL' },
      ],
      columnData: [
        { name: 'text', data: ['one', 'two', 'three'] },
        {
          name: 'e',
          data: [
            [1, 2],
            [3, 4],
            [5, 6.5],
          ],
        },
      ],
    }),
  );
}

test('a list column is the rows themselves', async () => {
  const read = await parquetExamples(embeddings());
  assert.equal(
    [rows(read), read.ids],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6.5],
      ],
      ['one', 'two', 'three'],
    ],
  );
  const chosen = await parquetExamples(embeddings(), { columns: ['e'] });
  assert.equal(rows(chosen), rows(read));
});

test('Parquet that lies or is cut is refused in bounded memory', async () => {
  const file = parquet('UNCOMPRESSED');
  for (const end of [0, 3, 8, 40, file.length >> 1, file.length - 1]) {
    await refused(() => parquetExamples(file.slice(0, end)), /^Parquet file: .*: it is cut, damaged/);
  }
  // The footer's length points before the file.
  const outside = file.slice();
  new DataView(outside.buffer).setUint32(outside.length - 8, 0x7fffffff, true);
  await refused(() => parquetExamples(outside), /Parquet file: it cannot be read/);
});

/** Columns of an Arrow table. */
function arrowTable(format: 'stream' | 'file', codec?: number): Uint8Array {
  const table = tableFromColumns({
    when: columnFromArray(DAYS, arrow.timestamp(arrow.TimeUnit.MILLISECOND)) as Column<unknown>,
    key: columnFromArray(['k1', 'k2', 'k3'], arrow.utf8()) as Column<unknown>,
    kind: columnFromArray(['a', 'b', 'a'], arrow.dictionary(arrow.utf8())) as Column<unknown>,
    n: columnFromArray([1, null, 3], arrow.float64()) as Column<unknown>,
    half: columnFromArray([0.5, 1, -2], arrow.float16()) as Column<unknown>,
    big: columnFromArray([1n, 2n, 3n], arrow.int64()) as Column<unknown>,
    ok: columnFromArray([true, false, true], arrow.bool()) as Column<unknown>,
  });
  return tableToIPC(table, { format, ...(codec === undefined ? {} : { codec }) } as never) as Uint8Array;
}

test('Arrow: the file and the stream format give what Parquet gives', async () => {
  for (const format of ['stream', 'file'] as const) {
    const read = await arrowExamples(arrowTable(format), { without: ['when'], gaps: 'keep' });
    assert.equal([rows(read), read.columns, read.ids, read.gaps], [EXPECTED, NAMES, ['k1', 'k2', 'k3'], 1]);
    await refused(() => arrowExamples(arrowTable(format)), /the column "when" holds dates/);
  }
  const lists = [
    [1, 2],
    [3, 4.5],
  ];
  for (const type of [arrow.fixedSizeList(arrow.float32(), 2), arrow.list(arrow.float64())]) {
    const table = tableFromColumns({ e: columnFromArray(lists, type) as Column<unknown> });
    const read = await arrowExamples(tableToIPC(table, { format: 'file' }) as Uint8Array);
    assert.equal(rows(read), lists);
  }
  const nested = tableFromColumns({
    s: columnFromArray([{ a: 1 }], arrow.struct({ a: arrow.int32() })) as Column<unknown>,
  });
  await refused(
    () => arrowExamples(tableToIPC(nested, {}) as Uint8Array),
    /the column "s" is of a type that is no column/,
  );
});

test('Arrow that lies or is cut is refused', async () => {
  const file = arrowTable('stream');
  for (const end of [0, 3, 8, 100, file.length >> 1]) {
    await refused(() => arrowExamples(file.slice(0, end)), /^Arrow file: /);
  }
  await refused(() => arrowExamples(new TextEncoder().encode('FEA1....')), /Feather of version 1: write it anew/);
});

test('LZ4 frames are unpacked as the lz4 program packs them', async () => {
  // `lz4 -c` and `lz4 -c -BX --content-size` of forty times the text.
  const text = 'abcabcabcabcabcabcabcabcabc-end'.repeat(40);
  for (const base64 of [
    'BCJNGGRApx0AAAA/YWJjAwAFTy1lbmQcAAUPHwD/////jVBjLWVuZAAAAAAkOAvO',
    'BCJNGHRAvR0AAAA/YWJjAwAFTy1lbmQcAAUPHwD/////jVBjLWVuZBI5i4IAAAAAJDgLzg==',
  ]) {
    assert.is(new TextDecoder().decode(unlz4(bytesOf(base64), text.length, 'x')), text);
    await refused(() => unlz4(bytesOf(base64), text.length - 1, 'x'), /a part that LZ4 packs cannot be unpacked/);
  }
  const stored = Uint8Array.of(4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 3, 0, 0, 0x80, 97, 98, 99, 0, 0, 0, 0);
  assert.equal([...unlz4(stored, 3, 'x')], [97, 98, 99]);
  // A literal of three bytes, then twelve that repeat it; a last literal.
  const block = [0x38, 97, 98, 99, 3, 0, 0x10, 33];
  const frame = Uint8Array.of(4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, block.length, 0, 0, 0, ...block, 0, 0, 0, 0);
  assert.is(new TextDecoder().decode(unlz4(frame, 16, 'x')), 'abcabcabcabcabc!');
  await refused(() => unlz4(frame, 15, 'x'), /cannot be unpacked/);
});

test.run();
