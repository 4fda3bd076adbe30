import * as v from 'valibot';
import { InputError, show } from './errors.ts';

export { show } from './errors.ts';

/**
 * The value, checked and with defaults filled in. Schemas' own messages say what is allowed; the error adds the key and
 * what was given: "config.sparsity.target is 2: it must lie strictly between 0 and 1".
 * @throws InputError for the first thing that is not allowed.
 */
export function parse<S extends v.GenericSchema>(schema: S, value: unknown, name: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = [name, ...(issue.path ?? []).map(({ key }) => (/^\w{1,60}$/.test(String(key)) ? key : show(key)))].join(
    '.',
  );
  const keys = issue.type === 'strict_object' ? keysBeside(schema, issue) : [];
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    throw new InputError(`${key} is not a known key${keys.length > 0 ? `: the keys here are ${keys.join(', ')}` : ''}`);
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    const stray = Object.keys(issue.path?.at(-1)?.input ?? {}).find((own) => !keys.includes(own));
    const also = stray === undefined || keys.length === 0 ? '' : `, and ${show(stray)} is not a known key`;
    throw new InputError(`${key} is missing: it is required${also}`);
  }
  if (issue.received === 'undefined') throw new InputError(`${key} is missing: ${issue.message}`);
  throw new InputError(`${key} is ${show(issue.input)}: ${issue.message}`);
}

/** The keys of the object that holds the unknown or missing one; none where it cannot be found in the schema. */
function keysBeside(schema: v.GenericSchema, issue: v.BaseIssue<unknown>): string[] {
  const path = issue.path ?? [];
  let node: unknown = schema;
  for (const step of path.slice(0, -1)) node = entriesOf(node, step.input)?.[String(step.key)];
  return Object.keys(entriesOf(node, path[path.length - 1]?.input) ?? {});
}

/** The parts of a valibot schema that are looked at here. */
interface SchemaNode {
  readonly wrapped?: SchemaNode | undefined;
  readonly getter?: ((input: unknown) => SchemaNode) | undefined;
  readonly options?: readonly SchemaNode[] | undefined;
  readonly entries?: Readonly<Record<string, { readonly literal?: unknown }>> | undefined;
}

/** The entries of an object schema; of a variant, those of the option that has the input's kind. */
function entriesOf(schema: unknown, input: unknown): SchemaNode['entries'] {
  let node = schema as SchemaNode | undefined;
  while (node?.wrapped !== undefined || node?.getter !== undefined) node = node.wrapped ?? node.getter?.(input);
  const { kind } = (input ?? {}) as { kind?: unknown };
  if (Array.isArray(node?.options)) node = node.options.find((option) => option.entries?.kind?.literal === kind);
  return node?.entries;
}

// ── ranges that several configs share ─────────────────────────────────────────────────────────────────────────────

export function positiveInteger(): v.GenericSchema<number> {
  const allowed = 'it must be a whole number, at least 1';
  return v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(1, allowed));
}

export function nonNegative(): v.GenericSchema<number> {
  const allowed = 'it must be a finite number, at least 0';
  return v.pipe(v.number(allowed), v.finite(allowed), v.minValue(0, allowed));
}

export function positive(): v.GenericSchema<number> {
  const allowed = 'it must be a finite number above 0';
  return v.pipe(
    v.number(allowed),
    v.finite(allowed),
    v.check((x) => x > 0, allowed),
  );
}

/** A number in (0, 1), both ends excluded. */
export function openUnit(): v.GenericSchema<number> {
  const allowed = 'it must lie strictly between 0 and 1';
  return v.pipe(
    v.number(allowed),
    v.check((x) => x > 0 && x < 1, allowed),
  );
}

/** A number in [0, 1). */
export function halfOpenUnit(): v.GenericSchema<number> {
  const allowed = 'it must be at least 0 and below 1';
  return v.pipe(
    v.number(allowed),
    v.check((x) => x >= 0 && x < 1, allowed),
  );
}

export function seed(): v.GenericSchema<number> {
  const allowed = 'it must be a whole number from 0 to 2^53 − 1';
  return v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(0, allowed));
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T): v.GenericSchema<T[number]> {
  return v.picklist(words, `it must be one of ${words.join(', ')}`);
}

/** Schema of `layer` in a part's spec: the index of a hidden layer, from 0; optional. */
export function layerIndex(): v.OptionalSchema<v.GenericSchema<number>, undefined> {
  const allowed = 'it must be the index of a hidden layer, from 0';
  return v.optional(v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(0, allowed)));
}

/** A number in [0, 1]. */
export function unit(): v.GenericSchema<number> {
  const allowed = 'it must lie between 0 and 1';
  return v.pipe(
    v.number(allowed),
    v.check((x) => x >= 0 && x <= 1, allowed),
  );
}

export function nonNegativeInteger(): v.GenericSchema<number> {
  const allowed = 'it must be a whole number, at least 0';
  return v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(0, allowed));
}
