import { type Matrix, matrix, rowRange, toFlat } from '../array/matrix.ts';
import { corrupt } from '../corruption/corruption.ts';
import type { ImageShape } from '../data/examples.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { encodePng } from '../figures/picture.ts';
import { reconstructionPairs } from '../figures/reconstruction-pairs.ts';
import type { Autoencoder } from '../model/autoencoder.ts';

const SHOWN = 36;

/**
 * The first examples beside what the model makes of them: input and reconstruction; in denoising input, x̃ as the first
 * epoch drew it, and the reconstruction of x̃. Null where inputs are no pixels: no images, or whitened ones.
 */
export async function reconstructionsPng(
  model: Autoencoder,
  x: Matrix,
  steps: readonly Preprocessing[],
  image: ImageShape | undefined,
): Promise<Uint8Array | null> {
  const d = model.config.inputs;
  const pixels = image !== undefined && image.height * image.width * image.channels === d;
  if (!pixels || (image.channels !== 1 && image.channels !== 3)) return null;
  if (steps.some(({ kind }) => kind !== 'cs294a')) return null;
  const shown = rowRange(x, 0, Math.min(SHOWN, x.shape[0]));
  const { corruption, seed } = model.config;
  let corrupted: Matrix | null = null;
  if (corruption !== null) {
    const clean = toFlat(shown);
    const out = clean.slice();
    const rows = Uint32Array.from({ length: shown.shape[0] }, (_, i) => i);
    corrupt(corruption, out, null, clean, rows, d, { seed, epoch: 0 });
    corrupted = matrix(out, rows.length, d);
  }
  const made = await model.reconstruct(corrupted ?? shown);
  return encodePng(reconstructionPairs(shown, corrupted, made, { ...image, columns: 6 }));
}
