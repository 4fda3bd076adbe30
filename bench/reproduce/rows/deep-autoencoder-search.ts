import type { CorruptionSpec } from '../../../src/corruption/corruption.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { LossName } from '../../../src/terms/losses.ts';
import type { Lab } from '../lab.ts';
import type { Trial } from '../search.ts';
import { digits } from '../sets.ts';

/** How a trial differs from 25 epochs of batches of 100. */
interface Settings {
  readonly what: string;
  readonly loss?: LossName;
  readonly corruption?: CorruptionSpec;
  readonly weightDecay?: number;
  readonly epochs?: number;
  readonly batch?: number;
}

const SETTINGS: readonly Settings[] = [
  { what: 'as the row: 25 epochs, batches of 100' },
  { what: '10% of the pixels masked', corruption: { kind: 'masking', fraction: 0.1 } },
  { what: '15 epochs, batches of 40', epochs: 15, batch: 40 },
  { what: 'cross-entropy, weight decay λ = 2e-5', loss: 'cross-entropy', weightDecay: 2e-5 },
];

/** The deep autoencoder on the first 50,000 digits, judged by the other 10,000. */
export async function searchDeepAutoencoder(lab: Lab): Promise<readonly Trial[]> {
  const { train, validation } = await digits(lab);
  const trials: Trial[] = [];
  for (const { what, loss = 'squared-error', corruption, weightDecay, epochs = 25, batch = 100 } of SETTINGS) {
    const run = await lab.train('search deep-autoencoder', {
      model: {
        hidden: lab.size([1000, 500, 250, 30], [40, 20, 10, 5]),
        activation: ['relu', 'relu', 'relu', 'linear'],
        output: 'sigmoid',
        loss,
        seed: 1,
        ...(corruption ? { corruption } : {}),
        ...(weightDecay ? { weightDecay } : {}),
      },
      data: train,
      fit: {
        optimizer: { kind: 'adam', learningRate: { kind: 'linear', from: 1e-3, to: 2e-5 } },
        epochs: lab.size(epochs, 1),
        batchSize: batch,
      },
    });
    const { squaredError } = await measure(run.model, validation.x);
    trials.push({ what, validation: squaredError, seconds: run.seconds });
  }
  return trials;
}
