import { InputError } from '../errors.ts';
import { normalQuantile } from './normal-quantile.ts';
import { philox4x32 } from './philox.ts';

/**
 * The address of a draw. The same address gives the same numbers, on any machine, in any order, without state.
 * seed: the user's, an integer in [0, 2⁵³). stream: what the draw is for (see `stream`), an unsigned 32-bit word.
 * counter: which draw of that stream (epoch, example, layer, …), an integer in [0, 2⁵³).
 */
export interface Draw {
  readonly seed: number;
  readonly stream: number;
  readonly counter?: number | undefined;
  /** Elements are those from this one on. Default 0. */
  readonly first?: number | undefined;
}

/** One number per use of randomness, so that no two uses share a draw. Never renumber: results would change. */
export const stream = {
  initialization: 1,
  shuffling: 2,
  corruption: 3,
  patches: 4,
  deadLeaves: 5,
  gradientCheck: 6,
  testing: 7,
  swissRoll: 8,
  shufflingBlocks: 9,
  shufflingWithin: 10,
  resampling: 11,
  timing: 12,
  dropout: 13,
  synthSaeBench: 14,
} as const;

const TWO_32 = 4294967296;
const TWO_53 = 9007199254740992;

/** Throws unless `seed` is an integer in [0, 2⁵³). */
export function assertSeed(seed: unknown): asserts seed is number {
  if (!Number.isSafeInteger(seed) || (seed as number) < 0) {
    throw new InputError(`seed is ${String(seed)}: it must be an integer from 0 to 2^53 − 1`);
  }
}

/**
 * Calls `use(i, u)` for i = 0 … length−1 with u uniform on [0, 1), 53 bits each: element i is words 2(i mod 2) and
 * 2(i mod 2)+1 of Philox block (⌊i/2⌋, counter, stream) under key seed.
 */
function eachUniform(draw: Draw, length: number, use: (i: number, u: number) => void): void {
  assertSeed(draw.seed);
  const counter = draw.counter ?? 0;
  if (!Number.isSafeInteger(counter) || counter < 0) {
    throw new InputError(`random counter is ${counter}: it must be an integer from 0 to 2^53 − 1`);
  }
  const words = new Uint32Array(4);
  const first = draw.first ?? 0;
  for (let i = 0; i < length; i++) {
    const element = first + i;
    if (element % 2 === 0 || i === 0) {
      philox4x32(
        words,
        Math.floor(element / 2),
        counter % TWO_32,
        Math.floor(counter / TWO_32),
        draw.stream,
        draw.seed % TWO_32,
        Math.floor(draw.seed / TWO_32),
      );
    }
    const w = (element % 2) * 2;
    use(i, ((words[w] >>> 5) * 67108864 + (words[w + 1] >>> 6)) / TWO_53);
  }
}

/** A typed array (or plain array) that draws are written into. */
export interface Writable {
  readonly length: number;
  [index: number]: number;
}

/** Fills `out` with uniforms on [low, high), before rounding to out's own type. */
export function fillUniform<T extends Writable>(out: T, draw: Draw, low = 0, high = 1): T {
  eachUniform(draw, out.length, (i, u) => {
    out[i] = low + (high - low) * u;
  });
  return out;
}

/** Fills `out` with N(mean, deviation²): Φ⁻¹ of a uniform (0 counts as 2⁻⁵⁴), so element i needs uniform i alone. */
export function fillNormal<T extends Writable>(out: T, draw: Draw, mean = 0, deviation = 1): T {
  eachUniform(draw, out.length, (i, u) => {
    out[i] = mean + deviation * normalQuantile(Math.max(u, 0.5 / TWO_53));
  });
  return out;
}

/** A uniformly random permutation of 0 … length−1. [Fisher & Yates; Durstenfeld 1964] */
export function permutation(length: number, draw: Draw): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  eachUniform(draw, Math.max(0, length - 1), (i, u) => {
    const j = i + Math.floor(u * (length - i));
    const swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  });
  return order;
}

/** Fills `out` with 1 where a uniform lies below `probability`, else 0. */
export function fillMask<T extends Writable>(out: T, draw: Draw, probability: number): T {
  eachUniform(draw, out.length, (i, u) => {
    out[i] = u < probability ? 1 : 0;
  });
  return out;
}
