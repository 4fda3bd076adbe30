import type { AnyNumbers, View } from '../array/matrix.ts';
import { numberAt } from '../array/numbers.ts';
import { typeOf } from '../array/type-of.ts';
import { InputError } from '../errors.ts';

/**
 * Throws InputError naming row and column (counted from 0) of the first value of a matrix that is NaN or infinite;
 * `where` names row i in words. With `gaps` NaN is let pass.
 */
export function refuseNonFinite(
  x: View<AnyNumbers>,
  what: string,
  where = (row: number) => `row ${row}`,
  gaps = false,
): void {
  const [rows, columns] = x.shape;
  const { unit = 1 } = x;
  if (/int/i.test(typeOf(x.data)) && unit >= 1) return; // whole numbers: images are not looked at one by one
  for (let i = 0; i < rows; i++) {
    let p = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += x.stride[1]) {
      const value = numberAt(x.data, p) / unit;
      if (!Number.isFinite(value) && !(gaps && Number.isNaN(value))) {
        throw new InputError(
          `${what}: ${where(i)}, column ${j} (counted from 0) is ${value}: entries must be finite; remove or repair it`,
        );
      }
    }
  }
}
