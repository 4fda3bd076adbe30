import { parseContext, type RowContext } from '../data/formats/contexts.ts';
import { InputError } from '../errors.ts';
import { openRegular } from './open-file.ts';
import { fileError, kindOfPath } from './read-bytes.ts';

/** A shard of which contexts may lie beside it. */
export interface ShardFile {
  readonly path: string;
  /** The row of the whole set that its first one is. */
  readonly first: number;
  readonly rows: number;
}

const shardEnding = /\.(npy|safetensors|f32|f64|u8|idx)$/i;
const LINE = 2 ** 20; // bytes of a line that is read
const PIECE = 2 ** 16;
const NEWLINE = 10;

/** Whether a file holds the contexts of one of the shards beside it: 000.jsonl those of 000.npy. */
export function isContextsOf(name: string, all: ReadonlySet<string>): boolean {
  if (!/\.jsonl$/i.test(name)) return false;
  const stem = name.slice(0, -'.jsonl'.length);
  return ['npy', 'safetensors', 'f32', 'f64', 'u8', 'idx'].some((ending) => all.has(`${stem}.${ending}`));
}

/** The file of a shard's contexts; null of a shard whose name has no ending. */
export function contextsPath(path: string): string | null {
  return shardEnding.test(path) ? path.replace(shardEnding, '.jsonl') : null;
}

/**
 * Where rows come from, of shards with a .jsonl beside them, a line of JSON for each row (see `RowContext`); undefined where
 * there is none. Files of wanted rows alone are read, a piece at a time.
 * @throws InputError, naming the file, where it has not as many lines as its shard has rows, where a line is longer than 1 MiB
 * or is no context.
 */
export async function contextsOf(
  shards: readonly ShardFile[],
  rows: Iterable<number>,
): Promise<Map<number, RowContext>> {
  const wanted = new Set(rows);
  const found = new Map<number, RowContext>();
  for (const shard of shards) {
    const own = [...wanted].filter((row) => row >= shard.first && row < shard.first + shard.rows);
    const path = own.length === 0 ? null : contextsPath(shard.path);
    if (path === null || (await kindOfPath(path)) !== 'file') continue;
    try {
      const lines = await linesOf(path, shard, new Set(own.map((row) => row - shard.first)));
      for (const [line, text] of lines) found.set(shard.first + line, parseContext(text, `${path}: line ${line + 1}`));
    } catch (error) {
      throw fileError(path, error);
    }
  }
  return found;
}

/** Lines of a file, counted from 0. */
async function linesOf(path: string, shard: ShardFile, wanted: ReadonlySet<number>): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const file = await openRegular(path);
  let line = 0;
  let held: Uint8Array[] = [];
  let size = 0;
  const end = () => {
    if (wanted.has(line)) found.set(line, new TextDecoder().decode(Buffer.concat(held)));
    held = [];
    size = 0;
    line++;
  };
  try {
    const piece = Buffer.alloc(PIECE);
    for (let position = 0; ; ) {
      const { bytesRead } = await file.read(piece, 0, PIECE, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      for (let at = 0; at < bytesRead; ) {
        const next = piece.subarray(0, bytesRead).indexOf(NEWLINE, at);
        const until = next < 0 ? bytesRead : next;
        size += until - at;
        if (wanted.has(line)) {
          if (size > LINE) throw new InputError(`${path}: line ${line + 1} is longer than 1 MiB: write shorter texts`);
          held.push(Uint8Array.from(piece.subarray(at, until)));
        }
        if (next >= 0) end();
        at = until + 1;
      }
    }
  } finally {
    await file.close();
  }
  if (size > 0) end(); // a last line without its end
  if (line === shard.rows) return found;
  throw new InputError(
    `${path}: it has ${line} lines, and ${shard.path} ${shard.rows} rows: each row must have one line; write both again`,
  );
}
