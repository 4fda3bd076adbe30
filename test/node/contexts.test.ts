import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contextsOf, contextsPath, isContextsOf } from '../../src/node/contexts.ts';
import { assertRefused } from '../support/errors.ts';

let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-contexts-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));
const shard = (name: string, first: number, rows: number) => ({ path: join(folder, `${name}.npy`), first, rows });
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, `${name}.jsonl`), content);

test('contexts are found by row over shards, with and without a last line end, lines of any length between', async () => {
  write('a', '{"token":0}\r\n{"token":1}\r\n');
  write('b', `{"token":2}\n{"text":"${'x'.repeat(3 * 2 ** 20)}"}\n{"token":4}`);
  const shards = [shard('a', 0, 2), shard('none', 2, 5), shard('b', 7, 3)];
  const found = await contextsOf(shards, [9, 1, 3, 7]);
  assert.equal(
    [...found].map(([row, { token }]) => [row, token]),
    [
      [1, 1],
      [7, 2],
      [9, 4],
    ],
  );
  await assertRefused(() => contextsOf(shards, [8]), /b\.jsonl: line 2 is longer than 1 MiB/);
  assert.is((await contextsOf(shards, [])).size, 0);
});

test('a file of another length than its shard is refused by name, whatever row is asked for', async () => {
  write('short', '{}\n{}\n');
  write('long', '{}\n{}\n{}\n\n');
  write('empty', '');
  for (const [name, lines] of [
    ['short', 2],
    ['long', 4],
    ['empty', 0],
  ] as const) {
    const message = new RegExp(`${name}\\.jsonl: it has ${lines} lines, and .*${name}\\.npy 3 rows`);
    await assertRefused(() => contextsOf([shard(name, 5, 3)], [5]), message);
  }
  write('odd', '{}\nno JSON\n');
  await assertRefused(() => contextsOf([shard('odd', 0, 2)], [1]), /odd\.jsonl: line 2/);
  assert.is((await contextsOf([shard('odd', 0, 2)], [0])).size, 1);
});

test('only a .jsonl of the name of a shard beside it holds contexts', () => {
  const all = new Set(['a.npy', 'b.f32', 'c.txt']);
  assert.equal(
    ['a.jsonl', 'b.JSONL', 'c.jsonl', 'a.json', 'a.npy'].map((name) => isContextsOf(name, all)),
    [true, true, false, false, false],
  );
  assert.equal([contextsPath('x/a.npy'), contextsPath('x/t10k-ubyte')], ['x/a.jsonl', null]);
});

test.run();
