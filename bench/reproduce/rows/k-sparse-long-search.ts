import { byLbfgs, probe, type SoftmaxFit } from '../codes.ts';
import type { Lab } from '../lab.ts';
import { type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';
import { type Sgd, trainBySgd } from './k-sparse-search.ts';

const RISES = byLbfgs([1e-6, 1e-5, 1e-4]);
const CLOSER = byLbfgs([1e-5, 3e-5, 1e-4]);

/** Autoencoders, and the λ of L-BFGS that were tried on their codes. */
const SETTINGS: readonly (Sgd & { readonly what: string; readonly fits: readonly SoftmaxFit[] })[] = [
  {
    what: '1,000 epochs, batches of 100, learning rate 0.02',
    ...{ k: 25, epochs: 1000, batch: 100, from: 0.02, to: 0.02, warmup: 2000, fits: RISES },
  },
  {
    what: '60 epochs, batches of 100, 0.02 falling to 0.0002',
    ...{ k: 25, epochs: 60, batch: 100, from: 0.02, to: 2e-4, warmup: 2000, fits: RISES },
  },
  {
    what: '60 epochs, batches of 50, 0.03',
    ...{ k: 25, epochs: 60, batch: 50, from: 0.03, to: 0.03, warmup: 4000, fits: CLOSER },
  },
  {
    what: '100 epochs, batches of 50, 0.03',
    ...{ k: 25, epochs: 100, batch: 50, from: 0.03, to: 0.03, warmup: 4000, fits: CLOSER },
  },
  {
    what: '200 epochs, batches of 50, 0.03 falling to 0.0003',
    ...{ k: 25, epochs: 200, batch: 50, from: 0.03, to: 3e-4, warmup: 4000, fits: RISES },
  },
  {
    what: '60 epochs, batches of 20, 0.03 falling to 0.0003',
    ...{ k: 25, epochs: 60, batch: 20, from: 0.03, to: 3e-4, warmup: 4000, fits: RISES },
  },
  {
    what: 'k = 40, 100 epochs, batches of 50, 0.03 falling to 0.003',
    ...{ k: 40, epochs: 100, batch: 50, from: 0.03, to: 3e-3, warmup: 4000, fits: CLOSER },
  },
];

/** Each autoencoder with a softmax by L-BFGS, the best of its λ, and by Adam. */
export async function searchSoftmax(lab: Lab): Promise<Trial[]> {
  const set = await digits(lab);
  const both = SETTINGS.flatMap((one) => [
    { ...one, what: `${one.what}; softmax by L-BFGS` },
    { ...one, what: `${one.what}; softmax by Adam`, fits: [{ by: 'Adam', decay: 0 } as const] },
  ]);
  return tryAll(both, async ({ what, fits, ...sgd }) => {
    const trained = await trainBySgd(lab, set.train, sgd);
    const found = await probe(lab, `k-sparse search ${what}`, trained, set, fits);
    return { what, validation: found.validationError, seconds: trained.seconds + found.seconds };
  });
}
