import { InputError } from '../errors.ts';
import type { Latents } from '../layers/latents.ts';
import { together } from '../model/agreement.ts';
import { CheckpointFiles, type FoundCheckpoint } from './checkpoint-file.ts';
import { type FilePort, files as onDisk } from './file-port.ts';

/**
 * The checkpoints of a run whose model's latents processes share: each keeps those of its own part in the run's folder, which all see.
 * All make the same calls. Wherever a save is cut short in any of them, `read` finds a step that all have: none takes the place of the
 * newest before all have written theirs, and the one before it stays.
 */
export class SharedCheckpoints {
  /** Whether there is one to go on from. */
  any = false;
  private readonly files: CheckpointFiles;
  private readonly latents: Latents;

  /** `folder` must be there. `check` is asked before anything is written. */
  constructor(folder: string, latents: Latents, check = async () => {}, port: FilePort = onDisk) {
    this.latents = latents;
    const create = async (path: string) => {
      await check();
      return port.create(path);
    };
    this.files = new CheckpointFiles(folder, { ...port, create, makeFolder: undefined }, undefined, latents);
  }

  /**
   * Saves this process's part.
   * @throws InputError, in all processes, that says where and why it cannot; `read` then finds what it found before, or the new ones.
   */
  async save(bytes: Uint8Array): Promise<void> {
    const { files } = this;
    const staged = await this.inAll(() => files.stage(bytes));
    if (staged !== null) {
      await files.unstage();
      throw staged;
    }
    const placed = await this.inAll(() => files.place());
    this.any ||= placed === null;
    if (placed === null) return;
    if (!files.isStaged) files.distrust(); // another may have no such step
    throw placed;
  }

  /**
   * This process's part of the last step that all have: a kill may fall between two of them. Null where none was saved.
   * @throws InputError, in all processes, where they have no step in common.
   */
  async read(): Promise<FoundCheckpoint | null> {
    const { files, latents } = this;
    let found = await together(latents, () => files.read());
    const begun = await this.stepsOf(found);
    let steps = begun;
    let gone = found?.note !== null; // one that is found damaged has none before it
    while (steps.some((step) => step !== steps[0])) {
      const least = Math.min(...steps);
      if (steps[latents.rank] > least) {
        found = gone ? null : await files.readPrevious().catch(() => null);
        gone = true;
      }
      steps = await this.stepsOf(found);
      // Where one has none yet, no other has two.
      if (steps.every((step) => step < 0 === begun.includes(-1))) continue;
      throw new InputError(
        `the newest checkpoints are of steps ${begun.join(', ')} in the ${latents.size} processes, and there is none of a step that all have: train anew`,
      );
    }
    this.any = found !== null;
    return found;
  }

  /** Removes every checkpoint of this process. */
  remove(): Promise<void> {
    return this.files.remove();
  }

  /** Of what each process has; −1 of none. */
  private async stepsOf(found: FoundCheckpoint | null): Promise<number[]> {
    const steps = new Float64Array(this.latents.size);
    await this.latents.gather(Float64Array.of(found?.checkpoint.position.step ?? -1), steps);
    return [...steps];
  }

  /** Null where `work` was done in all; the same error in all where it was not. */
  private async inAll(work: () => Promise<void>): Promise<InputError | null> {
    const { latents } = this;
    const why = await work().then(
      () => '',
      (error: Error) => error.message,
    );
    const lengths = new Float64Array(latents.size);
    await latents.gather(Float64Array.of(why.length), lengths);
    const rank = lengths.findIndex((length) => length > 0);
    if (rank < 0) return null;
    const letters = Float64Array.from({ length: lengths[rank] }, (_, i) => why.charCodeAt(i) || 0);
    await latents.broadcast(letters, rank);
    return new InputError(`process ${rank}: ${String.fromCharCode(...letters)}`);
  }
}
