import type { Matrix } from '../array/matrix.ts';
import { signed } from './colour-scales.ts';
import type { MapLayout } from './map-layout.ts';
import { element, escaped } from './markup.ts';
import { blankPicture, encodePng } from './picture.ts';
import { colours } from './theme.ts';
import { shortNumber } from './ticks.ts';
import { shorten } from './words.ts';

/** Up to so many cells are drawn one by one, with their words; more are an image. */
const MOST_CELLS = 1500;
/** An image has no more columns: of those that share one, it shows the strongest. */
const MOST_COLUMNS = 600;
/** A cell in which its number has room. */
const ROOM = { width: 46, height: 18 };
/** Of a dead unit, light enough to be apart from both ends of the scale. */
const DEAD = [197, 200, 205] as const;

/** What the cells show. */
interface Cells {
  readonly layout: MapLayout;
  /** The weights that are shown, row by row. */
  readonly rows: Matrix;
  readonly shades: Uint8Array;
  /** Rows of dead units. */
  readonly isDead: ReadonlySet<number>;
  readonly units: readonly number[];
  readonly columns: readonly string[] | undefined;
}

/** How many inputs share a column where there are more than can be seen. */
export function pooled(d: number): number {
  return Math.ceil(d / MOST_COLUMNS);
}

/** The cells of the map, and the ticks over them where inputs have no names. */
export function cellMarkup(cells: Cells): string {
  const { layout, rows } = cells;
  const [n, d] = rows.shape;
  return `${n * d <= MOST_CELLS ? oneByOne(cells) : asImage(cells)}${tickMarkup(layout)}`;
}

/** A line around the map. */
export function frameMarkup({ left, top, mapWidth, rows, rowHeight }: MapLayout): string {
  const size = { x: left, y: top, width: mapWidth, height: rows * rowHeight };
  return element('rect', { ...size, fill: 'none', stroke: colours.muted, 'stroke-width': 1 });
}

/** What the colours mean, below the map. */
export function colourBar({ left, width, height }: MapLayout): string {
  const wide = Math.min(260, width - left - 24);
  const y = height - 40;
  const steps = Array.from({ length: 33 }, (_, i) =>
    element('rect', {
      ...{ x: left + (i * wide) / 33, y, width: wide / 33 + 0.5, height: 10 },
      fill: hex(colourOf(Math.round((255 * i) / 32))),
    }),
  );
  const labels = [-1, -0.5, 0, 0.5, 1].map((value) =>
    element(
      'text',
      { x: left + ((value + 1) / 2) * wide, y: y + 22, 'font-size': 11, 'text-anchor': 'middle' },
      String(value).replace('-', '−'),
    ),
  );
  const says = "times the unit's largest |weight|";
  const beside = left + wide + 16 + 6.9 * says.length < width;
  const at = beside ? { x: left + wide + 16, y: y + 9 } : { x: left, y: y + 36 };
  return [...steps, ...labels, element('text', { ...at, 'font-size': 11, fill: colours.muted }, escaped(says))].join(
    '',
  );
}

function oneByOne({ layout, rows, shades, isDead, units, columns }: Cells): string {
  const { left, top, mapWidth, rowHeight } = layout;
  const [n, d] = rows.shape;
  const pitch = mapWidth / d;
  const written = pitch >= ROOM.width && rowHeight >= ROOM.height;
  return Array.from({ length: n * d }, (_, p) => {
    const [i, j] = [Math.floor(p / d), p % d];
    const [red, green, blue] = isDead.has(i) ? DEAD : colourOf(shades[p]);
    const value = shortNumber(rows.data[p], 2).replace('-', '−');
    const name = columns === undefined ? `input ${j}` : shorten(columns[j], 200);
    const place = { x: left + j * pitch, y: top + i * rowHeight, width: pitch, height: rowHeight };
    const hint = element('title', {}, escaped(`unit ${units[i]}, ${name}: ${value}`));
    const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 140;
    const centre = { x: place.x + pitch / 2, y: place.y + rowHeight / 2 + 4, 'text-anchor': 'middle', 'font-size': 11 };
    return `${element('rect', { ...place, fill: hex([red, green, blue]) }, hint)}${
      written && !isDead.has(i)
        ? element('text', { ...centre, fill: dark ? '#ffffff' : '#111111', 'pointer-events': 'none' }, value)
        : ''
    }`;
  }).join('');
}

/** A pixel a cell, enlarged without smoothing. */
function asImage({ layout, rows, shades, isDead }: Cells): string {
  const [n, d] = rows.shape;
  const pool = pooled(d);
  const picture = blankPicture(Math.ceil(d / pool), n, 3, 255);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < picture.width; c++) {
      let shade = 128;
      for (let j = c * pool; j < Math.min(d, (c + 1) * pool); j++) {
        if (Math.abs(shades[i * d + j] - 128) > Math.abs(shade - 128)) shade = shades[i * d + j];
      }
      picture.data.set(isDead.has(i) ? DEAD : colourOf(shade), 3 * (i * picture.width + c));
    }
  }
  const { left, top, mapWidth, rowHeight } = layout;
  const bytes = encodePng(picture);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const size = { x: left, y: top, width: mapWidth, height: n * rowHeight, preserveAspectRatio: 'none' };
  const style = 'image-rendering: pixelated';
  return element('image', { ...size, style, href: `data:image/png;base64,${btoa(binary)}` });
}

function tickMarkup({ left, top, mapWidth, d, ticks }: MapLayout): string {
  return ticks
    .map((tick) => {
      const x = left + ((tick + 0.5) * mapWidth) / d;
      const line = element('line', { x1: x, x2: x, y1: top - 4, y2: top, stroke: colours.muted });
      return line + element('text', { x, y: top - 7, 'text-anchor': 'middle', 'font-size': 11 }, String(tick));
    })
    .join('');
}

function colourOf(shade: number): [number, number, number] {
  return [signed[3 * shade], signed[3 * shade + 1], signed[3 * shade + 2]];
}

function hex(colour: readonly number[]): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
