import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../errors.ts';
import { writeSynced } from './staged-files.ts';

/** A published file and the MD5 checksum published with it. */
export interface Published {
  readonly url: string;
  readonly md5: string;
}

/** The part of the Web's fetch that is needed; a parameter, so that tests need no network. */
export type Fetch = (
  url: string,
  options: { signal: AbortSignal },
) => Promise<{
  /** The status is from 200 to 299. */
  readonly ok: boolean;
  /** Of HTTP. */
  readonly status: number;
  /** The body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}>;

const TIMEOUT_MS = 300_000;

/**
 * Fetches a published file to `path`. It is written under a temporary name, verified and then renamed, so that `path`
 * is whole or absent, even when several processes do it at once. Throws InputError, with the reason, when it fails.
 */
export async function download({ url, md5 }: Published, path: string, fetch: Fetch = globalThis.fetch): Promise<void> {
  let bytes: Uint8Array;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
    throw new InputError(`${url} cannot be downloaded (${cause?.message || cause?.code || message || String(error)})`);
  }
  const found = createHash('md5').update(bytes).digest('hex');
  if (found !== md5) {
    throw new InputError(`${url} cannot be used (its md5 is ${found}, the published one is ${md5})`);
  }
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new InputError(`${path} cannot be written (${(error as Error).message})`);
  }
}
