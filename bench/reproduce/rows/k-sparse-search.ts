import type { OptimizerConfig } from '../../../src/optimizers/table.ts';
import { byLbfgs, probe, type SoftmaxFit } from '../codes.ts';
import type { Lab } from '../lab.ts';
import { type Trial, tryAll } from '../search.ts';
import { type Digits, digits } from '../sets.ts';

/** An autoencoder by SGD with momentum, α = 3. */
interface Sgd {
  readonly k: number;
  readonly epochs: number;
  readonly batch: number;
  readonly from: number;
  readonly to: number;
  readonly warmup: number;
  readonly center?: true;
  /** σ of Gaussian noise on the pixels that it learns from. */
  readonly deviation?: number;
}

export interface Settings extends Sgd {
  readonly what: string;
  /** Of the softmax, of which the best counts. */
  readonly fits: readonly SoftmaxFit[];
}

export const RISES = byLbfgs([1e-6, 1e-5, 1e-4]);
const CLOSER = byLbfgs([1e-5, 3e-5, 1e-4]);

export const SETTINGS: readonly Settings[] = [
  {
    what: 'k = 25, 60 epochs, batches of 100, learning rate 0.02 falling to 0.0002',
    ...{ k: 25, epochs: 60, batch: 100, from: 0.02, to: 2e-4, warmup: 2000, fits: RISES },
  },
  {
    what: 'k = 25, 60 epochs, batches of 50, 0.03 falling to 0.0003',
    ...{ k: 25, epochs: 60, batch: 50, from: 0.03, to: 3e-4, warmup: 2000, fits: RISES },
  },
  {
    what: 'k = 25, 60 epochs, batches of 20, 0.03 falling to 0.0003',
    ...{ k: 25, epochs: 60, batch: 20, from: 0.03, to: 3e-4, warmup: 4000, fits: RISES },
  },
  {
    what: 'k = 25, 200 epochs, batches of 50, 0.03 falling to 0.0003',
    ...{ k: 25, epochs: 200, batch: 50, from: 0.03, to: 3e-4, warmup: 4000, fits: RISES },
  },
  {
    what: 'k = 25, 60 epochs, batches of 50, 0.03 throughout',
    ...{ k: 25, epochs: 60, batch: 50, from: 0.03, to: 0.03, warmup: 4000, fits: CLOSER },
  },
  {
    what: 'k = 25, 100 epochs, batches of 50, 0.03 throughout',
    ...{ k: 25, epochs: 100, batch: 50, from: 0.03, to: 0.03, warmup: 4000, fits: CLOSER },
  },
  {
    what: 'k = 25, 60 epochs, batches of 50, 0.03 throughout, centred',
    ...{ k: 25, epochs: 60, batch: 50, from: 0.03, to: 0.03, warmup: 4000, center: true, fits: CLOSER },
  },
  {
    what: 'k = 25, 60 epochs, batches of 50, 0.03 throughout, noise of σ = 0.3 on the pixels',
    ...{ k: 25, epochs: 60, batch: 50, from: 0.03, to: 0.03, warmup: 4000, deviation: 0.3, fits: byLbfgs([3e-5]) },
  },
  {
    what: 'k = 40, 100 epochs, batches of 50, 0.03 falling to 0.003',
    ...{ k: 40, epochs: 100, batch: 50, from: 0.03, to: 3e-3, warmup: 4000, fits: CLOSER },
  },
];

/** A schedule that stays where it began is a constant one. */
function sgd({ from, to, warmup }: Sgd): OptimizerConfig {
  const learningRate =
    from === to
      ? ({ kind: 'constant', value: from, warmup } as const)
      : ({ kind: 'linear', from, to, warmup } as const);
  return { kind: 'sgd', learningRate, momentum: 0.9 };
}

/** Softmax regression on the codes of the first seed, αk survivors with α = 3: the best of its fits. */
export async function trialOf(lab: Lab, set: Digits, { what, fits, ...settings }: Settings): Promise<Trial> {
  const { k, epochs, batch, center, deviation } = settings;
  const trained = await lab.train('k-sparse search', {
    model: {
      hidden: lab.size(1000, 120),
      sparsity: { kind: 'k-sparse', k, alpha: 3 },
      seed: 1,
      ...(center ? { center } : {}),
      ...(deviation ? { corruption: { kind: 'gaussian', deviation } } : {}),
    },
    data: set.train,
    fit: { optimizer: sgd(settings), epochs: lab.size(epochs, 1), batchSize: batch },
  });
  const found = await probe(lab, 'k-sparse search', trained, set, fits);
  return { what, validation: found.validationError, seconds: trained.seconds + found.seconds };
}

export async function searchKSparse(lab: Lab): Promise<Trial[]> {
  const set = await digits(lab);
  return tryAll(SETTINGS, (one) => trialOf(lab, set, one));
}
