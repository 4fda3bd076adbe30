import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toFlat } from '../array/matrix.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { refuseNonFinite } from '../data/finite.ts';
import { assertContext, contextLine, type RowContext } from '../data/formats/contexts.ts';
import { npyHead } from '../data/formats/npy.ts';
import { writeNumbers } from '../data/formats/number-bytes.ts';
import { isShardName } from '../data/formats/shards.ts';
import { toFloat16 } from '../data/formats/to-float16.ts';
import { InputError, show } from '../errors.ts';
import { type FilePort, files } from './file-port.ts';
import { makeFolder } from './folders.ts';
import { fileError, kindOfPath } from './read-bytes.ts';
import { openShards } from './shards.ts';

/** How rows become shards. */
export interface ShardWriterOptions {
  /** Rows of each shard but the last. Default: as many as take 64 MiB. */
  readonly rowsPerShard?: number | undefined;
  /** How numbers are stored: float16 rounds to the nearest, and takes half the room. Default 'float32'. */
  readonly type?: 'float32' | 'float16' | undefined;
  /** Goes on after the shards that are in the folder. Default: they are refused. */
  readonly append?: boolean | undefined;
  /** How files are written. Default: on Node's file system. */
  readonly port?: FilePort | undefined;
}

const SHARD = 2 ** 26; // bytes
const MOST = 65504; // of float16
const PARTIAL = '.partial';

/**
 * Writes rows to a folder as shards that `openShards` and the command line read: 000000.npy, 000001.npy, …, beside each with
 * contexts a .jsonl, a line for each row. A shard is there whole, on the disk, with its contexts, or not at all, whenever the
 * process ends. @throws InputError on options that are not allowed, and on a folder that holds shards, unless `append`.
 */
export async function writeShards(folder: string, options: ShardWriterOptions = {}): Promise<ShardWriter> {
  if (typeof folder !== 'string' || folder === '') throw new InputError(`folder is ${show(folder)}: it must be a path`);
  const { rowsPerShard, type = 'float32', append = false, port = files } = options;
  if (rowsPerShard !== undefined && !(Number.isSafeInteger(rowsPerShard) && rowsPerShard >= 1)) {
    throw new InputError(`rowsPerShard is ${show(rowsPerShard)}: it must be a whole number of at least 1`);
  }
  if (type !== 'float32' && type !== 'float16') {
    throw new InputError(`type is ${show(type)}: it must be 'float32' or 'float16'`);
  }
  if ((await kindOfPath(folder)) === 'file') throw new InputError(`${folder} is a file: shards need a folder`);
  try {
    await makeFolder(folder);
    const names = await readdir(folder);
    const shards = names.filter(isShardName).sort();
    if (shards.length > 0 && !append) {
      throw new InputError(
        `${folder} holds shards, such as ${show(shards[0])}: name another folder, or give append: true`,
      );
    }
    for (const name of names) {
      if (/^\.\d{6,}\.(npy|jsonl)\.partial$/.test(name)) await port.remove(join(folder, name)); // of a run that was killed
    }
    const there = shards.length === 0 ? undefined : await openShards(folder, 'float32');
    if (there !== undefined && there.numberBytes !== (type === 'float16' ? 2 : 4)) {
      throw new InputError(
        `${folder} holds numbers of ${there.numberBytes} bytes, and type is ${type}: name another folder`,
      );
    }
    const last = shards.at(-1);
    const number = last === undefined ? 0 : Number(/^(\d{6,})\.npy$/.exec(last)?.[1] ?? Number.NaN) + 1;
    if (Number.isNaN(number)) {
      throw new InputError(`${folder} holds ${show(last)}, which writeShards did not name: name another folder`);
    }
    return new ShardWriter(folder, { rowsPerShard, type, port }, number, there?.shape);
  } catch (error) {
    throw fileError(folder, error);
  }
}

/** Rows on their way to a folder: see `writeShards`. */
export class ShardWriter {
  private readonly folder: string;
  private readonly options: Required<Pick<ShardWriterOptions, 'type' | 'port'>> & ShardWriterOptions;
  private number: number;
  private stored: number;
  private columns: number | undefined;
  private parts: (Float32Array | Uint16Array)[] = [];
  private contexts: (RowContext | undefined)[] = [];
  private work: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** Not to be called: `writeShards` makes one. */
  constructor(
    folder: string,
    options: Required<Pick<ShardWriterOptions, 'type' | 'port'>> & ShardWriterOptions,
    number: number,
    shape?: readonly [number, number],
  ) {
    this.folder = folder;
    this.options = options;
    this.number = number;
    this.stored = shape?.[0] ?? 0;
    this.columns = shape?.[1];
  }

