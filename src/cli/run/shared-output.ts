import { InputError } from '../../errors.ts';
import type { MpiGroup } from '../../node/mpi/mpi-group.ts';
import { beginPartial, dropPartial, endPartial, fillPartial } from '../../node/partial-file.ts';
import { notWritten, partialOf } from '../../node/run-folder.ts';

/** What a process writes of a file: pieces from byte `position` on. */
export interface OwnBytes {
  readonly position: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Another process has an error, and tells it: this one has nothing to say. */
class Elsewhere extends Error {}

/**
 * Writes a file of `size` bytes that begins with `head`, every process its own bytes of it: whole, or, where one of them fails, not at
 * all. All must see the folder. @throws what this process failed by; false is given where it was another.
 */
export async function writeTogether(
  group: MpiGroup,
  path: string,
  { head, size }: { readonly head: Uint8Array; readonly size: number },
  { position, pieces }: OwnBytes,
): Promise<boolean> {
  const leads = group.rank === 0;
  const partial = group.texts(leads ? await partialOf(path) : '')[0];
  const begin = () =>
    beginPartial(partial, head, size).catch((error: unknown) => Promise.reject(notWritten(path, error)));
  if (!(await allDo(group, leads ? begin : undefined))) return false;
  /** What went wrong with the rows themselves, and not with the file. */
  let own: unknown;
  async function* watched() {
    try {
      yield* pieces;
    } catch (error) {
      own = error;
      throw error;
    }
  }
  const drop = () => (leads ? dropPartial(partial) : undefined);
  const fill = () =>
    fillPartial(partial, position, watched()).catch((error: unknown) => {
      if (error === own) throw error;
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? notSeen(path) : notWritten(path, error);
    });
  if (!(await allDo(group, fill, drop))) return false;
  return allDo(group, leads ? () => endPartial(partial, path) : undefined, drop);
}

/** The error of what the first process has made, where this one finds nothing. */
export function notSeen(path: string): InputError {
  return new InputError(
    `${path} is begun by rank 0, and this process does not see it: name a place that all machines share`,
  );
}

/**
 * Does `work`, at the same time as the others. @returns whether all of them have done theirs; `undo` runs first where one has not.
 * @throws the error of this process, if it is the first that has one: who throws ends all, so one line says why.
 */
export async function allDo(
  group: MpiGroup,
  work: (() => Promise<unknown>) | undefined,
  undo?: () => Promise<unknown> | undefined,
): Promise<boolean> {
  let failed: { readonly error: unknown } | null = null;
  try {
    await work?.();
  } catch (error) {
    failed = { error };
  }
  const isOwn = failed !== null && !(failed.error instanceof Elsewhere);
  const failures = new Float64Array(group.size);
  group.gather(Float64Array.of(isOwn ? 1 : 0), failures);
  const first = failures.indexOf(1);
  if (first < 0) return true;
  await undo?.();
  group.barrier();
  if (first === group.rank) throw failed?.error;
  return false;
}

const MORE = 0;
const END = 1;
const FAILED = 2;

/**
 * Texts of blocks 0 … count−1 in their order, to the first process, a piece at a time: blocks are made by all, one each at the same
 * time, as many as there are processes. The others get nothing of it, and must go through it as well. Where one of them fails, it
 * throws that there, and an error without words in the others: see `writeTexts`.
 */
async function* inOrder(
  group: MpiGroup,
  count: number,
  textsOf: (block: number) => Promise<Iterable<string>>,
): AsyncGenerator<string> {
  const { rank, size } = group;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  for (let first = 0; first < count; first += size) {
    let failure: { readonly error: unknown } | null = null;
    let texts: Iterator<string> | undefined;
    if (first + rank < count) {
      try {
        texts = (await textsOf(first + rank))[Symbol.iterator]();
      } catch (error) {
        failure = { error };
      }
    }
    for (let from = 0; from < Math.min(size, count - first); from++) {
      for (let kind = MORE; kind === MORE; ) {
        const next = from === rank && failure === null ? texts?.next() : undefined;
        const own = encoder.encode(next?.done === false ? next.value : '');
        const told = Float64Array.of(next?.done === false ? MORE : failure === null ? END : FAILED, own.length);
        group.broadcast(told, from);
        kind = told[0];
        if (kind === FAILED) throw from === rank ? failure?.error : new Elsewhere();
        const piece = from === rank ? own : new Uint8Array(told[1]);
        if (kind === MORE) group.broadcast(piece, from);
        if (kind === MORE && rank === 0) yield from === rank ? (next?.value as string) : decoder.decode(piece);
      }
    }
  }
}

/**
 * Has the first process write texts of blocks, as `inOrder` gives them. @returns whether all went well. @throws what this process
 * failed by.
 */
export async function writeTexts(
  group: MpiGroup,
  { count, textsOf }: { readonly count: number; textsOf(block: number): Promise<Iterable<string>> },
  write: (texts: AsyncGenerator<string>) => Promise<void>,
): Promise<boolean> {
  let ended: unknown = null;
  const texts = inOrder(group, count, textsOf);
  /** Goes through all even where the writer has left: the others wait for it. */
  async function* whole(): AsyncGenerator<string> {
    try {
      for (let next = await texts.next(); next.done !== true; next = await texts.next()) yield next.value;
    } catch (error) {
      ended = error;
      throw error;
    }
  }
  const work = async () => {
    try {
      if (group.rank === 0) await write(whole());
    } catch (error) {
      throw ended ?? error; // a writer puts words of its own around it
    } finally {
      if (ended === null) for (let next = await texts.next(); next.done !== true; ) next = await texts.next();
    }
  };
  return allDo(group, work);
}
