import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertUnlocked, LOCK_FILE, lockFolder } from '../../src/node/folder-lock.ts';
import { isRunning, thisProcess } from '../../src/node/process-identity.ts';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';

const since = '2026-01-01T00:00:00.000Z';
const lockOf = (folder: string, holder: unknown) => writeFileSync(join(folder, LOCK_FILE), JSON.stringify(holder));

/** Another process, as long as `use` runs. */
async function besideAnother(use: (child: ChildProcess, pid: number) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  try {
    await use(child, child.pid as number);
  } finally {
    child.kill('SIGKILL');
  }
}

test('a locked folder is refused to all others, with the pid of who holds it, until it is given back', () =>
  inScratch(async (folder) => {
    const lock = await lockFolder(folder);
    assert.equal(readdirSync(folder), [LOCK_FILE]);
    for (const refused of [lockFolder, assertUnlocked]) {
      await assertRefused(
        () => refused(folder),
        new RegExp(
          `${folder} is in use by process ${process.pid} since 20..-.*Z: wait until it ends, end it, or name another folder$`,
        ),
      );
    }
    await lock.assertHeld();
    await lock.release();
    assert.equal(readdirSync(folder), []);
    await assertUnlocked(folder);
    await (await lockFolder(folder)).release();
  }));

test('of many that ask at once, one gets a folder, also where a stale lock is to be taken over', async () => {
  for (const stale of [undefined, { ...thisProcess(), pid: 2 ** 30, since }]) {
    await inScratch(async (folder) => {
      if (stale !== undefined) lockOf(folder, stale);
      const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
      const got = asked.filter(({ status }) => status === 'fulfilled');
      assert.is(got.length, 1);
      assert.equal(readdirSync(folder), [LOCK_FILE]);
      for (const one of asked) if (one.status === 'fulfilled') await one.value.release();
    });
  }
});

test('the lock of a process that is gone, or whose pid another has, is taken over; that of a live one is not', () =>
  besideAnother(async (child, pid) => {
    const self = thisProcess();
    const live = () => ({ ...self, pid, start: process.platform === 'linux' ? startOf(pid) : null, since });
    await inScratch(async (folder) => {
      lockOf(folder, live());
      await assertRefused(() => lockFolder(folder), new RegExp(`in use by process ${pid} since ${since}: `));
      if (process.platform === 'linux') {
        assert.is(isRunning(live()), true);
        lockOf(folder, { ...live(), start: '1' }); // another process had the pid
        await (await lockFolder(folder)).release();
        lockOf(folder, live());
      }
      const ended = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGKILL');
      await ended;
      await (await lockFolder(folder)).release();
      assert.equal(readdirSync(folder), []);
    });
  }));

test('on another machine, in another container and after a reboot, signs of life decide', async () => {
  const self = thisProcess();
  for (const other of [{ host: 'elsewhere' }, { sees: 'pid:[1]' }, { boot: 'another' }]) {
    await inScratch(async (folder) => {
      const holder = { ...self, ...other, since };
      assert.is(isRunning(holder), undefined);
      lockOf(folder, holder);
      await assertRefused(
        () => lockFolder(folder),
        /in use by process \d+ on [\w.-]+ since .*: wait until it ends, or name another folder; if it is gone, wait two minutes, or remove .*run\.lock$/,
      );
      assert.equal(readdirSync(folder), [LOCK_FILE], 'asking leaves nothing behind');
      const silent = Date.now() / 1000 - 121;
      utimesSync(join(folder, LOCK_FILE), silent, silent);
      await (await lockFolder(folder)).release();
    });
  }
});

test('a lock that says nothing is taken over: half written, too long, a link, a pipe', async () => {
  const make: Record<string, (path: string, victim: string) => void> = {
    empty: (path) => writeFileSync(path, ''),
    cut: (path) => writeFileSync(path, '{"pid":1'),
    'escape sequences': (path) => writeFileSync(path, JSON.stringify({ ...thisProcess(), since, host: '\u001b[2J' })),
    long: (path) => writeFileSync(path, ' '.repeat(5000)),
    link: (path, victim) => symlinkSync(victim, path),
    pipe: (path) => execFileSync('mkfifo', [path]),
  };
  for (const [name, act] of Object.entries(make)) {
    await inScratch(async (above) => {
      const folder = join(above, 'run');
      const victim = join(above, 'victim');
      mkdirSync(folder);
      writeFileSync(victim, 'nobody writes here');
      act(join(folder, LOCK_FILE), victim);
      await (await lockFolder(folder)).release();
      assert.equal(readdirSync(folder), [], name);
      assert.is(readFileSync(victim, 'utf8'), 'nobody writes here');
    });
  }
  await inScratch(async (folder) => {
    mkdirSync(join(folder, LOCK_FILE));
    await assertRefused(() => lockFolder(folder), /run\.lock is a folder: remove it$/);
  });
});

test('a holder shows that it lives, and says the same', () =>
  inScratch(async (folder) => {
    const lock = await lockFolder(folder, 20);
    const path = join(folder, LOCK_FILE);
    const said = readFileSync(path, 'utf8');
    utimesSync(path, 1, 1);
    while (statSync(path).mtimeMs === 1000) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(statSync(path).mtimeMs > Date.now() - 10_000);
    assert.is(readFileSync(path, 'utf8'), said);
    await lock.assertHeld();
    await lock.release();
  }));

test('who was taken over notices, and does not remove the lock of the other', () =>
  inScratch(async (folder) => {
    const lock = await lockFolder(folder);
    lockOf(folder, { ...thisProcess(), pid: 77, host: 'elsewhere', since });
    await assertRefused(
      () => lock.assertHeld(),
      /process 77 on elsewhere took .* over: this one writes no more into it$/,
    );
    await lock.release();
    assert.ok(existsSync(join(folder, LOCK_FILE)));
  }));

function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[19];
}

test.run();
