import { InputError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { joinBytes } from './bytes.ts';

const LIMIT_WHOLE = 2 ** 28; // bytes of a file that a server gives whole or not at all

/** What `httpSource` asks with: the platform's `fetch`, or one's own. */
export type HttpFetch = (
  url: string,
  init: { readonly headers: Readonly<Record<string, string>> },
) => Promise<Pick<Response, 'status' | 'ok' | 'headers' | 'body' | 'arrayBuffer'>>;

/**
 * A file of the web, read a part at a time by HTTP Range. A server that knows no ranges gives the whole file: it is kept, at most
 * `limitBytes` of it (256 MiB). @throws InputError, naming the URL, where the server has no such file, or gives what was not asked for.
 */
export async function httpSource(url: string, fetch: HttpFetch, limitBytes = LIMIT_WHOLE): Promise<ByteSource> {
  const first = await asked(url, fetch, 0, 1);
  if (first.status === 200) return wholeOf(url, first, limitBytes);
  const size = Number(/^bytes 0-0\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
  await first.body?.cancel();
  if (!Number.isSafeInteger(size)) {
    throw new InputError(`${url}: the server does not say how long the file is: download it, and read it from there`);
  }
  return {
    size,
    async read(begin, end) {
      if (end <= begin) return new Uint8Array(0);
      const answer = await asked(url, fetch, begin, end);
      const range = answer.headers.get('content-range') ?? '';
      if (answer.status !== 206 || !range.startsWith(`bytes ${begin}-${end - 1}/`)) {
        await answer.body?.cancel();
        throw new InputError(
          `${url}: bytes ${begin} to ${end - 1} were asked for, the server gave ${answer.status} ${range || 'without a range'}: download the file, and read it from there`,
        );
      }
      const bytes = await taken(answer, end - begin);
      if (bytes === null || bytes.length !== end - begin) {
        throw new InputError(
          `${url}: the server gave another number of bytes than it said: try again, or download the file`,
        );
      }
      return bytes;
    },
  };
}

async function asked(url: string, fetch: HttpFetch, begin: number, end: number) {
  let answer: Awaited<ReturnType<HttpFetch>>;
  try {
    answer = await fetch(url, { headers: { range: `bytes=${begin}-${end - 1}` } });
  } catch (error) {
    throw new InputError(`${url}: it cannot be fetched: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (answer.ok) return answer;
  await answer.body?.cancel();
  throw new InputError(`${url}: the server answered ${answer.status}: check the address`);
}

async function wholeOf(url: string, answer: Awaited<ReturnType<HttpFetch>>, limitBytes: number): Promise<ByteSource> {
  const bytes = await taken(answer, limitBytes);
  if (bytes === null) {
    throw new InputError(
      `${url}: the server knows no HTTP Range, and the file has more than ${limitBytes} bytes: download it, and read it from there`,
    );
  }
  return { size: bytes.length, read: async (begin, end) => bytes.subarray(begin, end) };
}

/** The bytes of an answer; null where they are more than `most`, of which no more are then read. */
async function taken(answer: Awaited<ReturnType<HttpFetch>>, most: number): Promise<Uint8Array | null> {
  if (answer.body === null) return new Uint8Array(0);
  const reader = answer.body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    pieces.push(value);
  }
  return joinBytes(pieces);
}
