import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Lab, LabelledSample, Plan, Sample, Trained, Tuned } from './lab.ts';
import type { Digits } from './sets.ts';

/** The weight decays that a softmax on codes is tried with. */
const DECAYS: readonly number[] = [1e-5, 1e-4, 1e-3];
const ITERATIONS = 100;

/** A softmax on frozen codes, and the percentage of validation images that it gets wrong. */
export interface Probe {
  readonly softmax: Tuned;
  readonly decay: number;
  readonly validationError: number;
  /** Of all that were tried. */
  readonly seconds: number;
}

/**
 * Softmax regression on codes (m, h) with the weight decay that gets the fewest validation images wrong; `codes` null is
 * raw pixels.
 */
export async function probe(
  lab: Lab,
  name: string,
  codes: Trained | null,
  { train, validation }: Digits,
  decays = DECAYS,
): Promise<Probe> {
  const coded = async (sample: LabelledSample): Promise<LabelledSample> =>
    codes ? { ...(await lab.codes(codes, sample)), labels: sample.labels } : sample;
  const [learn, choose] = [await coded(train), await coded(validation)];
  const fit: Plan = { optimizer: { kind: 'lbfgs', iterations: lab.size(ITERATIONS, 5) } };
  let best: Omit<Probe, 'seconds'> | null = null;
  let seconds = 0;
  for (const decay of decays) {
    const start = { hidden: [], inputs: learn.x.shape[1] };
    const softmax = await lab.tune(`${name} softmax λ=${decay}`, {
      start,
      data: learn,
      weightDecay: decay,
      seed: 1,
      fit,
    });
    seconds += softmax.seconds;
    const found = { softmax, decay, validationError: await lab.error(softmax, choose) };
    if (best === null || found.validationError < best.validationError) best = found;
  }
  if (best === null) throw new Error('no weight decay was tried');
  return { ...best, seconds };
}

/** The percentage of test images that the softmax of a probe gets wrong. */
export async function probeError(
  lab: Lab,
  codes: Trained | null,
  { softmax }: Probe,
  test: LabelledSample,
): Promise<number> {
  const coded: Sample = codes ? await lab.codes(codes, test) : test;
  return lab.error(softmax, { ...coded, labels: test.labels });
}

/** The same k-sparse weights with αk survivors in encoding. */
export async function withAlpha(trained: Trained, alpha: number): Promise<Trained> {
  const { config, engine } = trained.model;
  const parameters = await trained.model.parameters();
  const { sparsity } = config;
  if (sparsity === null || Array.isArray(sparsity) || !('kind' in sparsity) || sparsity.kind !== 'k-sparse') {
    throw new Error('only k-sparse models have an α');
  }
  const model = await Autoencoder.create({ ...config, sparsity: { ...sparsity, alpha } }, engine.options);
  model.setParameters(parameters);
  return { ...trained, id: `${trained.id} α=${alpha}`, model };
}
