import { type AnyNumbers, rowRange, toFlat, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

/** A row whose largest |w| is below this share of the middle one's is not stretched further: what is left of it is noise. */
const FAINT = 0.1;
/** The shade of 0. */
const NONE = 128;

/**
 * What shades of the rows of `weights` (n, d) are relative to: the row's own max |w|, but no less than a tenth of the median of those of
 * the rows that are not dead, so that rows of noise stay grey. @throws InputError where a weight is not finite.
 */
export function featureScales(weights: View<AnyNumbers>, dead: Iterable<number> = []): Float64Array {
  const [n, d] = weights.shape;
  const isDead = new Set(dead);
  const row = new Float64Array(d);
  const largest = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    toFlat(rowRange(weights, i, i + 1), row);
    for (const w of row) largest[i] = Math.max(largest[i], Math.abs(w)); // Math.max passes NaN on
    if (!Number.isFinite(largest[i])) throw new InputError(`row ${i} holds a number that is not finite`);
  }
  const living = largest.filter((_, i) => !isDead.has(i)).sort();
  const floor = living.length === 0 ? 0 : FAINT * living[living.length >> 1];
  return largest.map((most) => Math.max(floor, most));
}

/**
 * Shades of the rows of `weights` (n, d), row by row: w/s from −1 (0) over 0 (128) to 1 (255), s that of `featureScales`. Rows in `dead` are
 * grey throughout. @throws InputError where a weight is not finite.
 */
export function featureShades(weights: View<AnyNumbers>, dead: Iterable<number> = []): Uint8Array {
  const [n, d] = weights.shape;
  const isDead = new Set(dead);
  const scales = featureScales(weights, isDead);
  const shades = new Uint8Array(n * d).fill(NONE);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    if (isDead.has(i) || scales[i] === 0) continue;
    toFlat(rowRange(weights, i, i + 1), row);
    for (let j = 0; j < d; j++) shades[i * d + j] = Math.round(127.5 * (row[j] / scales[i] + 1));
  }
  return shades;
}
