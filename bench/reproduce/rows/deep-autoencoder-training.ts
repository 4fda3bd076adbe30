import type { CorruptionSpec } from '../../../src/corruption/corruption.ts';
import type { LossName } from '../../../src/terms/losses.ts';
import { pretraining } from '../deep-net.ts';
import type { Lab, Sample, Trained } from '../lab.ts';

/** 784-1000-500-250-30 and back, the code linear. */
export interface Deep {
  readonly seed: number;
  /** f of the hidden units. */
  readonly f: 'relu' | 'tanh' | 'sigmoid';
  readonly epochs: number;
  /** Default 100. */
  readonly batch?: number;
  /** η of Adam at the start; it falls linearly to 2e-5. Default 1e-3. */
  readonly rate?: number;
  /** Steps over which η rises to it. Default none. */
  readonly warmup?: number;
  readonly loss?: LossName;
  readonly corruption?: CorruptionSpec;
  readonly weightDecay?: number;
  /** Where weights begin, one model a layer; fresh ones otherwise. */
  readonly from?: readonly Trained[];
}

const sizesOf = (lab: Lab) => lab.size([1000, 500, 250, 30], [40, 20, 10, 5]);
export const PRETRAINING_EPOCHS = 6;
/** How a net of pretrained layers is trained. */
export const PRETRAINED = { f: 'sigmoid', loss: 'cross-entropy', rate: 2e-3, warmup: 1000 } as const;

export function trainDeep(
  lab: Lab,
  name: string,
  data: Sample,
  { seed, f, epochs, batch = 100, rate = 1e-3, warmup, loss = 'squared-error', corruption, weightDecay, from }: Deep,
): Promise<Trained> {
  return lab.train(name, {
    model: {
      hidden: sizesOf(lab),
      activation: [f, f, f, 'linear'],
      output: 'sigmoid',
      loss,
      seed,
      ...(corruption ? { corruption } : {}),
      ...(weightDecay ? { weightDecay } : {}),
    },
    data,
    fit: {
      optimizer: {
        kind: 'adam',
        learningRate: { kind: 'linear', from: rate, to: 2e-5, ...(warmup ? { warmup } : {}) },
      },
      epochs: lab.size(epochs, 1),
      batchSize: batch,
    },
    ...(from ? { from } : {}),
  });
}

/** Tied autoencoders of sigmoid units, the last one's linear, by cross-entropy, each on the codes of the one below. */
export async function pretrainLayers(lab: Lab, train: Sample, seed: number): Promise<readonly Trained[]> {
  const models: Trained[] = [];
  const sizes = sizesOf(lab);
  let data = train;
  for (const [i, hidden] of sizes.entries()) {
    const below = models[i - 1];
    if (below) data = await lab.codes(below, data);
    models.push(
      await lab.train(`deep-autoencoder seed ${seed} layer ${i + 1}`, {
        model: {
          hidden,
          activation: i + 1 < sizes.length ? 'sigmoid' : 'linear',
          output: 'sigmoid',
          loss: 'cross-entropy',
          tied: true,
          seed: seed + 100 * i,
        },
        data,
        fit: pretraining(lab, PRETRAINING_EPOCHS),
      }),
    );
  }
  return models;
}
