import { fstatSync, writeSync } from 'node:fs';
import { launched } from '../node/mpi/launch.ts';

/** Nobody reads any more: `| head` has what it wanted, the terminal is gone. That is no failure. */
const QUIET = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/**
 * Standard output. It may break at any time without ending what the process is about: what is written then is dropped,
 * and `failure` tells why where somebody lost something by it.
 */
class Stdout {
  private broken: NodeJS.ErrnoException | null = null;
  private readonly file: boolean;
  /** Of several processes the first one speaks. */
  private readonly silent = (launched()?.rank ?? 0) > 0;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => this.fail(error));
    this.file = isFile(1);
  }

  /** Whether what is written still goes anywhere. */
  get open(): boolean {
    return this.broken === null;
  }

  /** Why output was lost; null where all of it was written, or whoever read it left. */
  get failure(): Error | null {
    return this.broken === null || QUIET.has(this.broken.code ?? '') ? null : this.broken;
  }

  /** Resolves when the text is on its way, so that no more than it waits in memory. */
  async write(text: string): Promise<void> {
    if (!this.open || this.silent) return;
    try {
      if (this.file) writeWholly(1, new TextEncoder().encode(text));
      else if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.write('', resolve));
    } catch (error) {
      this.fail(error as NodeJS.ErrnoException);
    }
  }

  /** Resolves when all that was written is gone, or lost. */
  async end(): Promise<void> {
    if (!this.file && this.open) await new Promise((resolve) => process.stdout.write('', resolve));
  }

  private fail(error: NodeJS.ErrnoException): void {
    this.broken ??= error;
  }
}

/** Of this process. */
export const stdout = new Stdout();

function isFile(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isFile() || (found.isCharacterDevice() && !process.stdout.isTTY);
  } catch {
    return false;
  }
}

/** Node's stream takes what a full disk had room for as all of it. */
function writeWholly(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
