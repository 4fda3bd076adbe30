import type { CorruptionSpec } from '../../../src/corruption/corruption.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { LossName } from '../../../src/terms/losses.ts';
import type { Lab } from '../lab.ts';
import type { Table } from '../row.ts';
import { ablationTable, type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';

/** How a trial differs from 25 epochs of batches of 100. */
interface Settings {
  readonly what: string;
  /** f of the hidden units. Default ReLU. */
  readonly f?: 'relu' | 'tanh';
  /** η at the start. Default 1e-3. */
  readonly rate?: number;
  readonly loss?: LossName;
  readonly corruption?: CorruptionSpec;
  readonly weightDecay?: number;
  readonly epochs?: number;
  readonly batch?: number;
}

const WEAK = { kind: 'gaussian', deviation: 0.1 } as const;

const SETTINGS: readonly Settings[] = [
  { what: 'tanh units, 25 epochs', f: 'tanh' },
  { what: 'tanh units, 40 epochs', f: 'tanh', epochs: 40 },
  { what: 'tanh units, 12 epochs', f: 'tanh', epochs: 12 },
  { what: 'tanh units, 12 epochs, η = 5e-4', f: 'tanh', epochs: 12, rate: 5e-4 },
  { what: 'tanh units, 12 epochs, η = 2e-3', f: 'tanh', epochs: 12, rate: 2e-3 },
  { what: 'tanh units, 12 epochs, noise of σ = 0.1', f: 'tanh', epochs: 12, corruption: WEAK },
  {
    what: 'tanh units, 30 epochs, noise of σ = 0.15',
    ...{ f: 'tanh', epochs: 30, corruption: { kind: 'gaussian', deviation: 0.15 } },
  },
  { what: 'tanh units, 30 epochs, batches of 300', f: 'tanh', epochs: 30, batch: 300 },
  { what: 'ReLU units, 12 epochs', epochs: 12 },
  { what: 'ReLU units, 12 epochs, noise of σ = 0.1', epochs: 12, corruption: WEAK },
  { what: 'ReLU units, 12 epochs, weight decay λ = 3e-4', epochs: 12, weightDecay: 3e-4 },
  { what: 'ReLU units, 25 epochs' },
  { what: 'ReLU units, 25 epochs, 10% of the pixels masked', corruption: { kind: 'masking', fraction: 0.1 } },
  { what: 'ReLU units, 15 epochs, batches of 40', epochs: 15, batch: 40 },
  { what: 'ReLU units, 25 epochs, cross-entropy, weight decay λ = 2e-5', loss: 'cross-entropy', weightDecay: 2e-5 },
];

/** The deep autoencoder on the first 50,000 digits, judged by the other 10,000. */
export const searchDeepAutoencoder = (lab: Lab): Promise<Trial[]> => tryAll(SETTINGS, (one) => trialOf(lab, one));

/** With ReLU units and with tanh units, otherwise alike. */
export async function compareUnits(lab: Lab): Promise<Table> {
  const settings: Settings[] = [{ what: 'ReLU' }, { what: 'tanh', f: 'tanh' }];
  return ablationTable(await tryAll(settings, (one) => trialOf(lab, one)), {
    of: 'hidden units, seed 1',
    measure: 'squared error of a validation image',
    unit: '',
    note: '25 epochs on the first 50,000 training images, the last 10,000 to choose by.',
  });
}

async function trialOf(lab: Lab, settings: Settings): Promise<Trial> {
  const { train, validation } = await digits(lab);
  const { what, f = 'relu', rate = 1e-3, loss = 'squared-error', corruption, weightDecay } = settings;
  const { epochs = 25, batch = 100 } = settings;
  const run = await lab.train('search deep-autoencoder', {
    model: {
      hidden: lab.size([1000, 500, 250, 30], [40, 20, 10, 5]),
      activation: [f, f, f, 'linear'],
      output: 'sigmoid',
      loss,
      seed: 1,
      ...(corruption ? { corruption } : {}),
      ...(weightDecay ? { weightDecay } : {}),
    },
    data: train,
    fit: {
      optimizer: { kind: 'adam', learningRate: { kind: 'linear', from: rate, to: 2e-5 } },
      epochs: lab.size(epochs, 1),
      batchSize: batch,
    },
  });
  const { squaredError } = await measure(run.model, validation.x);
  return { what, validation: squaredError, seconds: run.seconds };
}
