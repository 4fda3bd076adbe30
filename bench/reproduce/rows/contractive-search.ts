import { pretraining } from '../deep-net.ts';
import type { Lab } from '../lab.ts';
import { type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';

/** How the fine-tuning of a trial differs from the row's. */
interface Settings {
  readonly what: string;
  readonly epochs: number;
  /** κ and epochs of pretraining, where they are not the row's. */
  readonly pretraining?: { readonly contraction: number; readonly epochs: number };
  readonly masked?: number;
  /** σ of Gaussian noise on the pixels. */
  readonly deviation?: number;
  readonly dropout?: number;
}

/** Noise in fine-tuning, on pixels and on units: what other nets of this size gained most from. */
const SETTINGS: readonly Settings[] = [
  { what: 'as in the row: no noise, 8 epochs of fine-tuning', epochs: 8 },
  { what: 'no noise, 20 epochs', epochs: 20 },
  { what: 'no noise, 30 epochs', epochs: 30 },
  { what: 'no noise, 60 epochs', epochs: 60 },
  { what: '10% of the pixels masked, 30 epochs', masked: 0.1, epochs: 30 },
  { what: '20% of the pixels masked', masked: 0.2, epochs: 8 },
  { what: '20% of the pixels masked, 16 epochs', masked: 0.2, epochs: 16 },
  { what: '20% of the pixels masked, 40 epochs', masked: 0.2, epochs: 40 },
  { what: 'noise of σ = 0.3 on the pixels, 30 epochs', deviation: 0.3, epochs: 30 },
  { what: 'κ = 4, 50 epochs of pretraining, 10 epochs', pretraining: { contraction: 4, epochs: 50 }, epochs: 10 },
  { what: '30% of the units dropped, 20 epochs', dropout: 0.3, epochs: 20 },
  { what: '50% of the units dropped, 30 epochs', dropout: 0.5, epochs: 30 },
  { what: '50% of the units dropped, 10% of the pixels masked, 30 epochs', dropout: 0.5, masked: 0.1, epochs: 30 },
];

/** The contractive autoencoder of seed 1, fine-tuned in each way. */
export async function searchContractive(lab: Lab): Promise<Trial[]> {
  const set = await digits(lab);
  const encoder = (name: string, contraction: number, epochs: number) =>
    lab.train(name, {
      model: { hidden: lab.size(1000, 30), tied: true, loss: 'cross-entropy', contraction, seed: 1 },
      data: set.train,
      fit: pretraining(lab, epochs, 50),
    });
  const one = await encoder('contractive row, contractive, seed 1', 1, 10);
  return tryAll(SETTINGS, async ({ what, epochs, pretraining: other, masked, deviation, dropout }) => {
    const longer = other && (await encoder('contractive search, pretraining', other.contraction, other.epochs));
    const tuned = await lab.tune('contractive search', {
      start: { models: [longer ?? one] },
      data: set.train,
      weightDecay: 1e-4,
      hiddenWeightDecay: 1e-5,
      seed: 1,
      fit: {
        optimizer: { kind: 'sgd', learningRate: { kind: 'linear', from: 0.1, to: 1e-3 }, momentum: 0.9 },
        epochs: lab.size(epochs, 1),
        batchSize: 20,
      },
      ...(dropout ? { dropout } : {}),
      ...(masked ? { corruption: { kind: 'masking', fraction: masked } } : {}),
      ...(deviation ? { corruption: { kind: 'gaussian', deviation } } : {}),
    });
    return { what, validation: await lab.error(tuned, set.validation), seconds: tuned.seconds };
  });
}
