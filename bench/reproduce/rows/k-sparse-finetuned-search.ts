import type { CorruptionSpec } from '../../../src/corruption/corruption.ts';
import type { Lab } from '../lab.ts';
import type { Table } from '../row.ts';
import { ablationTable, type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';
import { kSparsePair, tuneInStages, tuneKSparse } from './k-sparse-tuning.ts';

/** How the fine-tuning of a trial differs from the row's. */
interface Settings {
  readonly what: string;
  readonly layers: 1 | 2;
  readonly corruption: CorruptionSpec | null;
  /** The softmax alone first, by 50 iterations of L-BFGS. */
  readonly staged?: true;
}

const SETTINGS: readonly Settings[] = [
  { what: 'one layer, clean digits', layers: 1, corruption: null },
  { what: 'one layer, noise of σ = 0.3', layers: 1, corruption: { kind: 'gaussian', deviation: 0.3 } },
  { what: 'one layer, noise of σ = 0.45', layers: 1, corruption: { kind: 'gaussian', deviation: 0.45 } },
  {
    what: 'one layer, the softmax alone first, then everything with noise of σ = 0.3',
    ...{ layers: 1, corruption: { kind: 'gaussian', deviation: 0.3 }, staged: true },
  },
  { what: 'one layer, 20% of the pixels masked', layers: 1, corruption: { kind: 'masking', fraction: 0.2 } },
  { what: 'one layer, 40% of the pixels masked', layers: 1, corruption: { kind: 'masking', fraction: 0.4 } },
  { what: 'two layers, noise of σ = 0.3', layers: 2, corruption: { kind: 'gaussian', deviation: 0.3 } },
];

/** The layers of seed 1, fine-tuned in each way. */
export const searchKSparseFinetuned = (lab: Lab): Promise<Trial[]> => tryAll(SETTINGS, (one) => trialOf(lab, one));

/** One layer with and without noise, otherwise alike. */
export async function compareNoise(lab: Lab): Promise<Table> {
  return ablationTable(await tryAll(SETTINGS.slice(0, 2), (one) => trialOf(lab, one)), {
    of: 'fine-tuning, seed 1',
    measure: 'validation error',
    unit: '%',
    note: 'The same first layer and number of epochs; the last 10,000 training images.',
  });
}

async function trialOf(lab: Lab, { what, layers, corruption, staged }: Settings): Promise<Trial> {
  const set = await digits(lab);
  const pair = await kSparsePair(lab, set, 1);
  const tune = staged ? tuneInStages : tuneKSparse;
  const tuned = await tune(lab, pair.slice(0, layers), set, { seed: 1, corruption });
  return { what, validation: await lab.error(tuned, set.validation), seconds: tuned.seconds };
}
