import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readJson } from '../../node/read-json.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { notSeen } from '../run/shared-output.ts';
import type { RunResult } from './run-result.ts';

const LOOK_MS = 250;
const FOLDER = '.taken';
/** Which job the folder is of. */
const JOB = 'job';
/** One of the processes was asked to end. */
const STOP = 'stop';

/**
 * Which of several processes trains which run of a sweep, by files in its folder, which all of them must see anyway: who makes the
 * file of a run's name first has it. So each takes the next one when it has time, however long runs take, and no process waits in
 * MPI, whose calls would keep it from looking after the processes that it began.
 */
export class HandOut {
  private readonly folder: string;
  private readonly taken: string;
  private readonly results: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.taken = join(folder, 'runs');
    this.results = join(folder, 'ended');
  }

  /** By the first process, before the others open it. @returns what they are to be told. */
  static async begin(sweep: string): Promise<string> {
    const { folder, taken, results } = new HandOut(resolve(sweep, FOLDER));
    await rm(folder, { recursive: true, force: true }); // of a job that was killed
    for (const made of [folder, taken, results]) await mkdir(made);
    const job = randomUUID();
    await writeWhole(join(folder, JOB), job);
    return job;
  }

  /** @throws InputError where this process sees another folder. */
  static async open(sweep: string, job: string): Promise<HandOut> {
    const folder = resolve(sweep, FOLDER);
    const found = await readFile(join(folder, JOB), 'utf8').catch(() => null);
    if (found !== job) throw notSeen(sweep);
    return new HandOut(folder);
  }

  /** Whether this process has the run from now on. */
  async take(name: string): Promise<boolean> {
    try {
      await (await open(join(this.taken, name), 'wx')).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  /** Tells the first process what became of a run. */
  async end(name: string, result: RunResult): Promise<void> {
    await writeWhole(join(this.results, name), JSON.stringify(result));
  }

  /** What became of those of the runs that have ended. */
  async endedOf(names: readonly string[]): Promise<Map<string, RunResult>> {
    const ended = new Set(await readdir(this.results));
    const found = new Map<string, RunResult>();
    for (const name of names) {
      if (ended.has(name)) found.set(name, (await readJson(join(this.results, name))) as RunResult);
    }
    return found;
  }

  /** Whether a run was taken that has not ended. */
  async isRunning(): Promise<boolean> {
    const ended = new Set(await readdir(this.results));
    return (await readdir(this.taken)).some((name) => !ended.has(name));
  }

  /** Asks all processes to end. */
  async stop(): Promise<void> {
    await writeFile(join(this.folder, STOP), '').catch(() => undefined); // it may be over
  }

  /** Looks until it is over, and calls `stopped` where a process has asked all to end. */
  async watch(stopped: () => void): Promise<void> {
    for (;;) {
      const files = await readdir(this.folder).catch(() => null);
      if (files === null) return;
      if (files.includes(STOP)) stopped();
      await pause();
    }
  }

  /** The first process knows all: the others may go. */
  async over(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Between two looks. */
export function pause(): Promise<void> {
  return wait(LOOK_MS);
}
