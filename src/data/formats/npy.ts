import type { Numbers, View } from '../../array/matrix.ts';
import { rowRange, toFlat, zeros } from '../../array/matrix.ts';
import { type AnyNumbers, elementsOf, type TypedNumbers } from '../../array/numbers.ts';
import { typeOf } from '../../array/type-of.ts';
import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { type ArrayOptions, tensorExamples } from './array-examples.ts';
import { transposed } from './axes.ts';
import { assertBytes, joinBytes } from './bytes.ts';
import { itemBytes, type NumberKind, numbersFromBytes, storedFromBytes, writeNumbers } from './number-bytes.ts';
import { elementCount, type StoredTensor, type Tensor } from './tensor.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const types = /^[<>|=]?(f4|f8|f2|u1|u2|u4|u8|i1|i2|i4|i8|b1)$/;

// The header is a Python dictionary with exactly these three keys; anything else is refused, nothing is evaluated.
const entry = {
  descr: /'descr'\s*:\s*'([^'\\]*)'/y,
  fortran_order: /'fortran_order'\s*:\s*(True|False)/y,
  shape: /'shape'\s*:\s*\(([\d\s,]*)\)/y,
};
const between = /\s*,\s*/y;
const end = /\s*(?:,\s*)?\}\s*$/y;
const PIECE = 2 ** 18; // numbers
const LIMIT_HEADER = 10_000; // numpy.load's own max_header_size: it holds three short entries

/** What the header of an .npy file says. */
export interface NpyHeader {
  readonly kind: NumberKind;
  readonly isBoolean: boolean;
  readonly littleEndian: boolean;
  readonly fortran: boolean;
  readonly shape: number[];
}

/** Whether the bytes begin as a NumPy .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && magic.every((byte, i) => bytes[i] === byte);
}

/** The dictionary in an .npy header. */
function parseHeader(text: string): NpyHeader {
  const refuse = (reason: string): never => {
    throw new InputError(`npy file: its header ${show(text.trim())} ${reason}`);
  };
  const found = new Map<string, string>();
  let at = /^\s*\{\s*/.exec(text)?.[0].length ?? refuse('is not a dictionary');
  const eat = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (let n = 0; n < 3; n++) {
    if (n > 0 && !eat(between)) refuse('must hold descr, fortran_order and shape');
    const before = found.size;
    for (const [key, pattern] of Object.entries(entry)) {
      const match = found.has(key) ? null : eat(pattern);
      if (match) {
        found.set(key, match[1]);
        break;
      }
    }
    if (found.size === before) refuse('must hold descr (a plain number type), fortran_order and shape');
  }
  if (!eat(end)) refuse('must hold descr, fortran_order and shape, and nothing else');
  const descr = found.get('descr') ?? '';
  const type =
    types.exec(descr)?.[1] ?? refuse(`has the type ${descr.slice(0, 40)}: allowed are floats, integers and booleans`);
  const extents = (found.get('shape') ?? '').split(',').map((part) => part.trim());
  if (extents[extents.length - 1] === '') extents.pop(); // (3,) and ()
  if (extents.some((part) => !/^\d+$/.test(part))) refuse('has a shape that is no list of integers');
  return {
    kind: (type === 'b1' ? 'u1' : type) as NumberKind,
    isBoolean: type === 'b1',
    littleEndian: descr[0] !== '>', // '=' never stands in a file; NumPy writes the order out
    fortran: found.get('fortran_order') === 'True',
    shape: extents.map(Number),
  };
}

/** The elements of a column-major array in row-major order: it is a row-major one of the axes turned round. */
function fromFortran<D extends AnyNumbers>(data: D, shape: readonly number[]): D {
  return transposed(data, [...shape].reverse(), [...shape.keys()].reverse());
}

/** The header's dictionary, and where the numbers begin. Throws InputError where it is damaged, or longer than the bytes. */
export function readNpyHeader(bytes: Uint8Array): { header: NpyHeader; start: number } {
  assertBytes(bytes);
  if (!isNpy(bytes))
    throw new InputError('npy file: its first bytes are not \\x93NUMPY: give a file that numpy.save wrote');
  const version = bytes[6];
  const prefix = version === 1 ? 10 : 12;
  if (bytes.length < prefix) throw new InputError(`npy file: it ends within its header, after ${bytes.length} bytes`);
  if (version < 1 || version > 3) {
    throw new InputError(`npy file: it has the format version ${version}.${bytes[7]}: allowed are 1, 2 and 3`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = prefix + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) {
    throw new InputError(`npy file: it ends within its header: ${bytes.length} bytes of ${start}; write it again`);
  }
  if (start - prefix > LIMIT_HEADER) {
    throw new InputError(`npy file: its header has ${start - prefix} bytes: at most ${LIMIT_HEADER} are allowed`);
  }
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(prefix, start));
  return { header: parseHeader(text), start };
}

/** Throws InputError unless the file has the bytes that its header asks for. */
export function assertSize({ kind, shape }: NpyHeader, start: number, given: number): void {
  const wanted = start + elementCount(shape, 'npy file') * itemBytes[kind];
  if (given === wanted) return;
  const has = `it has ${given} bytes, its shape (${shape.join(', ')}) asks for ${wanted}`;
  throw new InputError(`npy file: ${has}; it was cut or is damaged: write it again`);
}

/** Where the numbers lie in an .npy file of `size` bytes that begins with `head`. Throws InputError as `readNpy` does. */
export function storedNpy(head: Uint8Array, size: number): StoredTensor {
  const { header, start } = readNpyHeader(head);
  assertSize(header, start, size);
  if (header.fortran && header.shape.length > 1) {
    throw new InputError('npy file: it is column-major: write it with numpy.ascontiguousarray');
  }
  return { ...header, start };
}

/**
 * The array in a NumPy .npy file (format 1, 2 or 3): floats of 2, 4 or 8 bytes, integers of 1 to 8 bytes and booleans,
 * either byte order, C or Fortran layout. Throws InputError on other types, damaged headers, headers above 10,000 bytes,
 * more than 32 axes and wrong lengths. Memory: at most four times the file.
 * [NumPy, numpy.lib.format]
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  return readArray(bytes, numbersFromBytes);
}

/** What an .npy file holds; floats of two bytes are widened to float32. */
export interface NpyArray<D extends AnyNumbers = TypedNumbers> extends Tensor<D> {
  /** The file holds booleans, here 0 and 1. */
  readonly isBoolean: boolean;
}

/** `decode` makes numbers of bytes. */
function readArray<D extends AnyNumbers>(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array, kind: NumberKind, littleEndian: boolean, what: string) => D,
): NpyArray<D> {
  const { header, start } = readNpyHeader(bytes);
  const { kind, shape } = header;
  assertSize(header, start, bytes.length);
  const data = decode(bytes.subarray(start), kind, header.littleEndian, 'npy file');
  const truths = header.isBoolean ? elementsOf(data) : [];
  for (let i = 0; i < truths.length; i++) truths[i] = truths[i] === 0 ? 0 : 1; // as NumPy takes them
  return { shape, data: header.fortran ? fromFortran(data, shape) : data, isBoolean: header.isBoolean };
}

