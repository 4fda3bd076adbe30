import { type Matrix, rowRange, toFlat } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { blankPicture, comfortableScale, type Picture } from './picture.ts';

const TALLEST_CELL = 32;

/**
 * A heat map of `weights` (h, d), for inputs that are no images: a row of cells per unit, a column per input. Zero is
 * white, positive red, negative blue; the strongest colours are ±max |W| over the whole matrix, so units compare.
 * Cells are whole pixels, enlarged to make the picture about 750 x 750. Throws an InputError if the matrix is empty
 * or a weight is not finite.
 */
export function matrixPicture(weights: Matrix): Picture {
  assertView(weights, 'weights');
  const [units, inputs] = weights.shape;
  if (units < 1 || inputs < 1) throw new InputError(`the matrix is ${units} x ${inputs}: there is nothing to draw`);
  const cellWidth = comfortableScale(inputs);
  const cellHeight = Math.min(TALLEST_CELL, comfortableScale(units));
  const picture = blankPicture(inputs * cellWidth, units * cellHeight, 3, 255);
  const largest = largestMagnitude(weights);
  const row = new Float64Array(inputs);
  const line = new Uint8Array(picture.width * 3);
  for (let i = 0; i < units; i++) {
    toFlat(rowRange(weights, i, i + 1), row);
    for (let x = 0; x < picture.width; x++) {
      const w = row[Math.floor(x / cellWidth)];
      line.set(diverging(largest > 0 ? w / largest : 0), 3 * x);
    }
    for (let y = i * cellHeight; y < (i + 1) * cellHeight; y++) picture.data.set(line, y * line.length);
  }
  return picture;
}

function largestMagnitude(weights: Matrix): number {
  const [units, inputs] = weights.shape;
  const row = new Float64Array(inputs);
  let largest = 0;
  for (let i = 0; i < units; i++) {
    toFlat(rowRange(weights, i, i + 1), row);
    for (const w of row) largest = Math.max(largest, Math.abs(w)); // Math.max passes NaN on
    if (!Number.isFinite(largest)) throw new InputError(`row ${i} holds a number that is not finite`);
  }
  return largest;
}

const RED = [178, 24, 43];
const BLUE = [33, 102, 172];

/** White at 0, red at 1, blue at −1, linear between. */
function diverging(t: number): number[] {
  return (t < 0 ? BLUE : RED).map((end) => Math.round(255 + (end - 255) * Math.abs(t)));
}
