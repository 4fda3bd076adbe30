import type { Lab } from '../lab.ts';
import { type Trial, tryAll } from '../search.ts';
import { type BenchData, benchData, VALIDATION } from './synth-sae-bench-data.ts';
import { type Contestant, contestants, type Scale } from './synth-sae-bench-models.ts';
import { assertSamples, FULL, type Instance, measureOne, QUICK, trainOne } from './synth-sae-bench-training.ts';

/** A kind, and how its training differs from the row's. */
interface Settings {
  readonly label: 'L1' | 'BatchTopK' | 'Matryoshka' | 'JumpReLU';
  readonly how: string;
  readonly scale?: Partial<Scale>;
}

/** k from the first step on. */
const THROUGHOUT: Partial<Scale> = { annealFrom: undefined };
const EARLIER: Partial<Scale> = { ...THROUGHOUT, learningRate: 2e-3, decay: 1 / 3 };

const SETTINGS: readonly Settings[] = [
  { label: 'Matryoshka', how: 'as in the row' },
  { label: 'Matryoshka', how: 'k throughout', scale: THROUGHOUT },
  { label: 'Matryoshka', how: 'k falls from 60', scale: { annealFrom: 60 } },
  { label: 'Matryoshka', how: 'η = 2e-3', scale: { learningRate: 2e-3 } },
  { label: 'Matryoshka', how: 'η falls over the last third alone', scale: { decay: 1 / 3 } },
  { label: 'Matryoshka', how: 'k throughout, η = 2e-3 that falls over the last third alone', scale: EARLIER },
  { label: 'BatchTopK', how: 'as in the row' },
  { label: 'BatchTopK', how: 'k throughout', scale: THROUGHOUT },
  { label: 'BatchTopK', how: 'η = 2e-3', scale: { learningRate: 2e-3 } },
  { label: 'BatchTopK', how: 'k throughout, η = 2e-3 that falls over the last third alone', scale: EARLIER },
  { label: 'JumpReLU', how: 'as in the row' },
  { label: 'JumpReLU', how: 'η = 2e-3', scale: { learningRate: 2e-3 } },
  { label: 'JumpReLU', how: 'η = 2e-3 that falls over the last third alone', scale: EARLIER },
  { label: 'L1', how: 'as in the row' },
  { label: 'L1', how: 'γ = 1.5, η = 2e-3 that falls over the last third alone', scale: { ...EARLIER, l1: 1.5 } },
];

/** Of seed 1, each on rows that nothing else is measured on. @throws InputError for a number of samples that is none. */
export async function searchSynthSaeBench(lab: Lab): Promise<Trial[]> {
  assertSamples();
  const instance = lab.size(FULL, QUICK);
  const data = benchData(instance.data, instance.samples, instance.evaluated, VALIDATION);
  return tryAll(SETTINGS, (one) => trialOf(lab, instance, data, one));
}

async function trialOf(lab: Lab, instance: Instance, data: BenchData, { label, how, scale }: Settings): Promise<Trial> {
  const changed = { ...instance.scale, ...scale };
  const contestant = contestants(changed).find((one) => one.label === label) as Contestant;
  const trained = await trainOne(lab, data, contestant, { ...instance, scale: changed }, 1);
  const { L0, EV, MCC, F1, dead } = await measureOne(lab, `search synth ${instance.name} ${label}`, trained, data);
  trained.model.dispose();
  return {
    what: `${label}, ${how}`,
    validation: 1 - MCC,
    beside: `F1 ${F1.toFixed(3)}, EV ${EV.toFixed(3)}, L0 ${L0.toFixed(1)}, ${dead} dead`,
    seconds: trained.seconds,
  };
}
