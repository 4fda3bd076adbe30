import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertRefused } from '../support/errors.ts';

/** What a nasty file is, how it is read, and what is to be said of it. */
export type Nasty = readonly [name: string, file: () => Uint8Array, message: RegExp];

setFlagsFromString('--expose-gc');
/** Garbage that is collected some time is not left behind. */
const collect: () => void = runInNewContext('gc');

/**
 * Fails unless an action, which takes well below a second, ends within ten of processor time (the machine may be busy with
 * something else: what hangs, or grows with the square of a file, takes minutes) and leaves no more than `growth` bytes behind.
 */
export async function inTime(action: () => unknown, growth: number): Promise<void> {
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const before = used();
  const start = process.cpuUsage();
  await action();
  const [{ user, system }, grown] = [process.cpuUsage(start), used() - before];
  assert.ok(grown < growth, `memory grew by ${grown} bytes`);
  assert.ok(user + system < 1e7, `${(user + system) / 1000} ms of processor time`);
}

/**
 * A test for each file: it is refused in one line that matches, in time, and leaves nothing beyond 32 MiB and 32 times the
 * file behind (the objects of JSON take the most); what a reader takes meanwhile is held by `npm run fuzz`.
 */
export function refusesAll(read: (bytes: Uint8Array) => unknown, files: readonly Nasty[]): void {
  for (const [name, make, message] of files) {
    test(`refused in a second: ${name}`, async () => {
      const bytes = make();
      await inTime(() => assertRefused(() => read(bytes), message), 2 ** 25 + 32 * bytes.length);
    });
  }
}

export const text = (value: string) => new TextEncoder().encode(value);

/** One character many times over, without a string in between. */
export function filled(character: string, length: number): Uint8Array {
  return new Uint8Array(length).fill(character.charCodeAt(0));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
