import { type AnyNumbers, type Matrix, matrix, rowRange, toFlat, type View, zeros } from '../../array/matrix.ts';
import { corrupt } from '../../corruption/corrupt.ts';
import type { ImageShape } from '../../data/examples.ts';
import type { Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { encodePng } from '../../figures/picture.ts';
import { reconstructionSheet } from '../../figures/reconstruction-sheet.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';

const SHOWN = 30;

/**
 * The first examples beside what the model makes of them: input and reconstruction; in denoising input, x̃ as the first
 * epoch drew it, and the reconstruction of x̃. Null where inputs are no pixels: no images, or whitened ones.
 */
export async function reconstructionsPng(
  model: Autoencoder,
  x: View<AnyNumbers>,
  steps: readonly Preprocessing[],
  image: ImageShape | undefined,
): Promise<Uint8Array | null> {
  const d = model.config.inputs;
  const pixels = image !== undefined && image.height * image.width * image.channels === d;
  if (!pixels || (image.channels !== 1 && image.channels !== 3)) return null;
  if (steps.some(({ kind }) => kind !== 'cs294a')) return null;
  const n = Math.min(SHOWN, x.shape[0]);
  const shown = matrix(toFlat(rowRange(x, 0, n), zeros(n * d, model.config.precision)), n, d);
  const { corruption, seed } = model.config;
  let corrupted: Matrix | null = null;
  if (corruption !== null) {
    const clean = toFlat(shown);
    const out = clean.slice();
    const rows = Uint32Array.from({ length: n }, (_, i) => i);
    corrupt(corruption, out, null, clean, rows, d, { seed, epoch: 0 });
    corrupted = matrix(out, n, d);
  }
  const made = await model.reconstruct(corrupted ?? shown);
  return encodePng(reconstructionSheet(shown, corrupted, made, image));
}
