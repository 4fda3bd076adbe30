import { InputError, show } from '../errors.ts';
import { type AnyNumbers, fromRows, matrix, type TypedNumbers, type View } from './matrix.ts';
import { TwoByteNumbers } from './two-byte.ts';
import { typeOf } from './type-of.ts';

/**
 * What is taken for a matrix: an ndarray or another view; numbers in row-major order with their shape, as `{ data, shape }` or as
 * a TensorBuffer of TensorFlow.js has them; or rows of numbers. Rows and lists become float64.
 */
export type MatrixLike =
  | View<AnyNumbers>
  | {
      /** In row-major order. */
      readonly data: AnyNumbers | readonly number[];
      /** (m, d). */
      readonly shape: readonly number[];
      /** See `View`. */
      readonly unit?: number | undefined;
    }
  | {
      /** In row-major order. */
      readonly values: AnyNumbers;
      /** (m, d). */
      readonly shape: readonly number[];
    }
  | readonly (readonly number[] | TypedNumbers)[];

/** Whether it is a typed array of numbers, or floats of two bytes: BigInts are none. */
export function isNumbers(data: unknown): data is AnyNumbers {
  if (!ArrayBuffer.isView(data)) return data instanceof TwoByteNumbers;
  const type = typeOf(data);
  return type !== 'DataView' && !type.startsWith('Big');
}

/**
 * For callers without types: a forgotten await, nested arrays, a bare typed array, BigInts.
 * @throws InputError unless x is a view over a typed array of numbers; its shape remains to be checked.
 */
export function assertView(x: View<AnyNumbers>, name: string, columns: number | string = 'd'): void {
  if (isNumbers(x?.data) && Array.isArray(x.shape) && Array.isArray(x.stride) && x.stride.length === x.shape.length)
    return;
  const { shape, stride, data } = (x ?? {}) as Partial<View<AnyNumbers>>;
  const what = !Array.isArray(shape)
    ? ` is ${show(x)}`
    : isNumbers(data)
      ? `.stride is ${show(stride)}`
      : `.data is ${show(data)}`;
  throw new InputError(
    `${name}${what}: it must be an ndarray of shape (m, ${columns}) over a typed array, such as ndarray(new Float32Array(m * ${columns}), [m, ${columns}]), or { data, shape }, or what fromRows takes`,
  );
}

/** The platform's own Float16Array, and what a structured clone, or another copy of this package, makes of two-byte numbers. */
function asTwoByte(data: unknown): TwoByteNumbers | null {
  if (ArrayBuffer.isView(data) && typeOf(data) === 'Float16Array') {
    return new TwoByteNumbers('float16', new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  const { kind, bits } = (data ?? {}) as Partial<TwoByteNumbers>;
  const isOne = (kind === 'float16' || kind === 'bfloat16') && typeOf(bits) === 'Uint16Array';
  return isOne && !(data instanceof TwoByteNumbers) ? new TwoByteNumbers(kind, bits as Uint16Array) : null;
}

/** The view itself, or one of what is like it. @throws InputError as `assertView` does, and where there are not as many numbers as the shape says. */
export function asView(given: MatrixLike, name: string, columns: number | string = 'd'): View<AnyNumbers> {
  const twoByte = asTwoByte((given as Partial<View<AnyNumbers>> | null)?.data);
  const x: MatrixLike = twoByte === null ? given : { ...(given as View<AnyNumbers>), data: twoByte };
  if (Array.isArray(x) && (Array.isArray(x[0]) || isNumbers(x[0]))) return named(name, () => fromRows(x));
  const { data, values = data, shape, stride, unit } = (x ?? {}) as Partial<Record<string, unknown>>;
  const isList = Array.isArray(values);
  const sizes = Array.isArray(shape) ? shape : isNumbers(shape) ? Array.from(shape) : null;
  if (!(isList || isNumbers(values)) || sizes === null || (Array.isArray(stride) && !isList)) {
    assertView(x as View<AnyNumbers>, name, columns);
    return x as View<AnyNumbers>;
  }
  const numbers = isList ? named(name, () => fromRows([values]).data) : values;
  if (Array.isArray(stride)) return { ...(x as View<AnyNumbers>), data: numbers }; // an ndarray over a list
  const [rows, width] = sizes;
  if (sizes.length !== 2) {
    throw new InputError(`${name} has shape (${sizes.join(', ')}): it must be (m, ${columns}), an example a row`);
  }
  if (rows * width !== values.length) {
    throw new InputError(
      `${name} has shape (${sizes.join(', ')}) and ${values.length} numbers: they must be ${rows * width}, in row-major order`,
    );
  }
  const view: View<AnyNumbers> = matrix(numbers, rows, width);
  return unit === undefined ? view : { ...view, unit: unit as number };
}

/** What fails in `make` says of which argument. */
function named<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : error;
  }
}
