import { matrix } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD = 1 + 3 * PLANE;

/**
 * CIFAR-10's binary records (a label byte, then 1024 red, green and blue bytes) as (m, 3072), each row
 * [row][column][channel].
 * Throws InputError where the length is no multiple of a record's. [Krizhevsky 2009; cs.toronto.edu/~kriz/cifar.html]
 */
export function cifarExamples(bytes: Uint8Array): Examples {
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    throw new InputError(
      `CIFAR-10 file: it has ${bytes.length} bytes: a record takes ${RECORD}; it was cut: fetch it again`,
    );
  }
  const m = bytes.length / RECORD;
  const data = new Uint8Array(m * 3 * PLANE);
  for (let i = 0, q = 0; i < m; i++) {
    for (let p = i * RECORD + 1; p < i * RECORD + 1 + PLANE; p++) {
      data[q++] = bytes[p];
      data[q++] = bytes[p + PLANE];
      data[q++] = bytes[p + 2 * PLANE];
    }
  }
  return { x: matrix(data, m, 3 * PLANE), unit: 255, byteUnit: 255, image: { height: SIDE, width: SIDE, channels: 3 } };
}
