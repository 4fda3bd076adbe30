import { fitting, LETTER, lengthOf, letter, MUTED } from './lettering.ts';
import { blankPicture, type Picture } from './picture.ts';
import { drawHeading, headingLines, heightOf, SIDE } from './sheet-heading.ts';
import { shrunk, sizeFor } from './sized-tile.ts';
import { paste, type TileShape } from './tile-grid.ts';
import { shorten } from './words.ts';

/** Rows of tiles that belong together column by column, with words. */
export interface TileRows {
  readonly title: string;
  readonly notes: readonly string[];
  /** A row's name, and its tiles' shades one after the other. */
  readonly rows: readonly { readonly name: string; readonly shades: Uint8Array }[];
  /** Over the columns. */
  readonly heads: readonly string[];
  readonly shape: Pick<TileShape, 'height' | 'width' | 'channels'>;
  readonly width: number;
}

const GAP = 4;
const TILE_PIXELS = 58;
const BETWEEN_BLOCKS = 12;
/** Names of rows take no more of the width. */
const MOST_NAME = 0.32;

/** The picture: names at the left, heads above; columns that have no room continue in further blocks below. */
export function drawTileRows({ title, notes, rows, heads, shape, width }: TileRows): Picture {
  const { channels } = shape;
  const d = shape.height * shape.width * channels;
  const size = sizeFor(shape, TILE_PIXELS);
  const cell = Math.max(size.width, ...heads.map((head) => lengthOf(head)));
  const mostName = fitting(MOST_NAME * width);
  const names = rows.map(({ name }) => shorten(name, mostName));
  const left = SIDE + Math.max(...names.map((name) => lengthOf(name))) + 2 * GAP;
  const columns = Math.max(1, Math.floor((width - left - SIDE + GAP) / (cell + GAP)));
  const blocks = Math.ceil(heads.length / columns);
  const said = size.shrink > 1 ? [...notes, `Tiles are drawn at 1/${size.shrink} of their size.`] : notes;
  const heading = headingLines(title, said, width);
  const top = heightOf(heading);
  const block = LETTER.line + rows.length * (size.height + GAP) + BETWEEN_BLOCKS;
  const picture = blankPicture(Math.max(width, left + cell + SIDE), top + blocks * block, channels, 255);
  drawHeading(picture, heading);
  for (let b = 0; b < blocks; b++) {
    const y = top + b * block;
    const begin = b * columns;
    const end = Math.min(heads.length, begin + columns);
    for (let i = begin; i < end; i++) {
      letter(picture, heads[i], left + (i - begin) * (cell + GAP), y, { shade: MUTED });
    }
    rows.forEach(({ shades }, r) => {
      const rowTop = y + LETTER.line + r * (size.height + GAP);
      letter(picture, names[r], SIDE, rowTop + Math.max(0, (size.height - LETTER.height) >> 1));
      for (let i = begin; i < end; i++) {
        const tile = shrunk(shades.subarray(i * d, (i + 1) * d), shape, size);
        const x = left + (i - begin) * (cell + GAP);
        paste(picture, tile, size.shrink > 1 ? size : shape, size.scale, x, rowTop);
      }
    });
  }
  return picture;
}
