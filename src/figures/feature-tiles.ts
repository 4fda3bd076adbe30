import type { Matrix } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import type { Picture } from './picture.ts';
import { drawTiles, type TileShape } from './tile-grid.ts';

/**
 * What each hidden unit looks for. Row i of `weights` (h, d) is drawn as the input that maximally activates unit i
 * under ‖x‖ ≤ 1:
 *
 *   x_j = W_ij / √(Σ_j W_ij²)
 *
 * stretched per tile and symmetrically about 0, so that −max |x| is black, 0 mid grey and max |x| white; a row of
 * zeros is mid grey. Throws an InputError if shape and weights do not fit, or a weight is not finite.
 * [Ng, "Sparse autoencoder", CS294A lecture notes, §4]
 */
export function featureTiles(weights: Matrix, shape: TileShape): Picture {
  assertView(weights, 'weights');
  return drawTiles(weights, shape, shadeFeature);
}

/** The norm of the row is not computed: the stretch x_j / max |x| = W_ij / max |W_i| divides it out again. */
export function shadeFeature(row: Float64Array, bytes: Uint8Array): void {
  let largest = 0;
  for (const w of row) largest = Math.max(largest, Math.abs(w));
  for (let j = 0; j < row.length; j++) {
    const x = largest > 0 ? row[j] / largest : 0;
    bytes[j] = Math.round(127.5 * (x + 1));
  }
}
