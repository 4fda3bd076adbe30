import type { CorruptionSpec } from '../../../src/corruption/corruption.ts';
import type { Lab, Plan, Trained, Tuned } from '../lab.ts';
import type { Digits } from '../sets.ts';
import { trainKSparse } from './k-sparse.ts';

export const K = 25;
const BY = 'SGD in batches of 50';
export const FIRST_EPOCHS = 60;
export const SECOND_EPOCHS = 20;
/** Of fine-tuning, on pixels of 0 to 1. */
export const CORRUPTION = { kind: 'gaussian', deviation: 0.3 } as const;
export const EPOCHS = 60;

/** Two k-sparse autoencoders of a seed, the second on the codes of the first. */
export async function kSparsePair(lab: Lab, { train }: Digits, seed: number): Promise<readonly [Trained, Trained]> {
  const first = await trainKSparse(lab, train, { k: K, seed, epochs: FIRST_EPOCHS, by: BY });
  const codes = await lab.codes(first, train);
  return [first, await trainKSparse(lab, codes, { k: K, seed: seed + 100, epochs: SECOND_EPOCHS, by: BY })];
}

/** Everything at once, the softmax from fresh weights. */
export function tuneKSparse(
  lab: Lab,
  models: readonly Trained[],
  { train }: Digits,
  { seed, corruption = CORRUPTION }: { readonly seed: number; readonly corruption?: CorruptionSpec | null },
): Promise<Tuned> {
  return lab.tune(`k-sparse seed ${seed} fine-tuned, ${models.length === 1 ? 'one layer' : 'two layers'}`, {
    start: { models },
    data: train,
    weightDecay: 1e-4,
    hiddenWeightDecay: 1e-5,
    seed,
    ...(corruption === null ? {} : { corruption }),
    fit: sgd(lab),
  });
}

/** The softmax alone on codes of clean digits, then everything. */
export async function tuneInStages(
  lab: Lab,
  models: readonly Trained[],
  { train }: Digits,
  { seed, corruption = CORRUPTION }: { readonly seed: number; readonly corruption?: CorruptionSpec | null },
): Promise<Tuned> {
  const softmax = await lab.tune(`k-sparse seed ${seed} softmax first`, {
    start: { models },
    data: train,
    stage: 'softmax',
    weightDecay: 1e-4,
    hiddenWeightDecay: 1e-5,
    seed,
    ...(corruption === null ? {} : { corruption }),
    fit: { optimizer: { kind: 'lbfgs', iterations: lab.size(50, 3) } },
  });
  return lab.tune(`k-sparse seed ${seed} then all`, { start: { stage: softmax }, data: train, seed, fit: sgd(lab) });
}

function sgd(lab: Lab): Plan {
  return {
    optimizer: { kind: 'sgd', learningRate: { kind: 'linear', from: 0.1, to: 1e-3 }, momentum: 0.9 },
    epochs: lab.size(EPOCHS, 1),
    batchSize: 100,
  };
}
