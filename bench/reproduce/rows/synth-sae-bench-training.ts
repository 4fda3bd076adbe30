import type { SynthSaeBenchOptions } from '../../../src/data/generated/synth-sae-bench/options.ts';
import { InputError } from '../../../src/errors.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { Recovery } from '../../../src/measures/recovery.ts';
import type { Lab, Trained, TrainPlan } from '../lab.ts';
import type { BenchData } from './synth-sae-bench-data.ts';
import type { Contestant, Scale } from './synth-sae-bench-models.ts';

/** Of the whole benchmark, as published: RHOHAT_SYNTH_SAMPLES=200000000. */
const SAMPLES = Number(process.env.RHOHAT_SYNTH_SAMPLES ?? 0);

/** Data, and how dictionaries of them are trained. */
export interface Instance {
  readonly name: string;
  readonly data: SynthSaeBenchOptions;
  readonly hidden: number;
  readonly samples: number;
  readonly batch: number;
  readonly evaluated: number;
  readonly seeds: readonly number[];
  readonly scale: Scale;
}

export const SMALL: Instance = {
  name: 'small',
  data: { features: 2048, width: 192, roots: 16 },
  ...{ hidden: 512, samples: 409_600, batch: 256, evaluated: 8192, seeds: [1, 2, 3] },
  scale: {
    k: 8,
    prefixes: [16, 64, 256, 512],
    l1: 1.6,
    jump: 150,
    deadAfter: 4096,
    alpha: 20,
    learningRate: 4e-3,
    decay: 1 / 3,
  },
};
export const FULL: Instance = {
  name: '16k',
  data: {},
  ...{
    hidden: 4096,
    samples: SAMPLES > 0 ? SAMPLES : 1_843_200,
    batch: SAMPLES > 0 ? 1024 : 256,
    evaluated: 16_384,
    seeds: [1, 2, 3],
  },
  scale: {
    ...{ k: 25, annealFrom: 100, prefixes: [128, 512, 2048, 4096], l1: 1.2, jump: 300, deadAfter: 8192, alpha: 40 },
    learningRate: SAMPLES > 0 ? 3e-4 : 3e-3,
    decay: 1,
  },
};
export const QUICK: Instance = {
  name: 'quick',
  data: { features: 256, width: 32, roots: 8, branching: 2, depth: 2, rank: 4, rarest: 5e-3, orthogonalSteps: 20 },
  ...{ hidden: 64, samples: 16 * 256, batch: 256, evaluated: 512, seeds: [1] },
  scale: { k: 5, prefixes: [8, 32, 64], l1: 2, jump: 60, deadAfter: 1024, alpha: 2, learningRate: 4e-3, decay: 1 / 3 },
};

const fitOf = ({ learningRate: value, decay }: Scale, samples: number, batchSize: number): TrainPlan => {
  const steps = Math.floor(samples / batchSize);
  const warmup = Math.ceil(steps / 20);
  return {
    optimizer: {
      kind: 'adam',
      learningRate:
        decay === 1
          ? { kind: 'linear', from: value, to: 0, warmup }
          : { kind: 'trapezoid', value, warmup, decay: Math.ceil(steps * decay) },
    },
    epochs: 1,
    batchSize,
    penaltyWarmup: Math.ceil(steps / 3),
  };
};

/** What is kept of `measure`. */
export interface Measured {
  readonly L0: number;
  readonly EV: number;
  readonly MCC: number;
  readonly F1: number;
  readonly uniqueness: number;
  readonly dead: number;
}

/** @throws InputError for a number of samples that is none, before hours are spent on others. */
export function assertSamples(): void {
  if (SAMPLES === 0 || (Number.isInteger(SAMPLES) && SAMPLES >= FULL.batch && SAMPLES < 2 ** 32)) return;
  throw new InputError(
    `RHOHAT_SYNTH_SAMPLES is ${process.env.RHOHAT_SYNTH_SAMPLES}: it must be a whole number of rows, such as 200000000`,
  );
}

/** A dictionary of one seed, trained or recalled. */
export function trainOne(
  lab: Lab,
  data: BenchData,
  { label, model }: Contestant,
  { name, hidden, samples, batch, scale }: Omit<Instance, 'data' | 'seeds' | 'evaluated'>,
  seed: number,
): Promise<Trained> {
  return lab.train(`synth ${name} ${label} seed ${seed}`, {
    model: { hidden, seed, ...model },
    data: data.train,
    fit: fitOf(scale, samples, batch),
  });
}

/** What it found, on the rows to measure on; `what` names the step. */
export function measureOne(lab: Lab, what: string, { id, model }: Trained, data: BenchData): Promise<Measured> {
  return lab.step(`measured ${what}`, { model: id, data: data.evaluation }, async () => {
    const { x, features } = await data.evaluate();
    const { l0, explainedVariance, neverFire, recovery } = await measure(model, x, { features });
    const { mcc, f1, uniqueness } = recovery as Recovery;
    return { L0: l0, EV: explainedVariance, MCC: mcc, F1: f1 as number, uniqueness, dead: neverFire.length };
  });
}
