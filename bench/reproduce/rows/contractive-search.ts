import type { Lab } from '../lab.ts';
import type { Table } from '../row.ts';
import { ablationTable, type Trial, tryAll } from '../search.ts';
import { digits } from '../sets.ts';
import {
  DECAY,
  KAPPA,
  PRETRAINING_EPOCHS,
  TUNING,
  type Tuning,
  trainEncoder,
  tuneEncoder,
} from './contractive-tuning.ts';

/** How a trial differs from κ = 1, 10 epochs of pretraining, and what the row was fine-tuned by before noise. */
interface Settings extends Partial<Tuning> {
  readonly what: string;
  readonly kappa?: number;
  readonly pretraining?: number;
  /** Another autoencoder than the contractive one. */
  readonly of?: 'weight decay' | 'plain';
}

const BEFORE: Tuning = { epochs: 8, batch: 20, rate: 0.1, decays: [1e-4, 1e-5] };
/** Larger steps on digits with noise. */
const NOISY = { batch: 100, rate: 1, deviation: 0.3, epochs: 30 } as const;
const CHOSEN = { ...TUNING, kappa: KAPPA, pretraining: PRETRAINING_EPOCHS } as const;

/** The row's, and one thing at a time as it was before. */
const ABLATION: readonly Settings[] = [
  { what: 'as in the row', ...CHOSEN },
  { what: 'clean digits', ...CHOSEN, deviation: 0 },
  { what: 'λ of 1e-4 on the softmax and 1e-5 on hidden weights', ...CHOSEN, decays: [1e-4, 1e-5] },
  { what: 'κ = 1, 10 epochs of pretraining', ...TUNING },
];

const SETTINGS: readonly Settings[] = [
  { what: 'no noise, 8 epochs of fine-tuning', epochs: 8 },
  { what: 'no noise, 20 epochs', epochs: 20 },
  { what: 'no noise, 30 epochs', epochs: 30 },
  { what: 'no noise, 60 epochs', epochs: 60 },
  { what: '10% of the pixels masked, 30 epochs', masked: 0.1, epochs: 30 },
  { what: '20% of the pixels masked, 8 epochs', masked: 0.2, epochs: 8 },
  { what: '20% of the pixels masked, 16 epochs', masked: 0.2, epochs: 16 },
  { what: '20% of the pixels masked, 40 epochs', masked: 0.2, epochs: 40 },
  { what: 'noise of σ = 0.3 on the pixels, 30 epochs', deviation: 0.3, epochs: 30 },
  { what: 'κ = 4, 50 epochs of pretraining, 10 epochs', kappa: 4, pretraining: 50, epochs: 10 },
  { what: '30% of the units dropped, 20 epochs', dropout: 0.3, epochs: 20 },
  { what: '50% of the units dropped, 30 epochs', dropout: 0.5, epochs: 30 },
  { what: '50% of the units dropped, 10% of the pixels masked, 30 epochs', dropout: 0.5, masked: 0.1, epochs: 30 },
  { what: 'noise of σ = 0.3, batches of 100, η = 0.3, 30 epochs', ...NOISY, rate: 0.3 },
  { what: 'noise of σ = 0.3, batches of 100, η = 1, 30 epochs', ...NOISY },
  { what: 'noise of σ = 0.3, batches of 100, η = 2, 30 epochs', ...NOISY, rate: 2 },
  { what: 'noise of σ = 0.3, batches of 100, Adam with 1e-3, 30 epochs', ...NOISY, by: 'adam', rate: 1e-3 },
  { what: 'noise of σ = 0.4, batches of 100, η = 1, 60 epochs', ...NOISY, deviation: 0.4, epochs: 60 },
  { what: 'κ = 1, 10 epochs of pretraining, fine-tuned as in the row', ...TUNING },
  { what: 'κ = 1, 10 epochs of pretraining, as in the row but σ = 0.2', ...TUNING, deviation: 0.2 },
  { what: 'κ = 1, 10 epochs of pretraining, as in the row but σ = 0.45', ...TUNING, deviation: 0.45 },
  {
    what: 'κ = 1, 10 epochs of pretraining, as in the row but 100 epochs, λ of hidden weights 1e-6',
    ...TUNING,
    decays: [1e-5, 1e-6],
    epochs: 100,
  },
  { what: 'κ = 0.3, 10 epochs of pretraining, fine-tuned as in the row', ...TUNING, kappa: 0.3 },
  { what: 'κ = 3, 10 epochs of pretraining, fine-tuned as in the row', ...TUNING, kappa: 3 },
  { what: 'as in the row: κ = 2, 20 epochs of pretraining', ...CHOSEN },
  ...(['weight decay', 'plain'] as const).flatMap((of) =>
    [1, 0.1].map((rate) => ({
      what: `${of} autoencoder, 20 epochs of pretraining, as in the row but η = ${rate}`,
      ...CHOSEN,
      of,
      rate,
    })),
  ),
];

/** The contractive autoencoder of seed 1, fine-tuned in each way. */
export const searchContractive = (lab: Lab): Promise<Trial[]> => tryAll(SETTINGS, (one) => trialOf(lab, one));

/** What of pretraining and fine-tuning it was. */
export async function compareTuning(lab: Lab): Promise<Table> {
  return ablationTable(await tryAll(ABLATION, (one) => trialOf(lab, one)), {
    of: 'contractive, seed 1',
    measure: 'validation error',
    unit: '%',
    note: 'Each line differs from the first in what it says; the last 10,000 training images.',
  });
}

async function trialOf(lab: Lab, { what, kappa = 1, pretraining = 10, of, ...tuning }: Settings): Promise<Trial> {
  const set = await digits(lab);
  const term = of === 'plain' ? {} : of === 'weight decay' ? { weightDecay: DECAY } : { contraction: kappa };
  const name = `contractive row, ${of ?? 'contractive'}, seed 1`;
  const model = await trainEncoder(lab, name, set, { term, epochs: pretraining, seed: 1 });
  const tuned = await tuneEncoder(lab, 'contractive search', { model, seed: 1 }, set, { ...BEFORE, ...tuning });
  return { what, validation: await lab.error(tuned, set.validation), seconds: model.seconds + tuned.seconds };
}
