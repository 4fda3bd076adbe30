import { measure } from '../../../src/measures/metrics.ts';
import type { Lab } from '../lab.ts';
import type { Table } from '../row.ts';
import { ablationTable, type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';
import { type Deep, PRETRAINED, pretrainLayers, trainDeep } from './deep-autoencoder-training.ts';

/** How a trial differs from 25 epochs of batches of 100 with ReLU units. */
interface Settings extends Partial<Omit<Deep, 'seed' | 'from'>> {
  readonly what: string;
  readonly pretrained?: true;
}

const WEAK = { kind: 'gaussian', deviation: 0.1 } as const;

/** Fresh nets, and what the row does. */
const ABLATION: readonly Settings[] = [
  { what: 'ReLU units, 12 epochs', epochs: 12 },
  { what: 'tanh units, 12 epochs', f: 'tanh', epochs: 12 },
  {
    what: 'as in the row: sigmoid units, layers pretrained, cross-entropy, η = 2e-3 after a rise, 12 epochs',
    ...{ ...PRETRAINED, pretrained: true, epochs: 12 },
  },
];

const SETTINGS: readonly Settings[] = [
  ...ABLATION,
  { what: 'tanh units, 25 epochs', f: 'tanh' },
  { what: 'tanh units, 40 epochs', f: 'tanh', epochs: 40 },
  { what: 'tanh units, 12 epochs, η = 5e-4', f: 'tanh', epochs: 12, rate: 5e-4 },
  { what: 'tanh units, 12 epochs, η = 2e-3', f: 'tanh', epochs: 12, rate: 2e-3 },
  { what: 'tanh units, 12 epochs, noise of σ = 0.1', f: 'tanh', epochs: 12, corruption: WEAK },
  {
    what: 'tanh units, 30 epochs, noise of σ = 0.15',
    ...{ f: 'tanh', epochs: 30, corruption: { kind: 'gaussian', deviation: 0.15 } },
  },
  { what: 'tanh units, 30 epochs, batches of 300', f: 'tanh', epochs: 30, batch: 300 },
  { what: 'ReLU units, 12 epochs, noise of σ = 0.1', epochs: 12, corruption: WEAK },
  { what: 'ReLU units, 12 epochs, weight decay λ = 3e-4', epochs: 12, weightDecay: 3e-4 },
  { what: 'ReLU units, 25 epochs' },
  { what: 'ReLU units, 25 epochs, 10% of the pixels masked', corruption: { kind: 'masking', fraction: 0.1 } },
  { what: 'ReLU units, 15 epochs, batches of 40', epochs: 15, batch: 40 },
  { what: 'ReLU units, 25 epochs, cross-entropy, weight decay λ = 2e-5', loss: 'cross-entropy', weightDecay: 2e-5 },
];

/** The deep autoencoder on the first 50,000 digits, judged by the other 10,000. */
export const searchDeepAutoencoder = (lab: Lab): Promise<Trial[]> => tryAll(SETTINGS, (one) => trialOf(lab, one));

export async function compareUnits(lab: Lab): Promise<Table> {
  return ablationTable(await tryAll(ABLATION, (one) => trialOf(lab, one)), {
    of: 'seed 1',
    measure: 'squared error of a validation image',
    unit: '',
    note: 'The first 50,000 training images, the last 10,000 to choose by. The first two: squared error, η = 1e-3, no pretraining; the third differs in all that it says.',
  });
}

async function trialOf(lab: Lab, { what, pretrained, ...settings }: Settings): Promise<Trial> {
  const { train, validation } = await digits(lab);
  const from = pretrained ? await pretrainLayers(lab, train, 1) : undefined;
  const seconds = from?.reduce((sum, layer) => sum + layer.seconds, 0) ?? 0;
  const deep = { seed: 1, f: 'relu', epochs: 25, ...settings, ...(from ? { from } : {}) } as const;
  const run = await trainDeep(lab, 'search deep-autoencoder', train, deep);
  const { squaredError } = await measure(run.model, validation.x);
  return { what, validation: squaredError, seconds: seconds + run.seconds };
}
