import { matrix } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const PIXELS = 3 * PLANE;

/** Kinds of records, by the bytes of labels before their pixels: how many classes each of these has. */
const kinds = [
  { kind: 'CIFAR-10', classes: [10] },
  { kind: 'CIFAR-100', classes: [20, 100] }, // coarse, fine
] as const;

/** A kind of CIFAR's binary records. */
export type CifarKind = (typeof kinds)[number]['kind'];

function recordOf(kind: CifarKind): number {
  return PIXELS + (kind === 'CIFAR-10' ? 1 : 2);
}

/** The kind whose records the bytes are: by their length, and by labels that are classes of it; undefined where they are none. */
export function cifarKind(bytes: Uint8Array): CifarKind | undefined {
  if (bytes.length === 0) return undefined;
  return kinds.find(({ kind, classes }) => {
    const record = recordOf(kind);
    if (bytes.length % record !== 0) return false;
    for (let p = 0; p < bytes.length; p += record) {
      if (!classes.every((count, i) => bytes[p + i] < count)) return false;
    }
    return true;
  })?.kind;
}

/**
 * CIFAR's binary records (label bytes, then 1024 red, green and blue bytes) as (m, 3072), each row [row][column][channel], and
 * their labels: of CIFAR-10 the one byte, of CIFAR-100 the second, which is the fine one; the coarse one where `coarse` is true.
 * Throws InputError where the length is no multiple of a record's. [Krizhevsky 2009; cs.toronto.edu/~kriz/cifar.html]
 */
export function cifarExamples(bytes: Uint8Array, kind: CifarKind = 'CIFAR-10', coarse = false): Examples {
  const record = recordOf(kind);
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw new InputError(
      `${kind} file: it has ${bytes.length} bytes: a record takes ${record}; it was cut: fetch it again`,
    );
  }
  const m = bytes.length / record;
  const data = new Uint8Array(m * PIXELS);
  const labels = new Uint32Array(m);
  for (let i = 0, q = 0; i < m; i++) {
    const pixels = (i + 1) * record - PIXELS;
    labels[i] = bytes[coarse ? i * record : pixels - 1];
    for (let p = pixels; p < pixels + PLANE; p++) {
      data[q++] = bytes[p];
      data[q++] = bytes[p + PLANE];
      data[q++] = bytes[p + 2 * PLANE];
    }
  }
  const image = { height: SIDE, width: SIDE, channels: 3 };
  return { x: matrix(data, m, PIXELS), unit: 255, byteUnit: 255, image, labels };
}
