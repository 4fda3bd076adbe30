import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { calmly, readOwn, readTicks } from '../../bench/harness/calm.ts';

test('ticks: idle and waiting for disks are not busy', () => {
  assert.equal(readTicks('cpu  1 2 4 100 50 8 16 32 7 7\ncpu0 9 9\n'), { busy: 63, all: 213 });
});

test('own: user and system time, of ended children too; the name of a program may have brackets and spaces', () => {
  const fields = [...'S 1 2 3 4 5 6 7 8 9 10'.split(' '), '100', '20', '3', '4', '5'];
  assert.is(readOwn(`42 (no) de ) ${fields.join(' ')}`), 127);
});

test('calm: not asked for, a measurement is taken as it is', async () => {
  let count = 0;
  assert.is(await calmly(null, async () => ++count), 1);
});

const isLinux = process.platform === 'linux';

test('own: grows by a child that is waited for', () => {
  if (!isLinux) return;
  const before = readOwn(readFileSync('/proc/self/stat', 'utf8'));
  spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 200_000);']);
  assert.ok(readOwn(readFileSync('/proc/self/stat', 'utf8')) - before >= 10, 'a tenth of a second at least');
});

test.run();
