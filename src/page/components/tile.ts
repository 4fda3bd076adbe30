import type { Palette } from './colours.ts';

/** How the numbers of a tile are laid out. */
export interface TileShape {
  readonly height: number;
  readonly width: number;
  readonly palette: Palette;
}

/** Draws shades (height·width) on a canvas of as many pixels; its style makes it larger. */
export function drawTile(canvas: HTMLCanvasElement, shades: Uint8Array, { height, width, palette }: TileShape): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    const from = 3 * shades[i];
    image.data[4 * i] = palette[from];
    image.data[4 * i + 1] = palette[from + 1];
    image.data[4 * i + 2] = palette[from + 2];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** As square as n tiles of that shape can lie: columns. */
export function columnsFor(n: number, { height, width }: Pick<TileShape, 'height' | 'width'>): number {
  return Math.max(1, Math.min(n, Math.round(Math.sqrt((n * height) / width))));
}
