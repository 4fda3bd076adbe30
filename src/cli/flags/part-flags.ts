import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { layerKinds } from '../../layers/table.ts';
import { optimizers } from '../../optimizers/table.ts';
import type { PartFlag } from '../../part.ts';
import { auxiliaries, sparsityTerms } from '../../terms/table.ts';
import { rules } from '../../training/rules/table.ts';
import { number, whole } from './flags.ts';

// The flags of parts follow from their tables: see `PartFlag`.

export type Kinds = Readonly<Record<string, { readonly flags?: Readonly<Record<string, PartFlag>> }>>;

/** What `--sparsity` names. */
export const sparsityKinds = { ...sparsityTerms, ...layerKinds } as unknown as Kinds;
/** What `--auxiliary` names. */
export const auxiliaryKinds = auxiliaries as unknown as Kinds;
/** What happens around a step: each is asked for by a flag of its own. */
export const ruleKinds = rules as unknown as Kinds;
/** What `--optimizer` names. */
export const optimizerKinds = optimizers as unknown as Kinds;

interface Placed extends PartFlag {
  readonly kind: string;
  /** Of the spec. */
  readonly key: string;
}

/** Every flag of every kind. */
function placed(kinds: Kinds): Placed[] {
  return Object.entries(kinds).flatMap(([kind, { flags = {} }]) =>
    Object.entries(flags).map(([key, flag]) => ({ ...flag, kind, key })),
  );
}

/** --sparsity-weight of `--sparsity-weight <beta>`. */
function longOf({ flag }: PartFlag): string {
  return flag.split(' ')[0];
}

/** The name under which commander keeps its value: sparsityWeight. */
function attributeOf(flag: PartFlag): string {
  return longOf(flag)
    .slice(2)
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Declares the flags of kinds, those that share one together. */
export function addPartFlags(command: Command, kinds: Kinds): Command {
  const declared = new Set<string>();
  const all = placed(kinds);
  for (const flag of all) {
    const long = longOf(flag);
    if (declared.has(long)) continue;
    declared.add(long);
    const alike = all.filter((other) => longOf(other) === long);
    const says = [...new Set(alike.map((other) => other.says))].join(', ');
    // Of kinds that take other numbers, the config's check says which.
    if (flag.takes === 'nothing') command.option(flag.flag, says);
    else command.option(flag.flag, says, alike.every(({ takes }) => takes === 'whole') ? whole : number);
  }
  return command;
}

/** Keys of specs, such as `config.sparsity.weight`, and the option that sets each, by its name in commander. */
export function partOptions(prefix: string, kinds: Kinds): Record<string, string> {
  return Object.fromEntries(placed(kinds).map((flag) => [`${prefix}.${flag.key}`, attributeOf(flag)]));
}

/** The flags of kinds that were typed. */
function typed(kinds: Kinds, given: object): Placed[] {
  return placed(kinds).filter((flag) => (given as Readonly<Record<string, unknown>>)[attributeOf(flag)] !== undefined);
}

/** Whether any flag of these kinds was typed. */
export function anyTyped(kinds: Kinds, given: object): boolean {
  return typed(kinds, given).length > 0;
}

/** The kind that a flag asks for by itself: the base's, where it has that flag too. */
export function impliedKind(kinds: Kinds, given: object, base?: string): string | undefined {
  const asks = typed(kinds, given).find(({ implies }) => implies);
  if (asks === undefined) return undefined;
  return placed(kinds).some((flag) => flag.kind === base && longOf(flag) === longOf(asks)) ? base : asks.kind;
}

/**
 * The spec of a kind: its own defaults, then what the base says where it is of that kind, then the flags.
 * @throws InputError for a flag of another kind; `chosen` is how the kind was asked for, such as `--sparsity l1`.
 */
export function specFromFlags(
  kinds: Kinds,
  kind: string,
  given: object,
  base: { readonly kind: string } | null | undefined,
  chosen: string,
): Record<string, unknown> {
  const own = placed(kinds).filter((flag) => flag.kind === kind);
  const values = given as Readonly<Record<string, unknown>>;
  const stray = typed(kinds, given).find((flag) => !own.some((mine) => longOf(mine) === longOf(flag)));
  if (stray !== undefined) {
    const homes = Object.keys(kinds)
      .map((name) => [name, placed(kinds).filter((flag) => flag.kind === name)] as const)
      .filter(([, flags]) => flags.length > 0)
      .map(([name, flags]) => `${name}: ${flags.map(longOf).join(', ')}`);
    const value = stray.takes === 'nothing' ? 'given' : values[attributeOf(stray)];
    throw new InputError(
      `${longOf(stray)} is ${value} with ${chosen}: leave it out, or choose the ${chosen.split(' ')[0]} it belongs to (${homes.join('; ')})`,
    );
  }
  const set = own.filter((flag) => values[attributeOf(flag)] !== undefined);
  const begun = base?.kind === kind ? base : own.reduce((spec, flag) => withEntry(spec, flag, flag.byDefault), {});
  return { ...set.reduce((spec, flag) => withEntry(spec, flag, values[attributeOf(flag)]), begun), kind };
}

/** The spec with an entry, or with one of an entry's own: `penalty.target`. */
function withEntry(spec: object, { key, beside }: Placed, value: unknown): Record<string, unknown> {
  const given = spec as Record<string, unknown>;
  if (value === undefined) return given;
  const [name, within] = key.split('.');
  return {
    ...given,
    [name]: within === undefined ? value : { ...(given[name] as object), ...beside, [within]: value },
  };
}
