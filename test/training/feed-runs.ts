import { type AnyNumbers, matrix, type View } from '../../src/array/matrix.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { randomView } from '../support/views.ts';

// What is trained in blocks and in memory, to be compared.

export const [M, D, BLOCK] = [53, 6, 8];
export const x = randomView(M, D, 'rows', 'float64', 1, 0.1, 0.9);
export const base: AutoencoderConfig = { inputs: D, hidden: 5, seed: 4 };
export const models: Record<string, AutoencoderConfig> = {
  kl: { ...base, sparsity: { kind: 'kl', target: 0.1, weight: 0.1 } },
  'k-sparse': { ...base, sparsity: { kind: 'k-sparse', k: 2, annealFrom: 4, annealOver: 0.5 } },
  denoising: { ...base, corruption: { kind: 'masking', fraction: 0.5 }, emphasis: { corrupted: 1, untouched: 0.5 } },
  float64: { ...base, precision: 'float64' },
};
export const optimizers: FitOptions['optimizer'][] = [
  { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
  { kind: 'adam', learningRate: 0.01 },
];
export const types: Record<string, View<AnyNumbers>> = {
  float64: x,
  float32: matrix(Float32Array.from(x.data), M, D),
  bytes: Object.assign(
    matrix(
      Uint8Array.from(x.data, (value) => 255 * value),
      M,
      D,
    ),
    { unit: 255 },
  ),
  int16: Object.assign(
    matrix(
      Int16Array.from(x.data, (value) => 100 * value),
      M,
      D,
    ),
    { unit: 100 },
  ),
};
