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
  /** False once the newest was found damaged: it must not replace the one before it. */
  private newestIsWhole = true;
  /** Once this instance has written, a folder that is not there was removed, and is not made again. */
  private hasWritten = false;

  /** `folder` need not be there before the first `write`. `chunk`: how many bytes are written at a time. */
  constructor(folder: string, port: FilePort = files, chunk = 2 ** 22) {
    this.folder = folder;
    this.port = port;
    this.chunk = chunk;
  }

  /**
   * The first write makes the folder where there is none.
   * @throws InputError where the bytes cannot be written; `read` then finds what it found before, or they are in place.
   */
  async write(bytes: Uint8Array): Promise<void> {
    const { port } = this;
    const [newest, previous, partial] = this.paths();
    try {
      await this.create(partial, bytes);
      if (this.newestIsWhole) await ifThere(port.rename(newest, previous));
      await port.rename(partial, newest);
      this.newestIsWhole = true;
      this.hasWritten = true;
      await port.syncFolder(this.folder);
    } catch (error) {
      await port.remove(partial).catch(() => undefined);
      throw new InputError(`${newest}: ${reasonOf(error)}`);
    }
  }

  /**
   * The newest checkpoint that is whole; null where there is none at all.
   * @throws InputError where there are checkpoints and none of them is whole.
   */
  async read(): Promise<FoundCheckpoint | null> {
    const [newest, previous] = this.paths();
    const faults: string[] = [];
    for (const path of [newest, previous]) {
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
    const at = (name: string) => join(this.folder, name);
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
