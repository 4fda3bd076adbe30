import * as v from 'valibot';
import { unit } from '../validate.ts';

/** A number of units on that falls in training, so that all units learn before few of them answer an example. */
export interface Annealing {
  /** Training begins with this many units on, at least k. Default k: it does not fall. */
  readonly annealFrom?: number | undefined;
  /** … and reaches k linearly after this share of the steps, 0 to 1. Default 0.5; 0 trains with k from the start. Needs `annealFrom`. */
  readonly annealOver?: number | undefined;
}

/** The entry of a schema beside `annealFrom`, which is whole where k is. */
export const annealOver = () => v.optional(unit());

/**
 * Units on at step t = 0, 1, … of T: annealFrom + (k − annealFrom)·t/(annealOver·T) before t = annealOver·T, then k. The last step
 * has k, and so has every step of a run without an end. [After `update_annealed_k` of saprmarks/dictionary_learning, which begins
 * at d and drops fractions]
 */
export function onAt({ k, ...annealing }: Annealing & { readonly k: number }, step: number, steps: number): number {
  const { annealFrom = k, annealOver = 0.5 } = annealing;
  const span = annealOver * steps;
  if (step >= span || step >= steps - 1 || steps === Number.POSITIVE_INFINITY) return k;
  return annealFrom + ((k - annealFrom) * step) / span;
}

/** The key of a spec with more units on than there are, or with fewer at first than later, and why that is not allowed; or null. */
export function refusedSurvivors(
  { k, annealFrom }: Annealing & { readonly k: number },
  units: number,
): readonly [key: string, says: string] | null {
  for (const [key, value = 0] of [
    ['k', k],
    ['annealFrom', annealFrom],
  ] as const) {
    if (value > units) return [key, `is ${value}: the layer has ${units} units, so it must be at most ${units}`];
  }
  if ((annealFrom ?? k) < k) {
    return ['annealFrom', `is ${annealFrom}: survivors fall from there to k, so it must be at least ${k}`];
  }
  return null;
}

/** The same where `annealFrom` has no default. */
export function refusedAnnealing(
  spec: Annealing & { readonly k: number },
  units: number,
): readonly [key: string, says: string] | null {
  const { annealFrom, annealOver } = spec;
  if (annealOver === undefined || annealFrom !== undefined) return refusedSurvivors(spec, units);
  return ['annealOver', `is ${annealOver} without annealFrom beside it: add it`];
}

/** Of the steps, after which k no longer changes. */
export const settlesAfter = ({ k, annealFrom = k, annealOver = 0.5 }: Annealing & { readonly k: number }): number =>
  annealFrom === k ? 0 : annealOver;

/** Flags of the command line, in the words of a kind's own. */
export const annealingFlags = {
  annealFrom: { flag: '--anneal-from <n>', takes: 'number', says: 'units on at first, which fall to k' },
  annealOver: { flag: '--anneal-over <share>', takes: 'number', says: 'of training, over which they fall' },
} as const;
