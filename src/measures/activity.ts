import type { Numbers } from '../array/matrix.ts';

/** Some examples' activations of one layer, and where they are not 0: most codes are sparse, and what counts them goes by that. */
export interface Activity {
  /** (examples, units), row-major. */
  readonly a: Numbers;
  readonly examples: number;
  readonly units: number;
  /** The positions in `a` of all a ≠ 0, rising. */
  readonly on: Uint32Array;
  /** (examples): the positions of example k are on[ends[k − 1]] … on[ends[k] − 1]. */
  readonly ends: Uint32Array;
}

/** Finds out where activations are not 0, in room that the next ones reuse. */
export class ActivityReader {
  private readonly units: number;
  private on = new Uint32Array(0);
  private ends = new Uint32Array(0);

  constructor(units: number) {
    this.units = units;
  }

  /** Of `a` (examples, units), row-major. What the last call gave is void. */
  read(a: Numbers): Activity {
    const { units } = this;
    const examples = a.length / units;
    if (this.on.length < a.length) this.on = new Uint32Array(a.length);
    if (this.ends.length < examples) this.ends = new Uint32Array(examples);
    const { on, ends } = this;
    let n = 0;
    for (let k = 0, p = 0; k < examples; k++) {
      // Without a branch, which sparse codes would have guessed wrong.
      for (let j = 0; j < units; j++, p++) {
        on[n] = p;
        n += Number(a[p] !== 0);
      }
      ends[k] = n;
    }
    return { a, examples, units, on: on.subarray(0, n), ends: ends.subarray(0, examples) };
  }
}
