import type { Lab, Plan, Sample, Start, Trained, Tuned } from './lab.ts';
import type { Digits } from './sets.ts';

/** Three hidden layers of sigmoid units below a softmax: 784-1000-1000-1000-10. */
const UNITS = 1000;
/** ν of layers 1, 2 and 3: those of the deeplearning.net tutorial. */
const MASKED = [0.1, 0.2, 0.3] as const;
const PRETRAINING_EPOCHS = 10;
const FINE_TUNING_EPOCHS = 12;

export const SEEDS = [1, 2, 3] as const;

/** How autoencoders are trained: η falls linearly to a hundredth of what it was, and the noise of batches with it. */
export function pretraining(lab: Lab, epochs: number, batchSize = 100): Plan {
  return {
    optimizer: { kind: 'adam', learningRate: { kind: 'linear', from: 1e-3, to: 1e-5 } },
    epochs: lab.size(epochs, 2),
    batchSize,
  };
}

/** Denoising autoencoders on one another: each on the clean codes of the one below, corrupted anew. */
export async function denoisingStack(lab: Lab, train: Sample, seed: number): Promise<readonly Trained[]> {
  const models: Trained[] = [];
  let data = train;
  for (const [i, fraction] of MASKED.entries()) {
    const below = models[i - 1];
    if (below) data = await lab.codes(below, data);
    models.push(
      await lab.train(`denoising stack seed ${seed} layer ${i + 1}`, {
        model: {
          hidden: lab.size(UNITS, 30),
          tied: true,
          loss: 'cross-entropy',
          corruption: { kind: 'masking', fraction },
          seed: seed + 100 * i,
        },
        data,
        fit: pretraining(lab, PRETRAINING_EPOCHS),
      }),
    );
  }
  return models;
}

/**
 * The deep net before any training, its weights uniform on ±4√(6/(n_in + n_out + 1)), as the deeplearning.net tutorial has
 * it for sigmoid units: without the 4, SGD stays on the plateau where every class is as probable.
 */
export function freshNet(lab: Lab, { train }: Digits): Start {
  const units = lab.size(UNITS, 30);
  return { hidden: [units, units, units], inputs: train.x.shape[1], activation: 'sigmoid', gain: 4 };
}

/** What `fineTune` does, in words. */
export function fineTuning(epochs = FINE_TUNING_EPOCHS, noise = 0): string {
  const digits = noise === 0 ? 'clean digits' : `digits with Gaussian noise of σ = ${noise}`;
  return `fine-tuning of everything on ${digits} for ${epochs} epochs of SGD, momentum 0.9, learning rate 0.1 falling to 0.001, batch 20, λ = 1e-4 on the softmax and 1e-5 on hidden weights, no early stopping`;
}

/**
 * Minimises −(1/m) Σ log p(y | x) and the weights' decay, the same way for every net of a row; with noise where `noise`, σ on pixels of 0 to 1, is above 0. Chosen on 10,000 digits and
 * 12 epochs, validation error of the pretrained net, hidden weights without decay: SGD 3.42%, with batch 100 4.60%; Adam
 * from 1e-3 3.94%, with batch 100 4.20%.
 */
export function fineTune(
  lab: Lab,
  name: string,
  start: Start,
  { train, validation }: Digits,
  { seed, epochs = FINE_TUNING_EPOCHS, noise = 0 }: { seed: number; epochs?: number; noise?: number },
): Promise<Tuned> {
  return lab.tune(name, {
    start,
    data: train,
    validation,
    weightDecay: 1e-4,
    hiddenWeightDecay: 1e-5,
    seed,
    fit: {
      optimizer: { kind: 'sgd', learningRate: { kind: 'linear', from: 0.1, to: 1e-3 }, momentum: 0.9 },
      epochs: lab.size(epochs, 2),
      batchSize: 20,
    },
    ...(noise === 0 ? {} : { corruption: { kind: 'gaussian', deviation: noise } }),
  });
}

/** Errors in % on the images to choose by and on those to be judged by. */
export interface Errors {
  readonly validation: number;
  readonly test: number;
}

export async function errorsOf(lab: Lab, tuned: Tuned, { validation, test }: Digits): Promise<Errors> {
  return { validation: await lab.error(tuned, validation), test: await lab.error(tuned, test) };
}

/** "validation 1.52, 1.47%": what stands beside a figure on the test images. */
export function validationNote(errors: readonly Errors[]): string {
  return `validation ${errors.map(({ validation }) => validation.toFixed(2)).join(', ')}%`;
}
