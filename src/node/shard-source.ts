import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnyNumbers, matrix, type Precision, type View } from '../array/matrix.ts';
import { putInto } from '../array/numbers.ts';
import { firstAtLeast } from '../array/rising.ts';
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
/** Reads of a file that are under way at a time: they go on while a step is computed, and JavaScript does not turn to them. */
const RUNS = 256;
/** What lies between two rows is read with them where it is less: a page of a disk, which comes whole. */
const NEAR_BYTES = 4096;

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
    await inLanes(parts, (shard) => {
      const run = { from: Math.max(begin, shard.first), to: Math.min(end, shard.first + shard.rows) };
      return this.withShard(shard, (file) =>
        this.readRun(file, shard, run, data.subarray((run.from - begin) * d, (run.to - begin) * d)),
      );
    });
    return Object.assign(matrix(data, end - begin, d), { unit: this.unit });
  }

  /** Reads what lies between rows that are near, and nothing else beside them. */
  async readRows(rows: Uint32Array, old?: View<AnyNumbers>): Promise<View<AnyNumbers>> {
    const [m, d] = this.shape;
    if (rows.length > 0 && rows[rows.length - 1] >= m) {
      throw new InputError(`row ${rows[rows.length - 1]} is asked for: there are ${m}`);
    }
    const { kind, shards } = this.shards;
    const data = storageFor(kind, rows.length * d, this.precision, old?.data);
    const parts = shards
      .map((shard) => ({ shard, runs: runsOf(rows, shard, NEAR_BYTES / (d * itemBytes[kind])) }))
      .filter(({ runs }) => runs.length > 0);
    await inLanes(parts, ({ shard, runs }) =>
      this.withShard(shard, (file) =>
        inLanes(
          runs,
          async (run) => {
            const out = data.subarray(run.first * d, run.last * d);
            if (run.to - run.from === run.last - run.first) return this.readRun(file, shard, run, out);
            const room = storageFor(kind, (run.to - run.from) * d, this.precision); // with others between them
            await this.readRun(file, shard, run, room);
            for (let i = run.first; i < run.last; i++) {
              const at = (rows[i] - run.from) * d;
              putInto(data, room.subarray(at, at + d), i * d);
            }
          },
          RUNS,
        ),
      ),
    );
    return Object.assign(matrix(data, rows.length, d), { unit: this.unit });
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

  /** Opens a shard's file while it is read. Errors name it. */
  private async withShard(shard: Shard, read: (file: FileHandle) => Promise<void>): Promise<void> {
    const path = join(this.folder, shard.name);
    let file: FileHandle;
    try {
      file = await openRegular(path);
    } catch (error) {
      throw fileError(path, error);
    }
    try {
      await read(file);
    } catch (error) {
      throw fileError(path, error);
    } finally {
      await file.close();
    }
  }

  /** Rows from … to−1 of all, which lie in one shard. */
  private async readRun(
    file: FileHandle,
    shard: Shard,
    { from, to }: { readonly from: number; readonly to: number },
    out: AnyNumbers,
  ): Promise<void> {
    const { kind } = this.shards;
    const d = this.shape[1];
    const position = shard.start + (from - shard.first) * d * itemBytes[kind];
    const at = { kind, littleEndian: shard.littleEndian, position, path: join(this.folder, shard.name) };
    await readNumbers(file, out.subarray(0, (to - from) * d), at);
  }
}

/** All end before an error is told: nothing then writes into storage that is used again. */
async function inLanes<T>(parts: readonly T[], read: (part: T) => Promise<void>, most = LANES): Promise<void> {
  let taken = 0;
  const lane = async () => {
    while (taken < parts.length) await read(parts[taken++]);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(most, parts.length) }, lane));
  for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Rows of a source that are read at once: rows[first … last−1] lie among its rows from … to−1. */
interface RowRun {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** The runs of those of `rows`, which rise, that lie in a shard; fewer than `near` others are read with their neighbours. */
function runsOf(rows: Uint32Array, shard: Shard, near: number): RowRun[] {
  const runs: RowRun[] = [];
  const end = shard.first + shard.rows;
  let first = firstAtLeast(rows, shard.first);
  while (first < rows.length && rows[first] < end) {
    let last = first + 1;
    while (last < rows.length && rows[last] < end && rows[last] - rows[last - 1] <= 1 + near) last++;
    runs.push({ first, last, from: rows[first], to: rows[last - 1] + 1 });
    first = last;
  }
  return runs;
}
