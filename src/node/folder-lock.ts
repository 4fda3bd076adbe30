import { randomUUID } from 'node:crypto';
import { constants, readFileSync, unlinkSync } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { openNew, readRegular } from './open-file.ts';
import { isRunning, type ProcessIdentity, thisProcess } from './process-identity.ts';

/** Says which process writes into a folder: there while it does. */
export const LOCK_FILE = 'run.lock';

const BEAT_MS = 10_000; // how often a holder shows that it lives, for those who cannot see it
const SILENT_MS = 120_000; // a holder that cannot be seen is gone after so long without
const HALF_WRITTEN_MS = 1000; // a lock is made and filled in two steps
const LIMIT_BYTES = 4096;

/** The right to write into a folder. */
export interface FolderLock {
  /** @throws InputError where another process took the folder over, as after hours of standstill. */
  assertHeld(): Promise<void>;
  /** Gives the folder back; so does the end of the process, unless by a kill. */
  release(): Promise<void>;
}

/** Another process writes into the folder: it may be tried again. */
export class InUseError extends InputError {}

interface Holder extends ProcessIdentity {
  readonly since: string;
}

const text = (most: number) => v.nullable(v.pipe(v.string(), v.maxLength(most)));
const schema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  host: v.pipe(v.string(), v.regex(/^[\w.-]{1,255}$/)), // it is printed
  since: v.pipe(v.string(), v.isoTimestamp()),
  start: text(40),
  boot: text(100),
  sees: text(100),
});

/**
 * Locks a folder that is there against other processes, on other machines too. The lock of a process that is gone is
 * taken over: one on this machine that ended, or whose pid another has now; elsewhere, in containers and where the system
 * does not tell, one that gave no sign of life for two minutes.
 * @throws InUseError, naming the process, where another holds it; the file system's errors.
 */
export async function lockFolder(folder: string, beatMs = BEAT_MS): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  const own = JSON.stringify({ ...thisProcess(), since: new Date().toISOString() } satisfies Holder);
  for (const begun = performance.now(); ; ) {
    const file = await make(path, own);
    if (file !== null) {
      if (await isAt(path, file)) return held(folder, file, own, beatMs);
      await file.close(); // it was written so slowly that another took it for one that was cut short
      continue;
    }
    const found = await contentOf(path);
    if (found === null) continue; // gone since
    const holder = parse(found);
    if (holder === null && performance.now() - begun < HALF_WRITTEN_MS) await wait(50);
    else {
      if (holder !== null) await refuseLive(folder, path, holder);
      await takeAway(path, found);
    }
  }
}

/** @throws InUseError, naming the process, where one writes into the folder. */
export async function assertUnlocked(folder: string): Promise<void> {
  const path = join(folder, LOCK_FILE);
  const holder = parse((await contentOf(path)) ?? '');
  if (holder !== null) await refuseLive(folder, path, holder);
}

async function refuseLive(folder: string, path: string, holder: Holder): Promise<void> {
  const seen = isRunning(holder);
  if (!(seen ?? (await silence(path)) < SILENT_MS)) return;
  const { pid, host, since } = holder;
  if (seen) {
    throw new InUseError(
      `${folder} is in use by process ${pid} since ${since}: wait until it ends, end it, or name another folder`,
    );
  }
  throw new InUseError(
    `${folder} is in use by process ${pid} on ${host} since ${since}: wait until it ends, or name another folder; if it is gone, wait two minutes, or remove ${path}`,
  );
}

function held(folder: string, file: FileHandle, own: string, beatMs: number): FolderLock {
  const path = join(folder, LOCK_FILE);
  // Its first byte once more: writing, not setting the time, since on a shared disk its own clock is what all see.
  const beat = setInterval(() => {
    file.write(own[0], 0).catch(() => undefined);
  }, beatMs);
  beat.unref();
  const leave = () => {
    try {
      if (readFileSync(path, 'utf8') === own) unlinkSync(path);
    } catch {
      // It is gone, with its folder.
    }
  };
  process.once('exit', leave);
  return {
    async assertHeld() {
      const found = await contentOf(path);
      if (found === null || found === own) return; // removed by hand, or with the folder
      const { pid, host } = parse(found) ?? { pid: 'unknown', host: 'an unknown host' };
      throw new InputError(`process ${pid} on ${host} took ${folder} over: this one writes no more into it`);
    },
    async release() {
      clearInterval(beat);
      process.off('exit', leave);
      await file.close().catch(() => undefined);
      if ((await contentOf(path).catch(() => null)) === own) await unlink(path).catch(() => undefined);
    },
  };
}

/** Makes the lock; null where there is one. */
async function make(path: string, content: string): Promise<FileHandle | null> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants; // O_EXCL follows no link
  let file: FileHandle;
  try {
    file = await open(path, O_WRONLY | O_CREAT | O_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  try {
    await file.writeFile(content);
    return file;
  } catch (error) {
    await file.close();
    await unlink(path);
    throw error;
  }
}

/** Whether a file that was made at a path is there still. */
async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [own, there] = await Promise.all([file.stat(), lstat(path).catch(() => null)]);
  return there !== null && there.ino === own.ino && there.dev === own.dev;
}

/** What a lock says; null where there is none, '' where it is a link, a pipe or far too long. */
async function contentOf(path: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  if (found.isDirectory()) throw new InputError(`${path} is a folder: remove it`);
  if (found.isSymbolicLink()) return '';
  try {
    return new TextDecoder().decode(await readRegular(path, LIMIT_BYTES));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof InputError) return '';
    throw error;
  }
}

function parse(content: string): Holder | null {
  try {
    return v.parse(schema, JSON.parse(content));
  } catch {
    return null;
  }
}

/** Removes a lock that says `content`, and no other that another process may have put there in the meantime. */
async function takeAway(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  // Where another has taken it away since, there may be a new one: that is moved as rarely as can be.
  if ((await contentOf(path)) !== content) return;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await contentOf(aside)) !== content) await link(aside, path).catch(() => undefined);
  await unlink(aside);
}

/** Milliseconds since the holder's last sign of life, by the clock of the disk. */
async function silence(path: string): Promise<number> {
  const probe = `${path}.${randomUUID()}`;
  const file = await openNew(probe);
  try {
    return (await file.stat()).mtimeMs - (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Infinity; // it went
    throw error;
  } finally {
    await file.close();
    await unlink(probe).catch(() => undefined);
  }
}
