import { assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, View } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import { featureShades } from './feature-shades.ts';
import { fitting, LETTER, lengthOf, letter, MUTED } from './lettering.ts';
import { blankPicture, type Picture, requireWhole } from './picture.ts';
import { drawHeading, headingLines, heightOf, SIDE } from './sheet-heading.ts';
import { type ShownUnits, shownUnits, type UnitUse } from './shown-units.ts';
import { shrunk, sizeFor, type TileSize } from './sized-tile.ts';
import { paste, requireTileShape, TILE, type TileShape } from './tile-grid.ts';
import { gatherTiles } from './tile-strips.ts';
import { NARROW, widthOf } from './width.ts';

/** What is known of the units, and the size of the picture. */
export interface FeatureSheetOptions extends UnitUse {
  /** Units that are shown at most; default 256. */
  readonly most?: number | undefined;
  /** In pixels; default 760. */
  readonly width?: number | undefined;
  /** Above the picture; default 'What each unit looks for'. */
  readonly title?: string | undefined;
}

const GAP = 8;
const MOST = 256;
/** Tiles are not larger, however few they are. */
const LARGEST = 112;
/** Of a cell with a tile, in which a unit's number and its use have room. */
const CELL = { wide: 62, narrow: 44 };
const FRAME = 200;
/** Of a unit's number under its tile. */
const LABEL = LETTER.height + 2;

/**
 * What each hidden unit looks for, with words: rows of `weights` (h, d) as tiles, the most used units first and dead ones last in flat
 * grey, each with its number and how much it is used. Shades are those of `featureShades`: noise is not stretched. White ground, dark
 * letters. Throws an InputError if shape, uses or dead units do not fit the weights, or a weight is not finite.
 */
export function featureSheet(
  weights: View<AnyNumbers>,
  shape: Pick<TileShape, 'height' | 'width' | 'channels'>,
  options: FeatureSheetOptions = {},
): Picture {
  assertView(weights, 'weights');
  assertObject(shape, 'shape', TILE);
  assertObject(options, 'options', '{ use, dead }');
  const { height, width: tileWidth, channels } = shape;
  const tile = { height, width: tileWidth, channels };
  const [n, d] = weights.shape;
  requireTileShape(tile, n, d);
  const width = widthOf(options.width);
  const { most = MOST } = options;
  requireWhole('most', most, 1);
  const shown = shownUnits(n, options, most);
  const count = shown.units.length;
  const rows = gatherTiles([weights], count, (i) => [0, shown.units[i]]);
  const shades = featureShades(
    rows,
    shown.units.flatMap((unit, i) => (shown.dead.has(unit) ? [i] : [])),
  );

  const usable = width - 2 * SIDE;
  const mostColumns = Math.max(1, Math.floor(usable / (width < NARROW ? CELL.narrow : CELL.wide)));
  const wanted = Math.min(mostColumns, Math.max(Math.ceil(Math.sqrt(count)), Math.floor(usable / (LARGEST + GAP))));
  const size = sizeFor(tile, Math.min(LARGEST, usable / wanted - GAP));
  const longest = Math.max(...shown.units.map((unit) => lengthOf(String(unit))));
  const cell = Math.max(size.width, longest);
  const columns = Math.max(1, Math.min(count, Math.floor((usable + GAP) / (cell + GAP))));
  const heading = headingLines(
    options.title ?? 'What each unit looks for',
    notesOf(shown, channels, size, options),
    width,
  );
  const top = heightOf(heading);
  const step = size.height + LABEL + GAP;
  const picture = blankPicture(
    Math.max(width, cell + 2 * SIDE),
    top + Math.ceil(count / columns) * step + SIDE / 2,
    channels,
    255,
  );
  drawHeading(picture, heading);
  shown.units.forEach((unit, i) => {
    const left = SIDE + (i % columns) * (cell + GAP);
    const y = top + Math.floor(i / columns) * step;
    frameTile(picture, left, y, size);
    paste(
      picture,
      shrunk(shades.subarray(i * d, (i + 1) * d), tile, size),
      size.shrink > 1 ? size : tile,
      size.scale,
      left,
      y,
    );
    letter(
      picture,
      labelOf(unit, shown, cell),
      left,
      y + size.height + 2,
      shown.dead.has(unit) ? { shade: MUTED } : {},
    );
  });
  return picture;
}

function notesOf(shown: ShownUnits, channels: number, size: TileSize, { use, useIs }: FeatureSheetOptions): string[] {
  const shades =
    channels === 1
      ? 'Black is a negative weight, grey 0, white a positive one, up to the largest of its unit.'
      : 'Mid grey is a weight of 0; colours reach to the largest weight of their unit.';
  const beside = useIs === 'mean' ? 'its mean activation ρ̂' : 'the share of the examples on which it is not 0';
  return [
    `${shown.says}.`,
    shades,
    ...(size.shrink > 1 ? [`Tiles are drawn at 1/${size.shrink} of their size.`] : []),
    `Below a tile: the unit's number${use === undefined ? '' : `, and where there is room ${beside}`}.`,
  ];
}

function labelOf(unit: number, shown: ShownUnits, cell: number): string {
  const beside = shown.dead.has(unit) ? 'dead' : shown.useOf(unit);
  const both = `${unit} ${beside}`;
  return beside !== '' && both.length <= fitting(cell + 2) ? both : String(unit);
}

/** A line around a tile, whose own edge may be white. */
function frameTile(picture: Picture, left: number, top: number, { width, height }: TileSize): void {
  const { channels, data } = picture;
  for (let y = top - 1; y <= top + height; y++) {
    data.fill(FRAME, (y * picture.width + left - 1) * channels, (y * picture.width + left + width + 1) * channels);
  }
}
