import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { AutoencoderConfig, FitOptions } from '../../src/index.ts';

/** A dictionary of activations, and the steps that are timed. */
export interface Setting {
  readonly name: string;
  readonly inputs: number;
  readonly hidden: number;
  readonly k: number;
  readonly batch: number;
  /** Of the data; ours times a pass over all of them. */
  readonly batches: number;
  /** k-sparse: linear units, D = W; otherwise TopK with ReLU, and a decoder of its own. */
  readonly tied: boolean;
  /** x − c is encoded, and rows of D have norm 1. */
  readonly held: boolean;
  /** Of AuxK, active from the first step: units that do not fire in a batch are dead. 0: none. */
  readonly auxiliaryK: number;
}

const base = { inputs: 768, hidden: 16_384, k: 32, batch: 1024, batches: 8, tied: false, held: true, auxiliaryK: 0 };

export const SETTINGS: readonly Setting[] = [
  { ...base, name: 'TopK', held: false },
  { ...base, name: 'TopK, centred, unit norm' },
  { ...base, name: 'TopK, centred, unit norm', batch: 4096, batches: 3 },
  { ...base, name: 'TopK, centred, unit norm, AuxK of 384 active', auxiliaryK: 384 },
];
const small = { ...base, inputs: 12, hidden: 40, k: 3, batch: 16, batches: 2 };
export const SMOKE_SETTINGS: readonly Setting[] = [
  { ...small, name: 'TopK', held: false },
  { ...small, name: 'TopK, centred, unit norm, AuxK of 4 active', auxiliaryK: 4 },
];

export function configOf({ inputs, hidden, k, tied, held, auxiliaryK }: Setting): AutoencoderConfig {
  if (tied) return { inputs, hidden, seed: 1, sparsity: { kind: 'k-sparse', k, annealOver: 0 } };
  const auxiliary = auxiliaryK > 0 ? ({ kind: 'aux-k', k: auxiliaryK, deadAfter: 1 } as const) : null;
  return { inputs, hidden, seed: 1, sparsity: { kind: 'top-k', k }, center: held, unitNorm: held, auxiliary };
}

/** Adam for some epochs. */
export function fitOptions({ batch }: Setting, epochs: number): FitOptions {
  return { epochs, batchSize: batch, seed: 1, optimizer: { kind: 'adam', learningRate: 1e-3 } };
}

/** Noise of mean ½ and deviation 1, so that every example chooses other units and c is not 0. */
export function dataOf({ inputs, batch, batches }: Setting): Matrix<Float32Array> {
  const numbers = new Float32Array(batch * batches * inputs);
  fillUniform(numbers, { seed: 1, stream: stream.testing, counter: 0 }, 0.5 - Math.sqrt(3), 0.5 + Math.sqrt(3));
  return matrix(numbers, batch * batches, inputs);
}
