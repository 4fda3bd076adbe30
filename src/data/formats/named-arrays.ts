import { InputError, show } from '../../errors.ts';
import { didYouMean } from './closest.ts';

/** An array of a file that holds several. */
export interface NamedArray {
  readonly name: string;
  /** Its shape and type, in words: "512×512×10 double". */
  readonly is: string;
  /** How many numbers it holds; null where it is of a kind that is not read, or holds none. */
  readonly count: number | null;
}

const SHOWN = 12; // arrays in a message

/** A name as it stands, where it is a plain one; others in quotes, short, without control characters. */
export function plainName(name: string): string {
  return /^[\w.-]{1,63}$/.test(name) ? name : show(name);
}

/** The arrays in words: "X (5000×400 double), y (5000×1 double)". */
export function arraysInWords(arrays: readonly NamedArray[]): string {
  const shown = arrays.slice(0, SHOWN).map(({ name, is }) => `${plainName(name)} (${is})`);
  return shown.join(', ') + (arrays.length > SHOWN ? `, and ${arrays.length - SHOWN} more` : '');
}

/** A name that was asked for, or the one that other data were read by, which is taken where it is there. */
export interface AskedName {
  readonly name?: string | undefined;
  /** One that is not meant, where there is another. */
  readonly labels?: string | undefined;
  readonly match?: { readonly name?: string | undefined } | undefined;
}

/**
 * The array that is asked for by name; without a name the only one that holds numbers, single numbers aside where there are
 * others. Throws InputError, listing what is there, for a name that is not, for several, and for none.
 */
export function chooseArray<A extends NamedArray>(arrays: readonly A[], asked: AskedName, what: string): A {
  const { name, labels, match } = asked;
  if (name !== undefined && typeof name !== 'string') {
    throw new InputError(`name is ${show(name)}: it must be a text, the name of an array in the file`);
  }
  const named = arrays.find((array) => array.name === name);
  if (named !== undefined) return named;
  const there = arrays.length === 0 ? 'there is no array in it' : `it holds ${arraysInWords(arrays)}`;
  if (name !== undefined) {
    const near = didYouMean(
      name,
      arrays.map((array) => array.name).filter((other) => plainName(other) === other),
    );
    throw new InputError(`${what}: it has no array ${show(name)}${near}: ${there}; name one of these (--array)`);
  }
  const known = arrays.find((array) => array.name === match?.name && array.count !== null);
  if (known !== undefined) return known;
  const readable = arrays.filter((array) => array.count !== null && array.name !== labels);
  const many = readable.filter(({ count }) => count !== 1);
  const candidates = many.length > 0 ? many : readable;
  if (candidates.length === 1) return candidates[0];
  if (candidates.length === 0) {
    throw new InputError(`${what}: it holds no array of numbers: ${there}; write one into it`);
  }
  throw new InputError(
    `${what}: ${there}: say which is meant, such as --array ${plainName(candidates[0].name)} (name in the library)`,
  );
}
