import type * as v from 'valibot';
import { InputError } from './errors.ts';
import { show } from './validate.ts';

/** What a config names a part by, whatever else it says. */
export interface Kinded {
  /** Its name in the table. */
  readonly kind: string;
}

/** An entry of a part's spec that the command line sets. */
export interface PartFlag {
  /** As the command line declares it, such as `--target <rho>`; parts whose entries mean the same may share one. */
  readonly flag: string;
  /** What follows it: a number, a whole number, or nothing. */
  readonly takes: 'number' | 'whole' | 'nothing';
  /** What it sets, in a few words. */
  readonly says: string;
  /** The entry's value on the command line where nobody says. */
  readonly byDefault?: unknown | undefined;
  /** The flag alone asks for this kind. */
  readonly implies?: boolean | undefined;
  /** Of a flag that sets an entry within an entry: what it sets beside that. */
  readonly beside?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * What layer kinds, terms, rules and optimizers have in common: a config names one by its kind, the schema checks the rest, and
 * messages, saved models and the command line follow.
 */
export interface PartKind<S extends Kinded> {
  /** A strict object with the literal kind. Without one, whatever a config gives passes. */
  readonly schema?: v.GenericSchema<S> | undefined;
  /** Entries of a spec that the command line sets, or entries within one: `penalty.target`. */
  readonly flags?: Readonly<
    Partial<
      Record<Exclude<keyof S, 'kind' | 'layer'> | `${Exclude<keyof S, 'kind' | 'layer'> & string}.${string}`, PartFlag>
    >
  >;
}

/** Parts under a heading, by the names that a config calls them by. */
export type PartTable = Readonly<Record<string, unknown>>;

/** What a part of each heading must have: functions of these names. */
export type Headings = Readonly<Record<string, { readonly table: PartTable; readonly needs: readonly string[] }>>;

/** Names in configs that are no entries of a table. */
const RESERVED = ['elementwise', 'contraction', '__proto__', 'constructor', ''];

/**
 * The tables with a caller's own parts beside what there is.
 * @throws InputError for parts that are none, or whose name is taken, under whatever heading.
 */
export function mergeParts(headings: Headings, parts: unknown): Record<string, PartTable> {
  const names = Object.keys(headings);
  if ({}.toString.call(parts) !== '[object Object]') {
    throw new InputError(`options.parts is ${show(parts)}: it must be an object such as { ${names[0]}: { mine } }`);
  }
  const merged: Record<string, PartTable> = Object.fromEntries(names.map((name) => [name, headings[name].table]));
  for (const [heading, own] of Object.entries(parts as PartTable)) {
    if (!Object.hasOwn(headings, heading)) {
      throw new InputError(`options.parts.${heading} is not known: it must be one of ${names.join(', ')}`);
    }
    if (own === undefined) continue;
    if ({}.toString.call(own) !== '[object Object]') {
      throw new InputError(`options.parts.${heading} is ${show(own)}: it must be an object of parts by their names`);
    }
    const { needs } = headings[heading];
    for (const [name, part] of Object.entries(own as PartTable)) {
      const at = `options.parts.${heading}.${name}`;
      if (RESERVED.includes(name) || Object.values(merged).some((table) => Object.hasOwn(table, name))) {
        throw new InputError(`${at} bears the name of a part that there is: choose another`);
      }
      const missing = needs.find((need) => typeof (part as PartTable | null)?.[need] !== 'function');
      if (missing !== undefined) {
        throw new InputError(`${at} has no function ${missing}: it must have ${needs.join(', ')}`);
      }
    }
    merged[heading] = { ...merged[heading], ...(own as PartTable) };
  }
  return merged;
}

/**
 * What `create` of a part gave, if it is what it must be: an object with the functions of `needs`, with one at least of
 * `some`, and with none that is async among those that nothing waits for, `atOnce`.
 * @throws InputError naming the part, such as `term "log"`.
 */
export function made<T>(
  part: string,
  given: T,
  expected: {
    readonly needs?: readonly string[] | undefined;
    readonly some?: readonly string[] | undefined;
    readonly atOnce?: readonly string[] | undefined;
  },
): T {
  const { needs = [], some = [], atOnce = [] } = expected;
  const members = given as Readonly<Record<string, unknown>> | null | undefined;
  const list = [...needs, some.join(' or ')].filter((name) => name !== '').join(', ');
  if (typeof members !== 'object' || members === null || given instanceof Promise) {
    const what = given instanceof Promise ? 'a Promise' : show(given);
    throw new InputError(`${part}: its create gives ${what}: it must give an object with ${list}`);
  }
  const isFunction = (name: string) => typeof members[name] === 'function';
  const missing =
    needs.find((name) => !isFunction(name)) ?? (some.length > 0 && !some.some(isFunction) ? some.join(' or ') : null);
  if (missing !== null) {
    throw new InputError(`${part}: what its create gives has no function ${missing}: it must have ${list}`);
  }
  const late = atOnce.find((name) => members[name]?.constructor?.name === 'AsyncFunction');
  if (late === undefined) return given;
  throw new InputError(`${part}: ${late} is async, and nothing waits for it: it must be done when it returns`);
}
