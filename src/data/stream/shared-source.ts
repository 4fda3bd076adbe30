import type { AnyNumbers, View } from '../../array/matrix.ts';
import { type RowSource, whereIn } from './row-source.ts';

/** Blocks that are held for those who have not asked for them yet. */
const AHEAD = 2;

interface Held {
  readonly rows: Promise<View<AnyNumbers>>;
  /** Readers that have not had it. */
  readonly waiting: Set<number>;
}

/** A reader of a source that others read too. */
export interface SharedReader {
  readonly source: RowSource;
  /** It asks for nothing more: nobody waits for it. */
  leave(): void;
}

/**
 * One source for `count` readers that ask for the same rows in the same order: each part is read once, and held until all
 * have had it. Who is ahead by more than two parts waits for the others.
 */
export function shareSource(source: RowSource, count: number): SharedReader[] {
  const held = new Map<string, Held>();
  const present = new Set(Array.from({ length: count }, (_, i) => i));
  let wake: (() => void)[] = [];
  const changed = () => {
    for (const resolve of wake) resolve();
    wake = [];
  };
  /** The part is no longer held for a reader. */
  const had = (key: string, reader: number) => {
    const part = held.get(key);
    if (part?.waiting.delete(reader) && part.waiting.size === 0) {
      held.delete(key);
      changed();
    }
  };

  async function read(reader: number, begin: number, end: number): Promise<View<AnyNumbers>> {
    const key = `${begin}–${end}`;
    // What this reader has had already, and others not, is the round before: it waits for them.
    while (!held.get(key)?.waiting.has(reader) && (held.has(key) || held.size >= AHEAD)) {
      await new Promise<void>((resolve) => wake.push(resolve));
    }
    const part = held.get(key) ?? { rows: source.read(begin, end), waiting: new Set(present) };
    held.set(key, part);
    had(key, reader);
    return part.rows;
  }

  return [...present].map((reader) => ({
    source: {
      shape: source.shape,
      read: (begin, end) => read(reader, begin, end),
      where: (row) => whereIn(source, row),
    },
    leave() {
      present.delete(reader);
      for (const key of [...held.keys()]) had(key, reader);
      changed();
    },
  }));
}
