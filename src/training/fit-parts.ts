import * as v from 'valibot';
import { InputError } from '../errors.ts';
import type { OptimizerKind } from '../optimizers/optimizer.ts';
import { type OptimizerConfig, optimizers } from '../optimizers/table.ts';
import { show } from '../validate.ts';
import type { RuleKind } from './rules/rule.ts';
import { type RuleConfig, rules } from './rules/table.ts';

interface Kinded {
  readonly kind: string;
}

/** Parts of a caller's own for a run of training, by the names that its options call them by. */
export interface FitParts {
  /** For `optimizer`. */
  readonly optimizers?: Readonly<Record<string, OptimizerKind<Kinded>>>;
  /** For `rules`. */
  readonly rules?: Readonly<Record<string, RuleKind<Kinded>>>;
}

const builtIn = { optimizers, rules } as unknown as Required<FitParts>;

/** The parts that options may name. @throws InputError for parts that are none, or that bear a name of the tables. */
export function fitTables(parts: FitParts = {}): Required<FitParts> {
  if (parts === null || typeof parts !== 'object') {
    throw new InputError(`options.parts is ${show(parts)}: it must be an object such as { optimizers: { mine } }`);
  }
  const merged: Record<string, unknown> = { ...builtIn };
  for (const [drawer, own] of Object.entries(parts)) {
    const table = (builtIn as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[drawer];
    if (table === undefined) {
      throw new InputError(
        `options.parts.${drawer} is not known: it must be one of ${Object.keys(builtIn).join(', ')}`,
      );
    }
    for (const [name, part] of Object.entries(own ?? {})) {
      if (Object.hasOwn(table, name)) {
        throw new InputError(`options.parts.${drawer}.${name} bears the name of a part that there is: choose another`);
      }
      if (typeof (part as { create?: unknown } | null)?.create !== 'function') {
        throw new InputError(`options.parts.${drawer}.${name} has no create: it must have a function of that name`);
      }
    }
    merged[drawer] = { ...table, ...own };
  }
  return merged as unknown as Required<FitParts>;
}

/** What `optimizer` and `rules` may be. */
export function fitPartSchemas(tables: Required<FitParts>) {
  const anyOf = <T extends Kinded>(table: Readonly<Record<string, { readonly schema?: unknown }>>, example: string) =>
    v.variant(
      'kind',
      Object.entries(table).map(([name, { schema }]) => schema ?? v.looseObject({ kind: v.literal(name) })) as never,
      `it must be an object such as ${example}, its kind one of ${Object.keys(table).join(', ')}; a kind of your own is given as { parts: … }`,
    ) as v.GenericSchema<T>;
  return {
    optimizer: anyOf<OptimizerConfig>(tables.optimizers, '{ kind: "adam", learningRate: 1e-3 }'),
    rules: v.pipe(
      v.array(anyOf<RuleConfig>(tables.rules, '{ kind: "clip-norm", most: 1 }'), 'it must be a list of rules'),
      v.maxLength(100, 'it must have at most 100 entries'),
    ),
  };
}
