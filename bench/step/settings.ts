import { type Matrix, matrix, type Precision } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { AutoencoderConfig, FitOptions } from '../../src/index.ts';

/** What is minimised and how; a message to Python as it stands. */
export interface Objective {
  readonly kind: 'kl' | 'k-sparse';
  /** ρ and β of KL. */
  readonly target: number;
  readonly weight: number;
  readonly k: number;
  readonly weightDecay: number;
  readonly learningRate: number;
  readonly momentum: number;
}

export interface Setting {
  readonly name: string;
  readonly objective: Objective;
  readonly inputs: number;
  readonly hidden: number;
  readonly batch: number;
  /** Batches in the data; ours times a pass over all of them. */
  readonly batches: number;
}

/** Sigmoid units, squared error, KL sparsity and weight decay, separate decoder. */
export const kl: Objective = {
  ...{ kind: 'kl', target: 0.1, weight: 3, k: 0 },
  ...{ weightDecay: 1e-4, learningRate: 1e-3, momentum: 0.9 },
};

/** Tied linear units, the k largest of each example. */
export function kSparse(k: number): Objective {
  return {
    ...{ kind: 'k-sparse', target: 0, weight: 0, k },
    ...{ weightDecay: 0, learningRate: 0.002, momentum: 0.9 },
  };
}

export const SETTINGS: readonly Setting[] = [
  { name: 'KL', objective: kl, inputs: 784, hidden: 1000, batch: 100, batches: 40 },
  { name: 'KL', objective: kl, inputs: 784, hidden: 196, batch: 256, batches: 30 },
  { name: 'KL', objective: kl, inputs: 784, hidden: 1000, batch: 1024, batches: 5 },
  { name: 'k-sparse, k = 40', objective: kSparse(40), inputs: 784, hidden: 1000, batch: 100, batches: 40 },
];
export const SMOKE_SETTINGS: readonly Setting[] = [
  { name: 'KL', objective: kl, inputs: 12, hidden: 7, batch: 8, batches: 3 },
  { name: 'k-sparse, k = 3', objective: kSparse(3), inputs: 12, hidden: 10, batch: 8, batches: 3 },
];

export function configOf({ objective, inputs, hidden }: Setting, precision: Precision): AutoencoderConfig {
  const { kind, target, weight, k, weightDecay } = objective;
  if (kind === 'kl') return { inputs, hidden, precision, weightDecay, sparsity: { kind, target, weight } };
  return { inputs, hidden, precision, weightDecay, sparsity: { kind, k, annealOver: 0 } };
}

/** Momentum SGD for some epochs. */
export function fitOptions({ objective, batch }: Setting, epochs: number): FitOptions {
  const { learningRate, momentum } = objective;
  return { optimizer: { kind: 'sgd', learningRate, momentum }, batchSize: batch, epochs };
}

/**
 * All batches, one under the other: noise, of mean 0 with k-sparse, so that examples choose different units; else all of
 * them would soon share the same k, whose weights then stay in the cache.
 */
export function dataOf({ objective, inputs, batch, batches }: Setting): Matrix<Float32Array> {
  const m = batch * batches;
  const [low, high] = objective.kind === 'kl' ? [0.1, 0.9] : [-1, 1];
  const values = fillUniform(new Float32Array(m * inputs), { seed: 1, stream: stream.testing }, low, high);
  return matrix(values, m, inputs);
}
