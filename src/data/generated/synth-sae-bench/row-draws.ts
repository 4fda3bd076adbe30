import { normalQuantile } from '../../../array/normal-quantile.ts';
import { philox4x32 } from '../../../array/philox.ts';
import { stream } from '../../../array/random.ts';
import { ROWS } from './setup-draws.ts';

const TWO_32 = 4294967296;
const TWO_53 = 9007199254740992;

/**
 * Pairs of uniform numbers of a row, 53 bits each, by their place: the same in any order, and most of them never drawn. Four words
 * of Philox make a pair, as in `fillUniform`.
 */
export class RowDraws {
  private readonly words = new Uint32Array(4);
  private readonly keyLow: number;
  private readonly keyHigh: number;
  private low = 0;
  private high = 0;

  constructor(seed: number) {
    this.keyLow = seed % TWO_32;
    this.keyHigh = Math.floor(seed / TWO_32);
  }

  /** From now on of this row. */
  begin(row: number): void {
    this.low = (row + ROWS) % TWO_32;
    this.high = Math.floor((row + ROWS) / TWO_32);
  }

  /** Draws the pair at a place. */
  at(place: number): void {
    philox4x32(this.words, place, this.low, this.high, stream.synthSaeBench, this.keyLow, this.keyHigh);
  }

  /** The first of the pair, in (0, 1): 0 counts as 2⁻⁵⁴. */
  get first(): number {
    return uniform(this.words[0], this.words[1]);
  }

  /** The second, likewise. */
  get second(): number {
    return uniform(this.words[2], this.words[3]);
  }

  /** The first as a normal number. */
  get firstNormal(): number {
    return normalQuantile(this.first);
  }

  /** The second as a normal number. */
  get secondNormal(): number {
    return normalQuantile(this.second);
  }
}

function uniform(a: number, b: number): number {
  return Math.max(((a >>> 5) * 67108864 + (b >>> 6)) / TWO_53, 0.5 / TWO_53);
}
