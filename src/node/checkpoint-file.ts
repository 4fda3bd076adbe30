import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { type Checkpoint, deserializeCheckpoint } from '../training/checkpoints/checkpoint.ts';
import { type FilePort, files, type OpenFile } from './file-port.ts';
import { fileError, naming } from './read-bytes.ts';
import { reasonOf } from './write-reasons.ts';

export const CHECKPOINT_FILE = 'checkpoint.safetensors';
export const PREVIOUS_FILE = 'checkpoint.previous.safetensors';
/** What is being written: whole or not, nobody reads it. */
export const PARTIAL_FILE = 'checkpoint.partial.safetensors';

/** A process among those that share the latents of a model, each of which has checkpoints of its part. */
export interface CheckpointPart {
  /** Which of them, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
}

/** Whether a file is a checkpoint, of a run or of a part, that may be whole. */
export function isCheckpointFile(name: string): boolean {
  return /^checkpoint(\.rank-\d+-of-\d+)?(\.previous)?\.safetensors$/.test(name);
}

/** A checkpoint as it was found. */
export interface FoundCheckpoint {
  /** The file's content: `resume` of `fit` takes it. */
  readonly bytes: Uint8Array;
  /** What the bytes say. */
  readonly checkpoint: Checkpoint;
  /** Where it was found. */
  readonly path: string;
  /** Why it is not the newest; null where it is. */
  readonly note: string | null;
}

/**
 * The checkpoints of a run folder, the newest and the one before it. Wherever `write` is cut short, by a kill, a full disk
 * or a power cut, `read` finds a whole one: the new bytes are synced under a name of their own, the newest becomes the
 * previous one, the new ones take its place, the folder is synced.
 */
export class CheckpointFiles {
  private readonly folder: string;
  private readonly port: FilePort;
  private readonly chunk: number;
  private readonly part: CheckpointPart | null;
  /** Whether what was staged last has not become the newest. */
  isStaged = false;
  /** False once the newest was found damaged: it must not replace the one before it. */
  private newestIsWhole = true;
  /** Once this instance has written, a folder that is not there was removed, and is not made again. */
  private hasWritten = false;

  /** `folder` need not be there before the first `write`. `chunk`: how many bytes are written at a time. */
  constructor(folder: string, port: FilePort = files, chunk = 2 ** 22, part: CheckpointPart | null = null) {
    this.folder = folder;
    this.port = port;
    this.chunk = chunk;
    this.part = part;
  }

  /**
   * The first write makes the folder where there is none.
   * @throws InputError where the bytes cannot be written; `read` then finds what it found before, or they are in place.
   */
  async write(bytes: Uint8Array): Promise<void> {
    await this.stage(bytes);
    await this.place();
  }

  /** The first half of `write`: the bytes are on the disk, and nobody reads them. @throws InputError, nothing then being staged. */
  async stage(bytes: Uint8Array): Promise<void> {
    this.isStaged = true;
    await this.orUnstage(() => this.create(this.paths()[2], bytes));
  }

  /** The second half: what was staged is the newest. @throws InputError as `write` does. */
  async place(): Promise<void> {
    const { port } = this;
    const [newest, previous, partial] = this.paths();
    await this.orUnstage(async () => {
      if (this.newestIsWhole) await ifThere(port.rename(newest, previous));
      await port.rename(partial, newest);
      this.isStaged = false;
      this.newestIsWhole = true;
      this.hasWritten = true;
      await port.syncFolder(this.folder);
    });
  }

  /** Removes what was staged. */
  async unstage(): Promise<void> {
    await this.port.remove(this.paths()[2]).catch(() => undefined);
  }

  private async orUnstage(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.unstage();
      throw new InputError(`${this.paths()[0]}: ${reasonOf(error)}`);
    }
  }

  /** The newest is not to be gone on from: the next one replaces it, and the one before it stays. */
  distrust(): void {
    this.newestIsWhole = false;
  }

  /**
   * The newest checkpoint that is whole; null where there is none at all.
   * @throws InputError where there are checkpoints and none of them is whole.
   */
  async read(): Promise<FoundCheckpoint | null> {
    return this.firstOf(this.paths().slice(0, 2));
  }

  /** The one before the newest, in its place: see `distrust`. Null where there is none. @throws InputError where it is damaged. */
  async readPrevious(): Promise<FoundCheckpoint | null> {
    this.distrust();
    return this.firstOf(this.paths().slice(1, 2));
  }

  private async firstOf(paths: readonly string[]): Promise<FoundCheckpoint | null> {
    const [newest] = this.paths();
    const faults: string[] = [];
    for (const path of paths) {
      try {
        const bytes = await this.port.read(path);
        const checkpoint = await naming(path, () => deserializeCheckpoint(bytes));
        return { bytes, checkpoint, path, note: faults[0] ?? null };
      } catch (error) {
        if (isMissing(error)) continue;
        if (path === newest) this.newestIsWhole = false;
        faults.push(fileError(path, error).message);
      }
    }
    if (faults.length === 0) return null;
    throw new InputError(`${faults.join('; ')}: no checkpoint is whole, train anew`);
  }

  /** Removes the one before the newest, where the newest is whole. Says whether that made room. */
  async spare(): Promise<boolean> {
    const [newest, previous] = this.paths();
    const found = await this.read().catch(() => null);
    if (found?.path !== newest || !(await this.port.read(previous).then(Boolean, () => false))) return false;
    await this.port.remove(previous);
    return true;
  }

  /** Removes every checkpoint. */
  async remove(): Promise<void> {
    for (const path of this.paths()) await this.port.remove(path);
  }

  private paths(): readonly [string, string, string] {
    const { folder, part } = this;
    const stem = part === null ? 'checkpoint' : `checkpoint.rank-${part.rank}-of-${part.size}`;
    const at = (name: string) => join(folder, name.replace('checkpoint', stem));
    return [at(CHECKPOINT_FILE), at(PREVIOUS_FILE), at(PARTIAL_FILE)];
  }

  private async create(path: string, bytes: Uint8Array): Promise<void> {
    const file = await this.open(path);
    try {
      for (let at = 0; at < bytes.length; at += this.chunk) await file.write(bytes.subarray(at, at + this.chunk));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private async open(path: string): Promise<OpenFile> {
    const { port, folder } = this;
    try {
      return await port.create(path);
    } catch (error) {
      if (!isMissing(error) || this.hasWritten || port.makeFolder === undefined) throw error;
      await port.makeFolder(folder);
      return port.create(path);
    }
  }
}

async function ifThere(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === 'ENOENT';
}
