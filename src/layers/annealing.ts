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
 * has k, and so has every step of a run without an end. [k_anneal_steps of saprmarks/dictionary_learning]
 */
export function onAt({ k, ...annealing }: Annealing & { readonly k: number }, step: number, steps: number): number {
  const { annealFrom = k, annealOver = 0.5 } = annealing;
  const span = annealOver * steps;
  if (annealFrom === k || step >= span || step >= steps - 1 || steps === Number.POSITIVE_INFINITY) return k;
  return annealFrom + ((k - annealFrom) * step) / span;
}

/** What must be given in the place of a value: its key and the rest of the message; null where nothing. */
export function refusedAnnealing(
  { k, annealFrom, annealOver }: Annealing & { readonly k: number },
  units: number,
): readonly [key: string, says: string] | null {
  for (const [key, value = 0] of [
    ['k', k],
    ['annealFrom', annealFrom],
  ] as const) {
    if (value > units) return [key, `is ${value}: the layer has ${units} units, so it must be at most ${units}`];
  }
  if ((annealFrom ?? k) < k) {
    return ['annealFrom', `is ${annealFrom}: units on fall from there to k, so it must be at least ${k}`];
  }
  if (annealOver === undefined || annealFrom !== undefined) return null;
  return ['annealOver', `is ${annealOver} without annealFrom, from which k falls over that share: add annealFrom`];
}

/** Of the steps, after which k no longer changes. */
export const settlesAfter = ({ annealFrom, annealOver = 0.5 }: Annealing): number =>
  annealFrom === undefined ? 0 : annealOver;

/** Flags of the command line, in the words of a kind's own. */
export const annealingFlags = {
  annealFrom: {
    flag: '--anneal-from <n>',
    takes: 'number',
    says: 'units on that training begins with, to fall to k',
    implies: false,
  },
  annealOver: {
    flag: '--anneal-over <share>',
    takes: 'number',
    says: 'of the steps, over which they fall',
    implies: false,
  },
} as const;
