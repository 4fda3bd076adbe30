/** Of the rows of a call, the share whose threshold may lie below the next guess. */
const BELOW = 0.005;
/** How far below them the guess stays. */
const MARGIN = 0.98;
/** Rows that may have been guessed wrong before the guess is given up for some calls. */
const MOST_WRONG = 0.03;
const REST = 16;

/** State of a row that is done: see `assembly/screening/candidates.ts`. */
const DONE = 1;

/**
 * What share of ‖x‖ the least survivor of a row is likely to reach, from the rows of the last call: where it is right, far fewer
 * units are candidates, and where it is wrong, a row is screened again.
 */
export class Guess {
  /** −∞: none. */
  value = Number.NEGATIVE_INFINITY;
  private resting = 0;

  /** From the states and numbers of rows, four words each; `wrong` of them were screened again. */
  learn(states: Uint32Array, numbers: Uint32Array, rows: number, wrong: number): void {
    if (wrong > MOST_WRONG * rows) this.resting = REST;
    this.value = Number.NEGATIVE_INFINITY;
    if (this.resting-- > 0 || rows < 2) return;
    const least = new Float32Array(states.buffer, states.byteOffset, 4 * rows);
    const norms = new Float32Array(numbers.buffer, numbers.byteOffset, 4 * rows);
    const shares = new Float32Array(rows);
    let n = 0;
    for (let i = 0; i < rows; i++)
      if (states[4 * i + 3] === DONE && norms[4 * i + 2] > 0) shares[n++] = least[4 * i] / norms[4 * i + 2];
    const sorted = shares.subarray(0, n).sort();
    const share = sorted[Math.floor(BELOW * n)];
    if (share > 0) this.value = MARGIN * share;
  }
}
