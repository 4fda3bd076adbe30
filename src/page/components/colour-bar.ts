import type { Palette } from './colours.ts';
import { make } from './find.ts';
import { drawTiles } from './tile.ts';

/** A palette from its least shade to its largest, with words at its ends and in its middle. */
export function colourBar(palette: Palette, [least, middle, most]: readonly [string, string, string]): HTMLElement {
  const canvas = make('canvas');
  const shades = Uint8Array.from({ length: 256 }, (_, shade) => shade);
  drawTiles(canvas, shades, { height: 1, width: 256, palette }, { columns: 1, gap: 0 });
  canvas.setAttribute('aria-hidden', 'true');
  const words = [least, middle, most].map((text) => make('span', {}, text));
  return make('div', { className: 'colour-bar' }, canvas, make('div', {}, ...words));
}
