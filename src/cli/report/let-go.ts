import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../../array/matrix.ts';
import { elementsOf, storageLike } from '../../array/numbers.ts';

/** Examples that pictures show at most. */
const SHOWN = 64;
/** Smaller storage is not worth it, and Node shares some of it among files. */
const LEAST_BYTES = 2 ** 20;

/** As ES2024 has it. */
interface Transferable {
  transfer?(bytes: number): unknown;
}

/**
 * The first examples of x in storage of their own, and that of x given back at once: what has been measured makes room for what draws.
 * Nothing may look at x, or at other views of its storage, afterwards.
 */
export function letGo(x: View<AnyNumbers>): View<AnyNumbers> {
  const { buffer } = elementsOf(x.data);
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < LEAST_BYTES) return x;
  const [m, d] = x.shape;
  const n = Math.min(SHOWN, m);
  const { data, shape, stride, offset } = rowRange(x, 0, n);
  const kept = storageLike(x.data, n * d);
  elementsOf(kept).set(elementsOf(toFlat({ data, shape, stride, offset })));
  (buffer as Transferable).transfer?.(0);
  return Object.assign(matrix(kept, n, d), x.unit === undefined ? {} : { unit: x.unit });
}