  /** How many rows are on the disk, those of earlier runs included: after a kill, where to go on. */
  get rows(): number {
    return this.stored;
  }

  /**
   * Adds rows (m, d), and of each where it comes from. Resolves when whole shards among them are on the disk; calls wait for
   * those before. @throws InputError, before anything is added, on another width than before, on numbers that are not finite
   * or beyond float16's 65504, and on contexts that are not one for each row; the file system's errors.
   */
  append(rows: MatrixLike, contexts?: readonly RowContext[]): Promise<void> {
    return this.next(() => this.add(rows, contexts));
  }

  /** Writes the rows that are left. Nothing can be added after it. */
  close(): Promise<void> {
    return this.next(async () => {
      this.closed = true;
      if (this.contexts.length > 0) await this.flush();
    });
  }

  private next(step: () => Promise<void>): Promise<void> {
    const done = this.work.then(step);
    this.work = done.catch(() => undefined);
    return done;
  }

  private async add(given: MatrixLike, contexts?: readonly RowContext[]): Promise<void> {
    if (this.closed) throw new InputError('the shards are closed: open them with writeShards and append: true');
    const x = asView(given, 'rows', this.columns);
    const [m, d] = x.shape;
    if (x.shape.length !== 2 || d < 1 || d !== (this.columns ?? d)) {
      throw new InputError(
        `rows has shape (${x.shape.join(', ')}): it must be (m, ${this.columns ?? 'd'}), an example a row`,
      );
    }
    refuseNonFinite(x, 'rows');
    const values = toFlat(x, new Float32Array(m * d));
    const most = this.options.type === 'float16' ? 65520 : Number.POSITIVE_INFINITY;
    const large = values.findIndex((value) => !(Math.abs(value) < most));
    if (large >= 0) {
      throw new InputError(
        `rows: row ${Math.floor(large / d)}, column ${large % d} is too large for ${this.options.type}${most === 65520 ? `, whose largest number is ${MOST}: write float32, or divide all of them` : ': divide all of them'}`,
      );
    }
    if (contexts !== undefined && contexts.length !== m) {
      throw new InputError(`there are ${contexts.length} contexts for ${m} rows: give one for each`);
    }
    contexts?.forEach((context, i) => {
      assertContext(context, `contexts[${i}]`);
    });
    this.columns = d;
    const perShard = this.perShard(d);
    for (let i = 0; i < m; ) {
      const n = Math.min(m - i, perShard - this.contexts.length);
      const part = values.subarray(i * d, (i + n) * d);
      this.parts.push(this.options.type === 'float16' ? Uint16Array.from(part, toFloat16) : part);
      for (let k = i; k < i + n; k++) this.contexts.push(contexts?.[k]);
      i += n;
      if (this.contexts.length === perShard) await this.flush();
    }
  }

  private perShard(d: number): number {
    return this.options.rowsPerShard ?? Math.max(1, Math.floor(SHARD / (d * this.numberBytes)));
  }

  private get numberBytes(): 2 | 4 {
    return this.options.type === 'float16' ? 2 : 4;
  }

  /** Contexts get their name first: a shard that is there has them. */
  private async flush(): Promise<void> {
    const { port } = this.options;
    const [rows, d] = [this.contexts.length, this.columns as number];
    const head = npyHead(this.numberBytes, [rows, d]);
    const numbers = this.parts.map((part) => {
      const bytes = new Uint8Array(part.byteLength);
      writeNumbers(bytes, 0, part);
      return bytes;
    });
    const name = String(this.number).padStart(6, '0');
    const hasContexts = this.contexts.some((context) => context !== undefined);
    const lines = hasContexts ? [...this.contexts.map(contextLine)] : [];
    const names = [...(hasContexts ? [`${name}.jsonl`] : []), `${name}.npy`];
    for (const file of names) {
      const content = file.endsWith('.npy') ? [head, ...numbers] : lines.map((line) => new TextEncoder().encode(line));
      await this.write(join(this.folder, `.${file}${PARTIAL}`), content);
    }
    if (!hasContexts) await port.remove(join(this.folder, `${name}.jsonl`)); // of a run that was killed between two names
    for (const file of names) {
      await port.rename(join(this.folder, `.${file}${PARTIAL}`), join(this.folder, file));
      await port.syncFolder(this.folder);
    }
    this.number++;
    this.stored += rows;
    this.contexts = [];
    this.parts = [];
  }

  private async write(path: string, pieces: readonly Uint8Array[]): Promise<void> {
    const file = await this.options.port.create(path);
    try {
      for (const piece of joined(pieces)) await file.write(piece);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Small pieces together, a mebibyte or so at a time: a write for each line would take long. */
function* joined(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < 2 ** 20) continue;
    yield held.length === 1 ? piece : Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
