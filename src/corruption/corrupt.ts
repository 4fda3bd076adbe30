import { type Numbers, zeros } from '../array/matrix.ts';
import { typeOf } from '../array/type-of.ts';
import { InputError } from '../errors.ts';
import { type CorruptionDraw, type CorruptionSpec, drawNoise } from './corruption.ts';

/**
 * out ← x̃ = factor ⊙ x + shift, and mask ← 1 on corrupted coordinates, 0 elsewhere: what an encoder sees in training, for
 * pictures and checks. clean, out and mask: (rows.length, columns) row-major, or longer, their rest untouched; `out` may
 * be `clean`. Rows and draw: see `drawNoise`, whose numbers are rounded to out's precision.
 * @throws InputError where an array is too short, or seed or epoch out of range.
 */
export function corrupt(
  spec: CorruptionSpec,
  out: Numbers,
  mask: Uint8Array | null,
  clean: Numbers,
  rows: Uint32Array,
  columns: number,
  draw: CorruptionDraw,
): void {
  const size = rows.length * columns;
  for (const [name, array] of Object.entries({ clean, out, mask })) {
    if (array !== null && array.length < size) {
      throw new InputError(
        `corruption: ${name} has ${array.length} elements: ${rows.length} rows of ${columns} need ${size}`,
      );
    }
  }
  const precision = typeOf(out) === 'Float32Array' ? 'float32' : 'float64';
  const [factor, shift] = [zeros(size, precision), zeros(size, precision)];
  mask?.fill(0, 0, size);
  drawNoise(spec, { factor, shift, marks: mask && { at: mask, corrupted: 1 } }, rows, columns, draw);
  for (let p = 0; p < size; p++) out[p] = factor[p] * clean[p] + shift[p];
}
