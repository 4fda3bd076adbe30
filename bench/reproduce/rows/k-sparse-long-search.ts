import type { Lab } from '../lab.ts';
import { type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';
import { RISES, SETTINGS, type Settings, trialOf } from './k-sparse-search.ts';

const LONGEST: Settings = {
  what: 'k = 25, 1,000 epochs, batches of 100, learning rate 0.02 throughout',
  ...{ k: 25, epochs: 1000, batch: 100, from: 0.02, to: 0.02, warmup: 2000, fits: RISES },
};

/** The row's own autoencoder and those of the other search, but for centred and noisy ones. */
const ALIKE = [LONGEST, ...SETTINGS.filter(({ center, deviation }) => !center && deviation === undefined)];

/** Each with a softmax by L-BFGS, the best of its λ, and by Adam. */
export async function searchSoftmax(lab: Lab): Promise<Trial[]> {
  const set = await digits(lab);
  const both: Settings[] = ALIKE.flatMap((one) => [
    { ...one, what: `${one.what}; softmax by L-BFGS` },
    { ...one, what: `${one.what}; softmax by Adam`, fits: [{ by: 'Adam', decay: 0 }] },
  ]);
  return tryAll(both, (one) => trialOf(lab, set, one));
}
