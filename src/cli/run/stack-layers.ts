import { InputError } from '../../errors.ts';
import { layerKindNamed } from '../../layers/table.ts';
import type { SparsityConfig } from '../../model/config.ts';
import { optimizers } from '../../optimizers/table.ts';
import type { Run } from '../../training/run.ts';
import type { StackLayer } from '../../training/stack.ts';

/** The same optimizer for n of its iterations on the whole set, or n epochs. */
export function longer({ optimizer, ...rest }: Run['fit'], n: number): Run['fit'] {
  const steps = optimizer && optimizers[optimizer.kind].steps;
  return steps === undefined ? { optimizer, ...rest, epochs: n } : { optimizer: { ...optimizer, [steps]: n } as never };
}

/** One autoencoder for each hidden size, its input being what the one below makes. */
export function layersOf({ model, fit: options }: Run): StackLayer[] {
  const { hidden, activation, tied, seed = 1, sparsity, ...rest } = model;
  const sizes = typeof hidden === 'number' ? [hidden] : hidden;
  if (Array.isArray(tied)) throw new InputError('--tied lists layers: a stack takes one answer for all of its layers');
  const f = (i: number) => (Array.isArray(activation) ? activation[i] : activation);
  if (Array.isArray(sparsity)) throw new InputError('sparsity lists layers: a stack takes one for all of its layers');
  const one = sparsity as SparsityConfig | null | undefined;
  const { layer: _, ...penalty } = one ?? { kind: null };
  const byDefault = layerKindNamed(one?.kind)?.defaults?.activation ?? 'sigmoid';
  return sizes.map((units, i) => ({
    model: {
      ...rest,
      hidden: units,
      activation: f(i),
      // A higher layer reconstructs what the layer below made, with that layer's units.
      ...(i === 0 ? {} : { output: f(i - 1) ?? byDefault }),
      ...(i === 0 || (f(i - 1) ?? byDefault) === 'sigmoid' ? {} : { loss: 'squared-error' as const }),
      tied: tied as boolean | undefined,
      sparsity: one && (penalty as SparsityConfig),
      seed: seed + i,
    },
    fit: options,
  }));
}
