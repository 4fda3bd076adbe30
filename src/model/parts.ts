import { InputError } from '../errors.ts';
import type { Activation } from '../kernels/activations/activation.ts';
import { activations } from '../kernels/activations/table.ts';
import type { LayerKind } from '../layers/layer.ts';
import { layerKinds } from '../layers/table.ts';
import { type Kinded, mergeParts } from '../part.ts';
import { sparsityTerms } from '../terms/table.ts';
import type { TermKind } from '../terms/term.ts';
import { show } from '../validate.ts';

/** Parts of a caller's own, by the names that a config calls them by. */
export interface Parts {
  /** For `activation` and `output`. */
  readonly activations?: Readonly<Record<string, Activation>> | undefined;
  /** For `sparsity`: what a layer makes of z. */
  readonly layers?: Readonly<Record<string, LayerKind<Kinded>>> | undefined;
  /** For `sparsity`: summands of the cost. */
  readonly terms?: Readonly<Record<string, TermKind<Kinded>>> | undefined;
}

/** The parts that a config may name: those of the tables and the caller's own. */
export type Tables = Required<Parts>;

/** The parts that there are, and what each of a caller's own must have. */
const headings = {
  activations: { table: activations, needs: ['of', 'first', 'second'] },
  layers: { table: layerKinds, needs: ['create'] },
  terms: { table: sparsityTerms, needs: ['create'] },
};

/** @throws InputError for parts that are none, or that bear a name of the tables. */
export function tablesOf(parts: Parts = {}): Tables {
  const merged = mergeParts(headings, parts) as unknown as Tables;
  for (const [name, { rate }] of Object.entries(parts.activations ?? {})) {
    if (rate === null || (Number.isFinite(rate?.scale) && rate.scale !== 0 && Number.isFinite(rate.shift))) continue;
    throw new InputError(
      `options.parts.activations.${name}.rate is ${show(rate)}: it must be { scale, shift }, such as { scale: 1, shift: 0 }, or null`,
    );
  }
  return merged;
}
