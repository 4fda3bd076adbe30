import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnyNumbers, matrix, type Precision, type View } from '../array/matrix.ts';
import type { Examples } from '../data/examples.ts';
import { itemBytes } from '../data/formats/number-bytes.ts';
import type { Shard, Shards } from '../data/formats/shards.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import type { SourcePart } from '../data/stream/source-parts.ts';
import { InputError } from '../errors.ts';
import { filePart } from './file-part.ts';
import { openRegular } from './open-file.ts';
import { fileError } from './read-bytes.ts';
import { readNumbers, storageFor } from './read-numbers.ts';

/** Files that are open at a time: a block may touch thousands. */
const LANES = 16;

/** A file of a source. */
export interface ShardFile {
  /** Where it lies. */
  readonly path: string;
  /** Its first row, counted over all files from 0. */
  readonly first: number;
  /** How many rows it has. */
  readonly rows: number;
}

/** The rows of a folder of shards, read by file ranges. Files are open only while they are read. */
export class ShardSource implements RowSource {
  /** m examples of d coordinates, over all shards. */
  readonly shape: readonly [m: number, d: number];
  /** The shape of an example that is an image. */
  readonly image?: Examples['image'] | undefined;
  /** Of every block that `read` gives. */
  readonly unit: number;
  /** What its rows are beside their numbers. */
  readonly reading: Omit<Examples, 'x'>;
  private readonly folder: string;
  private readonly shards: Shards;
  private readonly precision: Precision;

  /** Numbers that are wider than `precision` are rounded to it as they are read. */
  constructor(
    folder: string,
    shards: Shards,
    precision: Precision,
    units: Pick<Examples, 'unit' | 'byteUnit' | 'notes'>,
  ) {
    this.folder = folder;
    this.shards = shards;
    this.precision = precision;
    this.shape = shards.shape;
    this.unit = units.unit;
    if (shards.image) this.image = shards.image;
    const { image, axes } = shards;
    this.reading = { ...units, axes, ...(image ? { image } : {}) };
  }

  /** Bytes of a number in memory. */
  get numberBytes(): number {
    return storageFor(this.shards.kind, 0, this.precision).BYTES_PER_ELEMENT;
  }

  async read(begin: number, end: number, old?: View<AnyNumbers>): Promise<View<AnyNumbers>> {
    const [m, d] = this.shape;
    if (!(begin >= 0 && begin <= end && end <= m)) {
      throw new InputError(`rows ${begin} to ${end} are asked for: there are ${m}`);
    }
    const data = storageFor(this.shards.kind, (end - begin) * d, this.precision, old?.data);
    const parts = this.shards.shards.filter(({ first, rows }) => first < end && first + rows > begin);
    let taken = 0;
    const lane = async () => {
      while (taken < parts.length) await this.readShard(parts[taken++], begin, end, data);
    };
    // All end before an error is told: nothing then writes into storage that is used again.
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
    for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
    return Object.assign(matrix(data, end - begin, d), { unit: this.unit });
  }

  where(row: number): string {
    const shard = this.shards.shards.find(({ first, rows }) => row >= first && row < first + rows);
    return shard === undefined ? `row ${row}` : `row ${row - shard.first} of ${join(this.folder, shard.name)}`;
  }

  /** The files one after another: where each lies, which row is its first, and how many it has. */
  get files(): readonly ShardFile[] {
    return this.shards.shards.map(({ name, first, rows }) => ({ path: join(this.folder, name), first, rows }));
  }

  /** The files that hold rows begin … end−1, each compared whole. */
  async parts(begin: number, end: number): Promise<SourcePart[]> {
    const found: SourcePart[] = [];
    for (const { name, first, rows } of this.shards.shards) {
      if (first < end && first + rows > begin) found.push(await filePart(join(this.folder, name)));
    }
    return found;
  }

  /** Writes a shard's rows among begin … end−1 to their place in `data`, whose first row is row `begin`. */
  private async readShard(shard: Shard, begin: number, end: number, data: AnyNumbers): Promise<void> {
    const path = join(this.folder, shard.name);
    const d = this.shape[1];
    const from = Math.max(begin, shard.first);
    const to = Math.min(end, shard.first + shard.rows);
    let file: FileHandle;
    try {
      file = await openRegular(path);
    } catch (error) {
      throw fileError(path, error);
    }
    try {
      const { kind } = this.shards;
      const { littleEndian, start } = shard;
      const position = start + (from - shard.first) * d * itemBytes[kind];
      const out = data.subarray((from - begin) * d, (to - begin) * d);
      await readNumbers(file, out, { kind, littleEndian, position, path });
    } catch (error) {
      throw fileError(path, error);
    } finally {
      await file.close();
    }
  }
}