/**
 * An .npy file as examples, one for each index of its first axis unless `axes` say otherwise (see `tensorExamples`);
 * booleans are 0 and 1. Memory: at most six times the file.
 */
export function npyExamples(bytes: Uint8Array, options: ArrayOptions = {}): Examples {
  const array = readArray(bytes, storedFromBytes);
  return tensorExamples(array, 'npy file', options, array.isBoolean);
}

/** A float32 or float64 matrix or vector as an .npy file: format 1.0, C order, little-endian. */
export function writeNpy(array: View<Numbers>): Uint8Array<ArrayBuffer> {
  return joinBytes([...npyPieces(array)]);
}

/** What stands before the numbers of such a file, little-endian floats of `size` bytes. */
export function npyHead(size: 2 | 4 | 8, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const extents = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f${size}', 'fortran_order': False, 'shape': ${extents}, }`;
  const start = Math.ceil((10 + text.length + 1) / 64) * 64; // NumPy aligns the data to 64 bytes
  const head = new Uint8Array(start);
  head.set([...magic, 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  head.set(new TextEncoder().encode(`${text.padEnd(start - 11)}\n`), 10);
  return head;
}

/** The bytes of such a file one after another, so that an array of any size can be written. */
export function* npyPieces(array: View<Numbers>): Generator<Uint8Array<ArrayBuffer>> {
  const { shape } = array;
  elementCount(shape, 'array');
  const precision = typeOf(array.data) === 'Float32Array' ? 'float32' : 'float64';
  const size = precision === 'float32' ? 4 : 8;
  yield npyHead(size, shape);
  const [m, d = 1] = shape;
  const rows = Math.max(1, Math.floor(PIECE / d));
  for (let begin = 0; begin < m; begin += rows) {
    const end = Math.min(begin + rows, m);
    const part = shape.length === 1 ? vectorRange(array, begin, end) : rowRange(array, begin, end);
    const flat = toFlat(part, zeros((end - begin) * d, precision));
    const bytes = new Uint8Array(flat.length * size);
    writeNumbers(bytes, 0, flat);
    yield bytes;
  }
}

function vectorRange({ data, stride, offset }: View<Numbers>, begin: number, end: number): View<Numbers> {
  return { data, shape: [end - begin], stride, offset: offset + begin * stride[0] };
}
