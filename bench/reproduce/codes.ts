import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Lab, LabelledSample, Plan, Trained, Tuned } from './lab.ts';
import type { Digits } from './sets.ts';

const ITERATIONS = 100;
/** Of Adam. */
export const SOFTMAX_EPOCHS = 30;

/** One way to fit a softmax to codes, and its weight decay λ. */
export interface SoftmaxFit {
  readonly by: 'L-BFGS' | 'Adam';
  readonly decay: number;
}

/** By L-BFGS, with each weight decay. */
export const byLbfgs = (decays: readonly number[]): SoftmaxFit[] =>
  decays.map((decay) => ({ by: 'L-BFGS' as const, decay }));

const DECAYS = byLbfgs([1e-5, 1e-4, 1e-3]);

/** By both, of which a row takes the one of the least validation error. */
export const BOTH: readonly SoftmaxFit[] = [...byLbfgs([1e-6, 1e-5, 1e-4]), { by: 'Adam', decay: 0 }];

/** A softmax on frozen codes, and the percentage of validation images that it gets wrong. */
export interface Probe extends SoftmaxFit {
  readonly softmax: Tuned;
  readonly validationError: number;
}

/** The one that gets the fewest validation images wrong, of all that were tried. */
export interface BestProbe extends Probe {
  readonly tried: readonly Probe[];
  /** Of all. */
  readonly seconds: number;
}

function planOf(lab: Lab, by: SoftmaxFit['by']): Plan {
  if (by === 'L-BFGS') return { optimizer: { kind: 'lbfgs', iterations: lab.size(ITERATIONS, 5) } };
  const learningRate = { kind: 'linear', from: 1e-3, to: 1e-5 } as const;
  return { optimizer: { kind: 'adam', learningRate }, epochs: lab.size(SOFTMAX_EPOCHS, 1), batchSize: 100 };
}

/** Softmax regression on codes (m, h), fitted in each way; `codes` null is raw pixels. */
export async function probe(
  lab: Lab,
  name: string,
  codes: Trained | null,
  { train, validation }: Digits,
  fits: readonly SoftmaxFit[] = DECAYS,
): Promise<BestProbe> {
  const [learn, choose] = [await coded(lab, codes, train), await coded(lab, codes, validation)];
  const tried: Probe[] = [];
  for (const one of fits) {
    const softmax = await fitted(lab, name, learn, one);
    tried.push({ ...one, softmax, validationError: await lab.error(softmax, choose) });
  }
  const best = bestOf(tried);
  return { ...best, tried, seconds: tried.reduce((sum, { softmax }) => sum + softmax.seconds, 0) };
}

/** A softmax on codes of other images, fitted in the way of one that was chosen. */
export async function refit(
  lab: Lab,
  name: string,
  codes: Trained,
  images: LabelledSample,
  { by, decay }: SoftmaxFit,
): Promise<Pick<Probe, 'softmax'>> {
  return { softmax: await fitted(lab, name, await coded(lab, codes, images), { by, decay }) };
}

function fitted(lab: Lab, name: string, learn: LabelledSample, { by, decay }: SoftmaxFit): Promise<Tuned> {
  return lab.tune(`${name} softmax ${by === 'Adam' ? 'by Adam ' : ''}λ=${decay}`, {
    start: { hidden: [], inputs: learn.x.shape[1] },
    data: learn,
    weightDecay: decay,
    seed: 1,
    fit: planOf(lab, by),
  });
}

async function coded(lab: Lab, codes: Trained | null, sample: LabelledSample): Promise<LabelledSample> {
  return codes ? { ...(await lab.codes(codes, sample)), labels: sample.labels } : sample;
}

/** The first of the least validation error. */
export function bestOf(probes: readonly Probe[]): Probe {
  if (probes.length === 0) throw new Error('no softmax was tried');
  return probes.reduce((best, one) => (one.validationError < best.validationError ? one : best));
}

/** The least validation error of those by one optimizer, as it is shown. */
export function leastOf({ tried }: Pick<BestProbe, 'tried'>, by: SoftmaxFit['by']): string {
  return bestOf(tried.filter((one) => one.by === by)).validationError.toFixed(2);
}

/** The percentage of images that a softmax gets wrong. */
export async function probeError(
  lab: Lab,
  codes: Trained | null,
  { softmax }: Pick<Probe, 'softmax'>,
  test: LabelledSample,
): Promise<number> {
  return lab.error(softmax, await coded(lab, codes, test));
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
