import { pretraining } from '../deep-net.ts';
import type { Lab, Trained, Tuned } from '../lab.ts';
import type { Digits } from '../sets.ts';

/** One layer of tied sigmoid units, each example's cross-entropy in nats, summed over pixels. */
export interface Encoder {
  /** κ of ‖J‖²_F, or λ of ½ Σ W². */
  readonly term: { readonly contraction?: number; readonly weightDecay?: number };
  readonly epochs: number;
  readonly seed: number;
}

/** How everything is fine-tuned as a classifier by SGD with momentum 0.9, or by Adam. */
export interface Tuning {
  readonly epochs: number;
  readonly batch: number;
  /** η at the start; it falls linearly to a hundredth. */
  readonly rate: number;
  readonly by?: 'adam';
  /** λ of the softmax and of the hidden weights. */
  readonly decays: readonly [softmax: number, hidden: number];
  /** σ of Gaussian noise on pixels of 0 to 1, drawn anew every time. */
  readonly deviation?: number;
  readonly masked?: number;
  readonly dropout?: number;
}

export const BATCH = 50;
/** The row's: chosen by its search. */
export const KAPPA = 2;
/** λ of ½ Σ W² beside it. */
export const DECAY = 3e-3;
export const PRETRAINING_EPOCHS = 20;
export const TUNING = { epochs: 60, batch: 100, rate: 1, decays: [1e-5, 0], deviation: 0.3 } as const satisfies Tuning;

export function trainEncoder(
  lab: Lab,
  name: string,
  { train }: Digits,
  { term, epochs, seed }: Encoder,
): Promise<Trained> {
  return lab.train(name, {
    model: { hidden: lab.size(1000, 30), tied: true, loss: 'cross-entropy', ...term, seed },
    data: train,
    fit: pretraining(lab, epochs, BATCH),
  });
}

/** Minimises −(1/m) Σ log p(y | x) and the weights' decay, the softmax from fresh weights. */
export function tuneEncoder(
  lab: Lab,
  name: string,
  { model, seed }: { readonly model: Trained; readonly seed: number },
  { train }: Digits,
  { epochs, batch, rate, by, decays: [weightDecay, hiddenWeightDecay], deviation, masked, dropout }: Tuning,
): Promise<Tuned> {
  const learningRate = { kind: 'linear', from: rate, to: rate / 100 } as const;
  return lab.tune(name, {
    start: { models: [model] },
    data: train,
    weightDecay,
    hiddenWeightDecay,
    seed,
    fit: {
      optimizer: by ? { kind: by, learningRate } : { kind: 'sgd', learningRate, momentum: 0.9 },
      epochs: lab.size(epochs, 1),
      batchSize: batch,
    },
    ...(dropout ? { dropout } : {}),
    ...(masked ? { corruption: { kind: 'masking', fraction: masked } } : {}),
    ...(deviation ? { corruption: { kind: 'gaussian', deviation } } : {}),
  });
}
