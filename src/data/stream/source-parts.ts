/** A part of a source that is written as a whole, such as a file. */
export interface SourcePart {
  /** Of the part within its source. */
  readonly name: string;
  /** Another one whenever the part was written again: a file's size and times. */
  readonly stamp: string;
  /** SHA-256 of its bytes in hexadecimal; null where its stamp is no longer `stamp`. Rejects when aborted. */
  hash(signal: AbortSignal): Promise<string | null>;
}

/** A part as a checkpoint holds it. */
export interface PartPrint {
  /** Of the part within its source. */
  readonly name: string;
  /** The part's when its rows were first read. */
  readonly stamp: string;
  /** null where it was not hashed yet. */
  readonly hash: string | null;
}

/**
 * Hashes the parts of a source one after the other while training goes on, so that nothing waits for it: a checkpoint
 * holds the hashes that are known by then. Parts of the stamp that `known` has are not read again.
 */
export class PartHashes {
  private readonly parts: readonly SourcePart[];
  private readonly hashes: (string | null)[];
  private readonly stop = new AbortController();
  private running: Promise<void> | null = null;

  constructor(parts: readonly SourcePart[], known: readonly PartPrint[] = []) {
    this.parts = parts;
    this.hashes = parts.map(({ name, stamp }, i) => {
      const print = known[i];
      return print?.name === name && print.stamp === stamp ? print.hash : null;
    });
  }

  get prints(): PartPrint[] {
    return this.parts.map(({ name, stamp }, i) => ({ name, stamp, hash: this.hashes[i] }));
  }

  /** Begins to hash, if that has not begun yet. */
  start(): void {
    this.running ??= this.hashAll();
  }

  /** Ends it; resolves when nothing is being read any more. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async hashAll(): Promise<void> {
    const { signal } = this.stop;
    for (const [i, part] of this.parts.entries()) {
      if (signal.aborted) return;
      // A file that cannot be read is told by what trains on it; without a hash its stamp decides.
      if (this.hashes[i] === null) this.hashes[i] = await part.hash(signal).catch(() => null);
    }
  }
}

/**
 * The first part that is not as it was: its name, and whether that is known by its hash; null where there is none. A part
 * whose stamp is as it was is taken to be the same, others are read.
 */
export async function changedPart(
  before: readonly PartPrint[],
  now: readonly SourcePart[],
): Promise<{ name: string; hashed: boolean } | null> {
  const { signal } = new AbortController();
  for (let i = 0; i < Math.max(before.length, now.length); i++) {
    const [was, is] = [before[i], now[i]];
    if (was === undefined || is === undefined || was.name !== is.name) return { name: (is ?? was).name, hashed: true };
    if (was.stamp === is.stamp) continue;
    if (was.hash === null) return { name: was.name, hashed: false };
    if ((await is.hash(signal)) !== was.hash) return { name: was.name, hashed: true };
  }
  return null;
}
