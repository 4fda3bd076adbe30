import * as v from 'valibot';
import { InputError } from '../errors.ts';
import type { OptimizerKind } from '../optimizers/optimizer.ts';
import { type OptimizerConfig, optimizers } from '../optimizers/table.ts';
import { type Kinded, mergeParts } from '../part.ts';
import { show } from '../validate.ts';
import type { RuleKind } from './rules/rule.ts';
import { type RuleConfig, rules } from './rules/table.ts';

/** Parts of a caller's own for a run of training, by the names that its options call them by. */
export interface FitParts {
  /** For `optimizer`. */
  readonly optimizers?: Readonly<Record<string, OptimizerKind<Kinded>>> | undefined;
  /** For `rules`. */
  readonly rules?: Readonly<Record<string, RuleKind<Kinded>>> | undefined;
}

/** The parts that there are, and what each of a caller's own must have. */
const headings = { optimizers: { table: optimizers, needs: ['create'] }, rules: { table: rules, needs: ['create'] } };

/** The parts that options may name. @throws InputError for parts that are none, or that bear a name of the tables. */
export function fitTables(parts: FitParts = {}): Required<FitParts> {
  const merged = mergeParts(headings, parts) as unknown as Required<FitParts>;
  for (const [name, { data, steps }] of Object.entries(parts.optimizers ?? {})) {
    const at = `options.parts.optimizers.${name}`;
    if (data !== 'batch' && data !== 'whole') {
      throw new InputError(`${at}.data is ${show(data)}: it must be "batch" or "whole", what a step of it sees`);
    }
    if (data === 'whole' && typeof steps !== 'string') {
      throw new InputError(`${at}.steps is ${show(steps)}: it must name the entry of its config that counts its steps`);
    }
  }
  return merged;
}

/** Whether an optimizer takes mini-batches or the whole set. */
export function dataOf({ optimizer }: { readonly optimizer: OptimizerConfig }, parts?: FitParts): 'batch' | 'whole' {
  return fitTables(parts).optimizers[optimizer.kind].data;
}

/** What `optimizer` and `rules` may be. */
export function fitPartSchemas(tables: Required<FitParts>) {
  const anyOf = <T extends Kinded>(table: Readonly<Record<string, { readonly schema?: unknown }>>, example: string) =>
    v.variant(
      'kind',
      Object.entries(table).map(([name, { schema }]) => schema ?? v.looseObject({ kind: v.literal(name) })) as never,
      `it must be an object such as ${example}, its kind one of ${Object.keys(table).join(', ')}; a kind of your own is given as { parts: { optimizers } } or { parts: { rules } }`,
    ) as v.GenericSchema<T>;
  return {
    optimizer: anyOf<OptimizerConfig>(tables.optimizers, '{ kind: "adam", learningRate: 1e-3 }'),
    rules: v.pipe(
      v.array(anyOf<RuleConfig>(tables.rules, '{ kind: "clip-norm", most: 1 }'), 'it must be a list of rules'),
      v.maxLength(100, 'it must have at most 100 entries'),
    ),
  };
}
