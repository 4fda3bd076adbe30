import { type Matrix, matrix, rowRange, toFlat, zeros } from '../../src/array/matrix.ts';
import { corrupt } from '../../src/corruption/corrupt.ts';
import type { Picture } from '../../src/figures/picture.ts';
import { reconstructionPairs } from '../../src/figures/reconstruction-pairs.ts';
import type { Sample, Trained } from './lab.ts';
import { DIGIT } from './sets.ts';

/** Examples with masking noise, and what a model makes of them. */
export interface Denoised {
  readonly clean: Matrix;
  readonly corrupted: Matrix;
  readonly made: Matrix;
  /** Σⱼ (xⱼ − x̂ⱼ)², the mean over the examples. */
  readonly squaredError: number;
}

/** Masks exactly ν·d pixels of each example, the same for every model, and reconstructs it. */
export async function denoise({ model }: Trained, { x }: Sample, fraction: number): Promise<Denoised> {
  const [m, d] = x.shape;
  const clean = toFlat(x, zeros(m * d, 'float32'));
  const out = clean.slice();
  const rows = Uint32Array.from({ length: m }, (_, i) => i);
  corrupt({ kind: 'masking', fraction }, out, null, clean, rows, d, { seed: 1, epoch: 0 });
  const corrupted = matrix(out, m, d);
  const made = await model.reconstruct(corrupted);
  let sum = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < d; j++) sum += (clean[i * d + j] - made.get(i, j)) ** 2;
  }
  return { clean: matrix(clean, m, d), corrupted, made, squaredError: sum / m };
}

/** The first 36 examples: clean, corrupted, reconstructed. */
export function denoisedPicture({ clean, corrupted, made }: Denoised): Picture {
  const shown = (all: Matrix): Matrix => rowRange(all, 0, Math.min(36, all.shape[0]));
  return reconstructionPairs(shown(clean), shown(corrupted), shown(made), { ...DIGIT, columns: 6 });
}
