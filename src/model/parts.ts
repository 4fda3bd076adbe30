import { InputError } from '../errors.ts';
import type { Activation } from '../kernels/activations/activation.ts';
import { activations } from '../kernels/activations/table.ts';
import type { LayerKind } from '../layers/layer.ts';
import { layerKinds } from '../layers/table.ts';
import { sparsityTerms } from '../terms/table.ts';
import type { TermKind } from '../terms/term.ts';
import { show } from '../validate.ts';

/** Any part that a config names by its `kind`. */
interface Kinded {
  readonly kind: string;
}

/** Parts of a caller's own, by the names that a config calls them by. */
export interface Parts {
  /** For `activation` and `output`. */
  readonly activations?: Readonly<Record<string, Activation>>;
  /** For `sparsity`: what a layer makes of z. */
  readonly layers?: Readonly<Record<string, LayerKind<Kinded>>>;
  /** For `sparsity`: summands of the cost. */
  readonly terms?: Readonly<Record<string, TermKind<Kinded>>>;
}

/** The parts that a config may name: those of the tables and the caller's own. */
export type Tables = Required<Parts>;

const builtIn = { activations, layers: layerKinds, terms: sparsityTerms } as unknown as Tables;

/** What each part must have. */
const needed: Readonly<Record<keyof Parts, readonly string[]>> = {
  activations: ['of', 'first', 'second'],
  layers: ['create'],
  terms: ['create'],
};

/** @throws InputError for parts that are none, or that bear a name of the tables. */
export function tablesOf(parts: Parts = {}): Tables {
  if (parts === null || typeof parts !== 'object') {
    throw new InputError(`options.parts is ${show(parts)}: it must be an object such as { terms: { mine } }`);
  }
  const merged: Record<string, unknown> = { ...builtIn };
  for (const [drawer, own] of Object.entries(parts)) {
    if (!Object.hasOwn(needed, drawer)) {
      throw new InputError(`options.parts.${drawer} is not known: it must be one of ${Object.keys(needed).join(', ')}`);
    }
    const members = needed[drawer as keyof Parts];
    const table = builtIn[drawer as keyof Parts];
    for (const [name, part] of Object.entries(own ?? {})) {
      if (Object.hasOwn(table, name)) {
        throw new InputError(`options.parts.${drawer}.${name} bears the name of a part that there is: choose another`);
      }
      const missing = members.find((member) => (part as unknown as Record<string, unknown>)?.[member] === undefined);
      if (missing !== undefined) {
        throw new InputError(`options.parts.${drawer}.${name} has no ${missing}: it must have ${members.join(', ')}`);
      }
    }
    merged[drawer] = { ...table, ...own };
  }
  return merged as unknown as Tables;
}
