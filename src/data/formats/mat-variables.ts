import { InputError } from '../../errors.ts';
import { inflateHead } from './gzip.ts';
import { COMPRESSED, elementAt, MATRIX, type MatBytes, type MatElement, viewOf } from './mat-element.ts';
import { type NamedArray, plainName } from './named-arrays.ts';
import { elementCount } from './tensor.ts';

/** A variable of a MAT-file: what its header says, and where it stands. */
export interface MatVariable extends NamedArray {
  readonly className: string;
  readonly shape: readonly number[];
  readonly isLogical: boolean;
  readonly isComplex: boolean;
  /** Its element in the file: an array, or a compressed one. */
  readonly element: MatElement;
}

/** An array's header: flags, dimensions and name, and where its numbers begin. */
export interface MatHeader {
  readonly name: string;
  readonly className: string;
  readonly shape: readonly number[];
  readonly isLogical: boolean;
  readonly isComplex: boolean;
  readonly dataAt: number;
}

const classes: Readonly<Record<number, string>> = {
  ...{ 1: 'cell', 2: 'struct', 3: 'object', 4: 'char', 5: 'sparse', 6: 'double', 7: 'single', 8: 'int8', 9: 'uint8' },
  ...{ 10: 'int16', 11: 'uint16', 12: 'int32', 13: 'uint32', 14: 'int64', 15: 'uint64', 16: 'function', 17: 'opaque' },
};
const HEADER = 128; // bytes before the first variable
const HEAD = 4096; // bytes of a compressed variable that are unpacked to see what it is: flags, dimensions, name
const LONGEST_NAME = 2048; // bytes; MATLAB has 63
const MOST_VARIABLES = 10_000;
const LOGICAL = 0x0200;
const COMPLEX = 0x0800;

/** Whether numbers of the class are read. */
export function isNumeric(className: string): boolean {
  return /^(double|single|u?int(8|16|32|64))$/.test(className);
}

/**
 * The variables of a MAT-file of version 5, by their headers alone: of compressed ones the first bytes are unpacked. Those without
 * a name, which MATLAB keeps for itself, are left out. Throws InputError where the file is cut or damaged, or has a name twice.
 */
export async function matVariables(file: MatBytes, what: string): Promise<MatVariable[]> {
  const { bytes, littleEndian } = file;
  const found = new Map<string, MatVariable>();
  for (let at = HEADER; at < bytes.length; ) {
    const element = elementAt(file, at, bytes.length, what);
    const { type, begin, end } = element;
    at = type === COMPRESSED ? end : element.next;
    const head =
      type === COMPRESSED
        ? await inflateHead(bytes.subarray(begin, end), 'deflate', HEAD, what)
        : bytes.subarray(begin - 8, end);
    if (type !== COMPRESSED && type !== MATRIX) {
      throw new InputError(
        `${what}: an element of type ${type} stands at byte ${begin - 8}, where a variable should: it is damaged`,
      );
    }
    const header = readMatHeader({ bytes: head, littleEndian }, what);
    const { name, shape, className, isComplex, isLogical } = header;
    if (name === '') continue;
    if (found.has(name)) throw new InputError(`${what}: it has the variable ${plainName(name)} twice: write it again`);
    if (found.size >= MOST_VARIABLES) {
      throw new InputError(`${what}: it has more than ${MOST_VARIABLES} variables: write those that are wanted`);
    }
    const type_ = isLogical ? 'logical' : className;
    const extents = shape.length > 8 ? `${shape.length} axes` : shape.join('×');
    const count = isNumeric(className) && !isComplex ? elementCount(shape, `${what}: ${plainName(name)}`) : 0;
    found.set(name, {
      ...{ name, shape, className, isLogical, isComplex, element },
      is: `${extents}${extents === '' ? '' : ' '}${isComplex ? 'complex ' : ''}${type_}`,
      count: count === 0 ? null : count,
    });
  }
  return [...found.values()];
}

/** What an array, its tag included, says before its numbers. Throws InputError where it is damaged. */
export function readMatHeader(array: MatBytes, what: string): MatHeader {
  const { bytes, littleEndian } = array;
  const view = viewOf(bytes);
  const damaged = (part: string) => new InputError(`${what}: the ${part} of a variable is damaged: write it again`);
  if (bytes.length < 8 || view.getUint32(0, littleEndian) !== MATRIX) throw damaged('tag');
  const flags = elementAt(array, 8, bytes.length, what);
  if (flags.type !== 6 || flags.end - flags.begin !== 8) throw damaged('array flags');
  const word = view.getUint32(flags.begin, littleEndian);
  const className = classes[word & 255];
  if (className === undefined) throw damaged('class');
  let at = flags.next;
  let shape: number[] = [];
  // Objects of classdef (tables, strings, dates) have no dimensions of their own.
  if (className !== 'opaque') {
    const dimensions = elementAt(array, at, bytes.length, what);
    const count = (dimensions.end - dimensions.begin) / 4;
    if (dimensions.type !== 5 || !Number.isInteger(count) || count < 2) throw damaged('shape');
    shape = Array.from({ length: count }, (_, i) => view.getInt32(dimensions.begin + 4 * i, littleEndian));
    elementCount(shape, what);
    at = dimensions.next;
  }
  const name = elementAt(array, at, bytes.length, what);
  if (name.type !== 1 && name.type !== 2 && name.type !== 16) throw damaged('name');
  if (name.end - name.begin > LONGEST_NAME) throw damaged('name');
  return {
    name: new TextDecoder().decode(bytes.subarray(name.begin, name.end)),
    ...{ className, shape },
    isLogical: (word & LOGICAL) !== 0,
    isComplex: (word & COMPLEX) !== 0,
    dataAt: name.next,
  };
}
