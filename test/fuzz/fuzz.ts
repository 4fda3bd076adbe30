import { InputError } from '../../src/errors.ts';
import { type Draw, draws, mutate } from './mutate.ts';

/** A reader under test. */
export interface Target<T = unknown> {
  readonly name: string;
  /** Valid files, each as its parts. */
  readonly seeds: readonly (readonly Uint8Array[])[];
  /** A file from its parts, with lengths and checksums as they must be: so that what is mutated is what is read. */
  assemble(parts: readonly Uint8Array[]): Uint8Array;
  read(bytes: Uint8Array): T | Promise<T>;
  /** Throws where an accepted file did not give the right value. */
  check(value: T, bytes: Uint8Array): void | Promise<void>;
}

/** A target of whole files. */
export function whole<T>(target: Omit<Target<T>, 'seeds' | 'assemble'> & { seeds: readonly Uint8Array[] }): Target<T> {
  return { ...target, seeds: target.seeds.map((seed) => [seed]), assemble: ([bytes]) => bytes };
}

export interface Report {
  readonly name: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** The most that heap and buffers grew during one call, garbage included. */
  readonly growthBytes: number;
}

const LIMIT_MS = 1000;
// Inputs have at most 64 KiB: the floor of 16 MiB for what small files may unpack to, 8 times, is the widest statement.
const LIMIT_GROWTH = 2 ** 27;

/** Input `index` of a seed: half of them mutated as whole files, half in a part or two. */
function inputOf({ seeds, assemble }: Target, seed: number, index: number): Uint8Array {
  const draw: Draw = draws(seed, index);
  const [parts, others] = [seeds[draw(seeds.length)], seeds[draw(seeds.length)]];
  if (parts.length === 1 || draw(2) === 0) return mutate(assemble(parts), assemble(others), draw);
  const mutated = [...parts];
  for (let n = 1 + draw(2); n > 0; n--) {
    const i = draw(parts.length);
    mutated[i] = mutate(mutated[i], others[i] ?? others[0], draw);
  }
  return assemble(mutated);
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What is wrong with an error, if anything: it must be typed, and one line that a user can read. */
function faultOf(error: unknown): string | null {
  if (!(error instanceof InputError)) return `${(error as Error)?.stack ?? error}`;
  const { message } = error;
  const unclear = /[\n\r]|\[object |Cannot (read|set)|is not (a function|iterable|defined)|Maximum call stack/;
  return message.length < 15 || message.length > 1200 || unclear.test(message) ? `the message: ${message}` : null;
}

/**
 * Feeds mutated files to a reader. Throws, with the input in base64, at the first that ends otherwise than in a right
 * value or an InputError of one line, or that takes more than a second or 128 MiB.
 */
export async function fuzz(target: Target, inputs: number, seed: number): Promise<Report> {
  let [accepted, refused, slowestMs, growthBytes] = [0, 0, 0, 0];
  for (let index = 0; index < inputs; index++) {
    const bytes = inputOf(target, seed, index);
    const fail = (what: string): never => {
      const shown = Buffer.from(bytes.subarray(0, 4000)).toString('base64');
      throw new Error(`${target.name}, seed ${seed}, input ${index}: ${what}\n${bytes.length} bytes: ${shown}`);
    };
    const before = used();
    const start = performance.now();
    try {
      const value = await target.read(bytes);
      slowestMs = Math.max(slowestMs, performance.now() - start);
      growthBytes = Math.max(growthBytes, used() - before);
      accepted++;
      await (async () => target.check(value, bytes))().catch((error) => fail(`a wrong value: ${error?.stack}`));
    } catch (error) {
      slowestMs = Math.max(slowestMs, performance.now() - start);
      growthBytes = Math.max(growthBytes, used() - before);
      if (error instanceof Error && error.message.startsWith(`${target.name}, seed`)) throw error;
      const fault = faultOf(error);
      if (fault !== null) fail(fault);
      refused++;
    }
    if (slowestMs > LIMIT_MS) {
      // The machine may be busy with something else: what was slow once may try again.
      const again = performance.now();
      await (async () => target.read(bytes))().catch(() => {});
      slowestMs = performance.now() - again;
      if (slowestMs > LIMIT_MS) fail(`it took ${slowestMs} ms`);
    }
    if (growthBytes > LIMIT_GROWTH) fail(`memory grew by ${growthBytes} bytes`);
  }
  return { name: target.name, inputs, accepted, refused, slowestMs, growthBytes };
}
