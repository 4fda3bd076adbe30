import type { Palette } from './colours.ts';

/** How the numbers of a tile are laid out. */
export interface TileShape {
  readonly height: number;
  readonly width: number;
  /** Of shades that have no colours of their own. */
  readonly palette: Palette;
  /** 3 where a pixel is red, green and blue; default 1. */
  readonly channels?: number;
}

/** Shades of one tile. */
export function lengthOf({ height, width, channels = 1 }: TileShape): number {
  return height * width * channels;
}

/** Where tiles lie on a canvas of one pixel a number. */
export interface Sheet {
  readonly columns: number;
  /** Clear pixels between tiles. */
  readonly gap: number;
  /** In [0, 1]; default 1. */
  opacity?(tile: number): number;
  /** Grey throughout, whatever its shades. */
  flat?(tile: number): boolean;
}

const FLAT = 128;

/** Draws n tiles, whose shades lie one after the other, row by row on one canvas; its style makes it larger. */
export function drawTiles(canvas: HTMLCanvasElement, shades: Uint8Array, shape: TileShape, sheet: Sheet): void {
  const { height, width, palette, channels = 1 } = shape;
  const { columns, gap, opacity, flat } = sheet;
  const n = shades.length / lengthOf(shape);
  const rows = Math.ceil(n / columns);
  const [across, down] = [columns * (width + gap) - gap, rows * (height + gap) - gap];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = canvas.getContext('2d');
  if (context === null || n === 0) return;
  const { data } = context.createImageData(across, down);
  let from = 0;
  for (let tile = 0; tile < n; tile++) {
    const [left, top] = [(tile % columns) * (width + gap), Math.floor(tile / columns) * (height + gap)];
    const alpha = 255 * (opacity?.(tile) ?? 1);
    const isFlat = flat?.(tile) ?? false;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const to = 4 * ((top + y) * across + left + x);
        for (let c = 0; c < 3; c++) {
          const own = channels === 3 ? shades[from + c] : palette[3 * shades[from] + c];
          data[to + c] = isFlat ? FLAT : own;
        }
        from += channels;
        data[to + 3] = alpha;
      }
    }
  }
  context.putImageData(new ImageData(data, across, down), 0, 0);
}

/** As square as n tiles of that shape can lie: columns. */
export function columnsFor(n: number, { height, width }: Pick<TileShape, 'height' | 'width'>): number {
  return Math.max(1, Math.min(n, Math.round(Math.sqrt((n * height) / width))));
}
