import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CheckpointFiles } from '../../src/node/checkpoint-file.ts';
import { type FolderLock, InUseError, lockFolder } from '../../src/node/folder-lock.ts';
import { kindOfPath } from '../../src/node/read-bytes.ts';
import { readJson } from '../../src/node/read-json.ts';
import { writeWhole } from '../../src/node/run-folder.ts';

const RESULT = 'result.json';
const LOOK_MS = 500;

/** How long a step took, and what trained. */
interface Timed {
  readonly seconds: number;
  readonly by?: string;
}

/** The results of steps, a folder each. */
export class KeptSteps {
  /** Of all steps that were asked for, in whichever process they ran. */
  seconds = 0;
  readonly trainedBy = new Set<string>();
  private readonly counted = new Set<string>();
  private readonly signal: AbortSignal;
  private readonly say: (text: string) => void;

  constructor({ signal, say }: { readonly signal: AbortSignal; readonly say: (text: string) => void }) {
    this.signal = signal;
    this.say = say;
  }

  /** What is kept in a folder, or else what `work` gives, which is kept. Of processes that ask for it at once one works. */
  async once<T extends Timed>(name: string, folder: string, work: () => Promise<T>): Promise<T> {
    const before = await this.recall<T>(folder);
    if (before) return before;
    const lock = await this.lock(name, folder);
    try {
      const meanwhile = await this.recall<T>(folder);
      if (meanwhile) return meanwhile;
      const result = await work();
      await writeWhole(join(folder, RESULT), `${JSON.stringify(result, null, 1)}\n`);
      await new CheckpointFiles(folder).remove(); // not before the result is safe
      this.count(folder, result);
      this.say(`  ${name}: ${result.seconds.toFixed(1)} s`);
      return result;
    } finally {
      await lock.release();
    }
  }

  /** The right to write into a folder, once no other process has it. */
  private async lock(name: string, folder: string): Promise<FolderLock> {
    for (let tries = 0; ; tries++) {
      try {
        return await lockFolder(folder);
      } catch (error) {
        if (!(error instanceof InUseError)) throw error;
        if (tries === 0) this.say(`  ${name}: waits, as another process does it`);
      }
      await wait(LOOK_MS);
      this.signal.throwIfAborted();
    }
  }

  private async recall<T extends Timed>(folder: string): Promise<T | null> {
    const file = join(folder, RESULT);
    if ((await kindOfPath(file)) !== 'file') return null;
    const done = (await readJson(file)) as T;
    this.count(folder, done);
    return done;
  }

  /** A step that several figures of a row use counts once. */
  private count(folder: string, { seconds, by }: Timed): void {
    if (this.counted.has(folder)) return;
    this.counted.add(folder);
    this.seconds += seconds;
    if (by !== undefined) this.trainedBy.add(by);
  }
}
