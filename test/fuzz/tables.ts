import {
  type Column,
  columnFromArray,
  dictionary,
  float32,
  list,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import type { Examples } from '../../src/data/examples.ts';
import { arrowExamples } from '../../src/data/formats/arrow/arrow-examples.ts';
import { jsonLinesExamples } from '../../src/data/formats/json-lines.ts';
import { libsvmExamples } from '../../src/data/formats/libsvm.ts';
import { parquetExamples } from '../../src/data/formats/parquet/parquet-examples.ts';
import { csvTableExamples } from '../../src/data/formats/table/csv-table-examples.ts';
import type { TableOptions } from '../../src/data/formats/table/table-options.ts';
import { type Target, whole } from './fuzz.ts';

type Read = (bytes: Uint8Array, options?: TableOptions) => Examples | Promise<Examples>;

const text = (value: string) => new TextEncoder().encode(value);

/** A reader of tables: what it read once is read again alike by the treatment that it found. */
function table(name: string, read: Read, seeds: readonly Uint8Array[]): Target {
  return whole<Examples>({
    name,
    seeds,
    read: (bytes) => read(bytes, { gaps: 'keep' }),
    async check({ x, treatment, ids }, bytes) {
      const [m, d] = x.shape;
      assert.is(x.data.length, m * d);
      assert.ok(m > 0 && d > 0);
      if (ids) assert.is(ids.length, m);
      if (treatment === undefined) return;
      const again = await read(bytes, { gaps: 'keep', treatment });
      assert.is(toFlat(again.x, new Float64Array(m * d)).join(), toFlat(x, new Float64Array(m * d)).join()); // gaps are NaN
    },
  }) as Target;
}

const csv = table('table', (bytes, options) => csvTableExamples(bytes, options), [
  text('id,pump,on,flow\nP1,A,true,1.5\nP2,B,false,NA\nP3,A,,2\n'),
  text('a;b;c\n1.5;x;7\n2.5;"y z";8\n'),
  text(',k,v\n0,x,1\n1,y,2\n5,x,3\n'),
  text('q w\nx 1\ny 2\nx 3\nz nan\n'),
]);

const jsonLines = table('json lines', jsonLinesExamples, [
  text('{"id":"a","n":1,"ok":true,"k":"x"}\n{"id":"b","n":null,"ok":false,"k":"y"}\n'),
  text('[1,2.5e3]\n[3,-4]\n'),
  text('{"t":"one","e":[1,2,3]}\n\n{"t":"two","e":[4,5,6]}\n'),
]);

const libsvm = table('libsvm', (bytes, options) => libsvmExamples(bytes, options), [
  text('-1 1:0.5 3:2\n+1 2:1e1 # odd\n-1\n'),
  text('# x\n3 qid:7 0:1 2:5\n'),
]);

const parquet = table(
  'parquet',
  parquetExamples,
  (['UNCOMPRESSED', 'SNAPPY'] as const).map(
    (codec) =>
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'key', data: ['k1', 'k2', 'k3'], type: 'STRING' },
            { name: 'kind', data: ['a', 'b', 'a'], type: 'STRING' },
            { name: 'n', data: [1, null, 3], type: 'DOUBLE', nullable: true },
            { name: 'h', data: [0.5, 1, -2], type: 'FLOAT16' },
            { name: 'i', data: [1n, 2n, 3n], type: 'INT64' },
            { name: 'j', data: [5, 5, 5], type: 'INT32' },
            { name: 'ok', data: [true, false, true], type: 'BOOLEAN' },
          ],
          codec,
        }),
      ),
  ),
);

const columns = tableFromColumns({
  kind: columnFromArray(['a', 'b', 'a'], dictionary(utf8())) as Column<unknown>,
  n: columnFromArray([1, null, 3]) as Column<unknown>,
  ok: columnFromArray([true, false, true]) as Column<unknown>,
  e: columnFromArray(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    list(float32()),
  ) as Column<unknown>,
});

const arrow = table(
  'arrow',
  arrowExamples,
  (['file', 'stream'] as const).map((format) => tableToIPC(columns, { format }) as Uint8Array),
);

export const tables: readonly Target[] = [csv, jsonLines, libsvm, parquet, arrow];
