import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { TwoByteNumbers } from '../../src/array/two-byte.ts';
import type { RowContext } from '../../src/data/formats/contexts.ts';
import { contextsOf } from '../../src/node/contexts.ts';
import { type ShardWriterOptions, writeShards } from '../../src/node/shard-writer.ts';
import { openShards } from '../../src/node/shards.ts';
import { assertRefused, errorOf } from '../support/errors.ts';
import { failingPort } from './failing-port.ts';

const D = 3;
let folder = '';
let count = 0;
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-writer-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));
const fresh = () => join(folder, `set-${count++}`);

/** Rows begin … end−1 of a set without an end; each number tells its row. */
function rows(begin: number, end: number) {
  const data = Float32Array.from({ length: (end - begin) * D }, (_, i) => begin + Math.floor(i / D) + (i % D) / 4);
  return matrix(data, end - begin, D);
}
const contexts = (begin: number, end: number): RowContext[] =>
  Array.from({ length: end - begin }, (_, i) => ({ text: `row\n${begin + i}`, position: 4, document: begin + i }));

/** What lies in a folder as its readers see it: every row, and where each comes from. */
async function held(path: string): Promise<{ rows: number; texts: (string | undefined)[] }> {
  const source = await openShards(path, 'float32');
  if (source === undefined) return { rows: 0, texts: [] };
  const [m] = source.shape;
  const { data } = await source.read(0, m);
  assert.equal([...data], [...rows(0, m).data]);
  const found = await contextsOf(
    source.files,
    Array.from({ length: m }, (_, i) => i),
  );
  return { rows: m, texts: Array.from({ length: m }, (_, i) => found.get(i)?.text) };
}

test('rows become shards of as many as was asked for, the last of what is left, beside each their contexts', async () => {
  const path = fresh();
  const writer = await writeShards(path, { rowsPerShard: 4 });
  await writer.append(rows(0, 3), contexts(0, 3));
  assert.is(writer.rows, 0);
  await Promise.all([writer.append(rows(3, 10)), writer.append(rows(10, 11), contexts(10, 11))]);
  assert.is(writer.rows, 8);
  await writer.close();
  assert.is(writer.rows, 11);
  assert.equal(readdirSync(path).sort(), ['000000.jsonl', '000000.npy', '000001.npy', '000002.jsonl', '000002.npy']);
  assert.is(
    readFileSync(join(path, '000002.jsonl'), 'utf8'),
    '{}\n{}\n{"text":"row\\n10","position":4,"document":10}\n',
  );
  const { rows: m, texts } = await held(path);
  assert.equal([m, texts.slice(0, 4), texts[10]], [11, ['row\n0', 'row\n1', 'row\n2', undefined], 'row\n10']);
  assert.is((await openShards(path, 'float32'))?.reading.notes, undefined);
  await assertRefused(() => writer.append(rows(0, 1)), /are closed/);
});

test('float16 takes half the room, of the nearest numbers, and is read as it is stored', async () => {
  const path = fresh();
  const writer = await writeShards(path, { type: 'float16' });
  await writer.append([
    [1 / 3, -65504, 65519],
    [2 ** -24, 2 ** -26, 0],
  ]);
  await writer.close();
  const source = await openShards(path, 'float32');
  const data = (await source?.read(0, 2))?.data as TwoByteNumbers;
  assert.equal(data, new TwoByteNumbers('float16', Uint16Array.of(0x3555, 0xfbff, 0x7bff, 1, 0, 0)));
  assert.is(readFileSync(join(path, '000000.npy')).length, 128 + 12);
  for (const [options, given, message] of [
    [{ type: 'float16' }, [[65520]], /row 0, column 0 is too large for float16, whose largest number is 65504/],
    [{}, [[1], [1e39]], /row 1, column 0 is too large for float32/],
    [{}, [[Number.NaN]], /row 0, column 0 .* is NaN/],
  ] as const) {
    await assertRefused(async () => (await writeShards(fresh(), options)).append(given), message);
  }
});

