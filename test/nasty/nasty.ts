import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertRefused } from '../support/errors.ts';

/** What a nasty file is, how it is read, and what is to be said of it. */
export type Nasty = readonly [name: string, file: () => Uint8Array, message: RegExp];

/**
 * A test for each file: it is refused in one line that matches, within a second, and without memory beyond 32 MiB and 32
 * times the file (64-bit objects of JSON take the most).
 */
export function refusesAll(read: (bytes: Uint8Array) => unknown, files: readonly Nasty[]): void {
  for (const [name, make, message] of files) {
    test(`refused in a second: ${name}`, async () => {
      const bytes = make();
      const used = () => {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        return heapUsed + arrayBuffers;
      };
      const before = used();
      const start = performance.now();
      await assertRefused(() => read(bytes), message);
      const [ms, growth] = [performance.now() - start, used() - before];
      assert.ok(ms < 1000, `${ms} ms`);
      assert.ok(growth < 2 ** 25 + 32 * bytes.length, `memory grew by ${growth} bytes for ${bytes.length}`);
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
