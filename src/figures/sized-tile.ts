import type { TileShape } from './tile-grid.ts';

/** How a tile is drawn: each of its pixels `scale` times, or the mean of `shrink`² of them once. */
export interface TileSize {
  readonly scale: number;
  readonly shrink: number;
  /** In picture pixels. */
  readonly height: number;
  readonly width: number;
}

/** The size of a tile that is about `pixels` high and wide: not below what its own pixels need, but where it is far larger. */
export function sizeFor({ height, width }: Pick<TileShape, 'height' | 'width'>, pixels: number): TileSize {
  const side = Math.max(height, width);
  const scale = Math.max(1, Math.floor(pixels / side));
  const shrink = Math.max(1, Math.ceil(side / (1.25 * pixels)));
  const drawn = (n: number) => (shrink > 1 ? Math.ceil(n / shrink) : n * scale);
  return { scale: shrink > 1 ? 1 : scale, shrink, height: drawn(height), width: drawn(width) };
}

/** The means of squares of `shrink`² pixels; the last ones of a row or a column are of fewer. */
export function shrunk(tile: Uint8Array, shape: TileShape, { shrink, height, width }: TileSize): Uint8Array {
  if (shrink === 1) return tile;
  const { channels } = shape;
  const out = new Uint8Array(height * width * channels);
  for (let i = 0; i < out.length; i++) {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    let [sum, count] = [0, 0];
    for (let v = y * shrink; v < Math.min(shape.height, (y + 1) * shrink); v++) {
      for (let u = x * shrink; u < Math.min(shape.width, (x + 1) * shrink); u++) {
        sum += tile[(v * shape.width + u) * channels + c];
        count++;
      }
    }
    out[i] = Math.round(sum / count);
  }
  return out;
}
