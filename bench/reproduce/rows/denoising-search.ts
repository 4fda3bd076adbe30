import { denoisingStack, fineTune } from '../deep-net.ts';
import type { Lab } from '../lab.ts';
import type { Table } from '../row.ts';
import { ablationTable, type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';

/** How the fine-tuning of a trial differs from the row's. */
interface Settings {
  readonly what: string;
  readonly epochs: number;
  readonly noise: number;
}

const ABLATION: readonly Settings[] = [
  { what: 'clean digits, 12 epochs', epochs: 12, noise: 0 },
  { what: 'clean digits, 30 epochs', epochs: 30, noise: 0 },
  { what: 'noise of σ = 0.3, 30 epochs', epochs: 30, noise: 0.3 },
];
const SETTINGS: readonly Settings[] = [{ what: 'noise of σ = 0.3, 20 epochs', epochs: 20, noise: 0.3 }, ...ABLATION];

/** The stack of seed 1, fine-tuned in each way. */
export const searchDenoising = (lab: Lab): Promise<Trial[]> => tryAll(SETTINGS, (one) => trialOf(lab, one));

/** Fine-tuned with and without noise, otherwise alike. */
export async function compareNoise(lab: Lab): Promise<Table> {
  return ablationTable(await tryAll(ABLATION, (one) => trialOf(lab, one)), {
    of: 'fine-tuning, seed 1',
    measure: 'validation error',
    unit: '%',
    note: 'The same stack; the last 10,000 training images.',
  });
}

async function trialOf(lab: Lab, { what, epochs, noise }: Settings): Promise<Trial> {
  const set = await digits(lab);
  const models = await denoisingStack(lab, set.train, 1);
  const tuned = await fineTune(lab, 'denoising stack seed 1 fine-tuned', { models }, set, { seed: 1, epochs, noise });
  return { what, validation: await lab.error(tuned, set.validation), seconds: tuned.seconds };
}