test('a folder with shards is refused, or gone on with; of other numbers or names it is not', async () => {
  const path = fresh();
  const first = await writeShards(path, { rowsPerShard: 2 });
  await first.append(rows(0, 5), contexts(0, 5));
  await first.close();
  await assertRefused(() => writeShards(path), /holds shards, such as "000000.npy"/);
  await assertRefused(() => writeShards(path, { append: true, type: 'float16' }), /numbers of 4 bytes/);
  const second = await writeShards(path, { append: true, rowsPerShard: 3 });
  assert.is(second.rows, 5);
  await assertRefused(() => second.append([[1, 2]]), /\(1, 2\)/);
  await second.append(rows(5, 9), contexts(5, 9));
  await second.close();
  assert.equal(
    (await held(path)).texts,
    contexts(0, 9).map(({ text }) => text),
  );
  writeFileSync(join(path, 'mine.npy'), readFileSync(join(path, '000000.npy')));
  await assertRefused(() => writeShards(path, { append: true }), /"mine.npy", which writeShards did not name/);
});

test('options and contexts that are not allowed are refused before anything is written', async () => {
  for (const [options, message] of [
    [{ rowsPerShard: 0 }, /rowsPerShard is 0/],
    [{ rowsPerShard: 1.5 }, /rowsPerShard is 1\.5/],
    [{ type: 'float64' }, /type is "float64"/],
  ] as const) {
    await assertRefused(() => writeShards(fresh(), options as ShardWriterOptions), message);
  }
  await assertRefused(() => writeShards(7 as never), /^folder is 7/);
  const path = fresh();
  const writer = await writeShards(path, { rowsPerShard: 2 ** 50 }); // memory is taken for rows that are there
  for (const [given, message] of [
    [[{ text: 'a' }, { text: 'b' }], /there are 2 contexts for 1 rows/],
    [[null], /contexts\[0\] is null/],
    [[{ text: 5 }], /its text is 5/],
    [[{ text: 'abc', position: 4 }], /its position is 4: it must be a whole number from 0 to 3/],
    [[{ text: 'abc', position: 2, length: 2 }], /its length is 2: .* from 0 to 1/],
    [[{ document: {} }], /its document is/],
    [[{ token: Number.NaN }], /its token is NaN/],
  ] as const) {
    await assertRefused(() => writer.append(rows(0, 1), given as never), message);
  }
  await writer.append(rows(0, 1), [{ document: 'x' }]);
  await writer.close();
  assert.equal(readdirSync(path).sort(), ['000000.jsonl', '000000.npy']);
});

test('whichever operation fails, what is in the folder is whole, and a new writer goes on to the same set', async () => {
  const wanted = contexts(0, 7).map(({ text }) => text);
  for (let n = 0, failed = true; failed; n++) {
    const path = fresh();
    const port = failingPort(n, 'ENOSPC', true);
    const error = await errorOf(async () => {
      const writer = await writeShards(path, { rowsPerShard: 3, port });
      await writer.append(rows(0, 7), contexts(0, 7));
      await writer.close();
      throw new Error('none');
    });
    failed = !String(error).includes('none');
    const before = await held(path);
    assert.equal(before.texts, wanted.slice(0, before.rows), `operation ${n}: ${port.operations[n]}`);
    assert.ok([0, 3, 6, 7].includes(before.rows));
    if (!failed) assert.is(before.rows, 7);
    const again = await writeShards(path, { rowsPerShard: 3, append: true });
    assert.is(again.rows, before.rows);
    await again.append(rows(before.rows, 8), contexts(before.rows, 8));
    await again.close();
    assert.is((await held(path)).rows, 8);
    assert.ok(
      readdirSync(path).every((name) => /^\d{6}\.(npy|jsonl)$/.test(name)),
      readdirSync(path).join(),
    );
    assert.ok(n < 100);
  }
});

test('a process that is killed leaves whole shards', async () => {
  const path = fresh();
  const script = `
    import { writeShards } from ${JSON.stringify(`file://${join(process.cwd(), 'dist/node/index.js')}`)};
    const writer = await writeShards(${JSON.stringify(path)}, { append: true, rowsPerShard: 50 });
    for (let row = writer.rows; ; row++) {
      const data = Float32Array.from({ length: ${D} }, (_, j) => row + j / 4);
      await writer.append({ data, shape: [1, ${D}] }, [{ text: 'row\\n' + row, position: 4 }]);
      if (row % 50 === 0) process.stdout.write('.');
    }`;
  let least = 0;
  for (let kill = 0; kill < 4; kill++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shards = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      shards += bytes.length;
      if (shards > 3) setTimeout(() => child.kill('SIGKILL'), kill);
    });
    await new Promise((resolve) => child.on('close', resolve));
    const { rows: m, texts } = await held(path);
    assert.ok(m > least && m % 50 === 0, `${m} rows`);
    assert.equal(
      texts,
      contexts(0, m).map(({ text }) => text),
    );
    least = m;
  }
});

test.run();
