import type { Results } from '../kernels/kernels.ts';
import { costAndGradient } from './cost.ts';
import { alone, type Group } from './group.ts';
import { type Network, type Pass, SLOT } from './network.ts';
import type { Terms } from './terms.ts';

export interface Evaluation {
  readonly cost: number;
  readonly terms: Terms;
  /** ‖∂J/∂θ‖₂. */
  readonly gradientNorm: number;
  /** What `watch` left in its slot; 0 without one. */
  readonly watched: number;
}

/** What looks at a pass that has been evaluated: kernels that leave a number in results[slot], for the same read. */
export type Watch = (pass: Pass, results: Results, slot: number) => void;

/** How a pass is evaluated. */
export interface EvaluateOptions {
  /** The first layer that is trained. Default 0. */
  readonly lowest?: number | undefined;
  /** Looks at the pass before the read. */
  readonly watch?: Watch | undefined;
  /** The processes that hold the other rows of the batch. */
  readonly group?: Group | undefined;
}

/** Cost, terms and ‖∂J/∂θ‖ of a loaded pass, by one read; the gradient is left in the network. */
export async function evaluate(network: Network, pass: Pass, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { kernels, results, gradient, spec } = network;
  const { lowest = 0, watch, group = alone } = options;
  await costAndGradient(network, pass, lowest, group);
  const { latents, common } = spec.shard ?? {};
  const [first, own] = [latents?.rank ?? 0, network.parameters.filter(({ name }) => !common?.includes(name))];
  for (const part of first === 0 ? [gradient] : own.map((parameter) => parameter.gradient))
    kernels.dot(results, SLOT.squaredGradient, part, part);
  watch?.(pass, results, SLOT.watched);
  const values = await kernels.read(results);
  // What is made of sums over all processes is whole in each of them: it counts once.
  if (group.rank > 0) {
    values[SLOT.squaredGradient] = 0;
    for (const { term, slot } of network.terms) if (term.statistic !== undefined && !term.partial) values[slot] = 0;
  }
  if (first > 0) for (const slot of [SLOT.data, ...network.terms.map((term) => term.slot)]) values[slot] = 0;
  await group.total(values);
  await latents?.total(values);
  const terms: Record<string, number> = {
    [spec.dataTerm]: values[SLOT.data],
    weightDecay: values[SLOT.weightDecay],
    weightL1: values[SLOT.weightL1],
    sparsity: 0,
    contraction: 0,
  };
  for (const { term, slot } of network.terms) terms[term.name] = (terms[term.name] ?? 0) + values[slot];
  const gradientNorm = Math.sqrt(values[SLOT.squaredGradient]);
  return { cost: sumOf(terms), terms, gradientNorm, watched: values[SLOT.watched] };
}

/** The cost: the sum of its terms. */
export function sumOf(terms: Terms): number {
  return Object.values(terms).reduce((sum, value) => sum + value, 0);
}
