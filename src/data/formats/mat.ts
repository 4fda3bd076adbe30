import type { AnyNumbers, TypedNumbers } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { type ArrayOptions, tensorExamples } from './array-examples.ts';
import { assertBytes } from './bytes.ts';
import { inflate, unpackedLimit } from './gzip.ts';
import { matAxes } from './mat-axes.ts';
import { COMPRESSED, elementAt, type MatBytes, storedKinds } from './mat-element.ts';
import { matByteOrder } from './mat-refused.ts';
import { isNumeric, type MatVariable, matVariables, readMatHeader } from './mat-variables.ts';
import { arraysInWords, chooseArray, plainName } from './named-arrays.ts';
import { itemBytes, numbersFromBytes } from './number-bytes.ts';
import { elementCount } from './tensor.ts';

const what = 'MAT-file';
const LIMIT_UNPACKED = 2 ** 30; // bytes of one variable

/** What a class of numbers is read as; 64-bit integers must be such as a double holds. */
const arrayTypes: Readonly<Record<string, new (length: number) => TypedNumbers>> = {
  double: Float64Array,
  single: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: Float64Array,
  uint64: Float64Array,
};

/** What turns a variable into numbers, by its class. */
const remedies: Readonly<Record<string, string>> = {
  cell: 'cell2mat(x)',
  struct: 'x.field',
  object: 'double(x)',
  opaque: 'table2array(x) of a table, double(x) of others',
  char: 'str2double(x), or double(x) for the codes of its characters',
  sparse: 'full(x)',
  function: 'what it returns',
};

/**
 * A variable of a MAT-file (versions 5 to 7) as examples: the one that `name` asks for, or the only one of numbers. A logical one
 * holds 0 and 1. Axes are told as MATLAB's users have them (see `matAxes`), the unit as `unitOf` does; a note says how it was
 * read. Throws InputError on version 7.3, on cells, structs, sparse, complex and other variables that are asked for, and on files
 * that are cut or damaged.
 * Memory: at most 8 times the numbers as they are stored, twice that where axes put them in another order, and of a compressed
 * variable the bytes that it unpacks to (see `unpackedLimit`; 1 GiB).
 */
export async function matExamples(bytes: Uint8Array, options: ArrayOptions = {}): Promise<Examples> {
  assertBytes(bytes);
  const file = { bytes, ...matByteOrder(bytes, what) };
  const all = await matVariables(file, what);
  const chosen = chooseArray(all, options, what);
  const name = plainName(chosen.name);
  refuseKind(chosen);
  const beside = all.filter((other) => other !== chosen && isVector(other)).map(({ shape }) => Math.max(...shape));
  const called = `${what}: ${name}`;
  if (elementCount(chosen.shape, called) === 0) {
    throw new InputError(`${called} is ${chosen.is}: there are no numbers in it`);
  }
  const { shape, axes } = matAxes(chosen.shape, called, options, beside);
  const data = await numbersOf(file, chosen);
  // In MATLAB the first axis runs fastest: in rows, the array is that of the axes turned round.
  const turned = { axes: [...axes].reverse().join(''), shape: [...shape].reverse() };
  const examples = tensorExamples(
    { shape: turned.shape, data },
    called,
    { ...options, axes: turned.axes },
    chosen.isLogical,
  );
  const others = all.filter((other) => other !== chosen && other.count === null);
  const left = others.length === 0 ? '' : `; left out: ${arraysInWords(others)}`;
  const note = `${name} is ${chosen.shape.join('×')}, axes ${axes}${left}`;
  return { ...examples, array: chosen.name, axes, notes: [note, ...(examples.notes ?? [])] };
}

function isVector({ shape, count }: MatVariable): boolean {
  return count !== null && count > 1 && shape.length === 2 && shape.includes(1);
}

function refuseKind({ name, className, isComplex }: MatVariable): void {
  const called = `${what}: ${plainName(name)}`;
  if (!isNumeric(className)) {
    throw new InputError(
      `${called} is of class ${className}, and arrays of numbers are read: save ${remedies[className]} in its place`,
    );
  }
  if (isComplex) throw new InputError(`${called} holds complex numbers: save real(x), imag(x) or abs(x) in its place`);
}

/** The numbers of a variable as they stand, the first axis fastest, in the type of its class. */
async function numbersOf(file: MatBytes, variable: MatVariable): Promise<AnyNumbers> {
  const { className, isLogical, element } = variable;
  const name = `${what}: ${plainName(variable.name)}`;
  const { begin, end, type } = element;
  const packed = file.bytes.subarray(begin, end);
  const limit = Math.min(LIMIT_UNPACKED, unpackedLimit(packed.length));
  const bytes =
    type === COMPRESSED ? await inflate(packed, 'deflate', limit, name) : file.bytes.subarray(begin - 8, end);
  const array = { bytes, littleEndian: file.littleEndian };
  const { dataAt } = readMatHeader(array, what);
  const stored = elementAt(array, dataAt, bytes.length, name);
  const kind = storedKinds.get(stored.type);
  if (kind === undefined) throw new InputError(`${name}: its numbers are of type ${stored.type}: it is damaged`);
  const count = elementCount(variable.shape, name);
  const given = stored.end - stored.begin;
  if (given !== count * itemBytes[kind]) {
    throw new InputError(
      `${name} is ${variable.is}, ${count * itemBytes[kind]} bytes as they are stored, and ${given} are there: it was cut, or is damaged`,
    );
  }
  const numbers = numbersFromBytes(bytes.subarray(stored.begin, stored.end), kind, file.littleEndian, name);
  if (isLogical) return Uint8Array.from(numbers, (value) => (value === 0 ? 0 : 1));
  return inType(numbers, arrayTypes[className], `${name} is of class ${className}`);
}

/** The same numbers in another type: MATLAB stores whole numbers in the smallest that holds them. */
function inType(numbers: TypedNumbers, type: new (length: number) => TypedNumbers, which: string): TypedNumbers {
  if (numbers.constructor === type) return numbers;
  const out = new type(numbers.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = numbers[i];
    if (out[i] !== numbers[i] && !Number.isNaN(out[i])) {
      throw new InputError(`${which}, and element ${i} is ${numbers[i]}, which it cannot hold: it is damaged`);
    }
  }
  return out;
}
