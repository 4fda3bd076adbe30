import { GLYPH } from './glyph.ts';
import { colours } from './theme.ts';
import { NARROW } from './width.ts';
import { shorten, wrap } from './words.ts';

/** What the layout of a heat map depends on. */
interface MapContent {
  readonly title: string;
  readonly notes: readonly string[];
  readonly columns: readonly string[] | undefined;
  /** Inputs. */
  readonly d: number;
  /** Of the units, as they are written. */
  readonly numbers: readonly string[];
  /** Right of each row, the more important first, and what stands over them. */
  readonly beside: readonly (readonly string[])[];
  readonly besideHeads: readonly string[];
  readonly width: number;
}

/** A text and its attributes. */
export interface PlacedText {
  readonly text: string;
  readonly [attribute: string]: string | number | undefined;
}

/** Where the parts of a heat map stand, in pixels. */
export interface MapLayout {
  readonly left: number;
  readonly top: number;
  /** Of the cells, all together. */
  readonly mapWidth: number;
  readonly rows: number;
  readonly rowHeight: number;
  readonly d: number;
  /** The columns beside the map that have room, and their right ends. */
  readonly besideAt: readonly { readonly column: number; readonly x: number }[];
  readonly width: number;
  readonly height: number;
  readonly words: readonly PlacedText[];
  /** Ticks of an axis that counts the inputs, in the place of names. */
  readonly ticks: readonly number[];
}

const SIDE = 12;
const LINE = 16;
/** Of the names of columns. */
const SMALL = 11;
const SMALL_GLYPH = 6.4;
const LONGEST_NAME = 24;
/** Names stand flat, on up to three lines, where columns are so wide. */
const FLAT_PITCH = 64;
/** A name needs so many pixels across its direction. */
const NAME_PITCH = 12;
/** Up to so many inputs have names. */
const MOST_NAMED = 100;
const BAR = 52;

/** The layout of a heat map in a width. */
export function layoutOf({ title, notes, columns, d, numbers, beside, besideHeads, width }: MapContent): MapLayout {
  const narrow = width < NARROW;
  const usable = width - 2 * SIDE;
  const size = narrow ? 14 : 15;
  const titles = wrap(title, Math.floor(usable / (0.65 * size)), 2);
  const left = SIDE + longest(numbers) * GLYPH + 6;
  const columnOf = (column: number) => beside.map((row) => row[column]);
  const filled = besideHeads.map((_, column) => column).filter((column) => longest(columnOf(column)) > 0);
  const kept = narrow ? filled.slice(0, 1) : filled;
  let right = 0;
  const ends = kept.map((column) => {
    right += longest([...columnOf(column), besideHeads[column]]) * GLYPH + 14;
    return { column, x: right };
  });
  const mapWidth = width - left - right - SIDE;
  const pitch = mapWidth / d;
  const every = Math.ceil(NAME_PITCH / pitch);
  const named = columns !== undefined && d <= MOST_NAMED;
  const said = [...notes, ...(named && every > 1 ? [`Of the columns every ${ordinal(every)} is named.`] : [])];
  const noted = said.flatMap((note) => wrap(note, Math.floor(usable / GLYPH), 4));
  const headed = 27 + 19 * titles.length + LINE * noted.length;
  const names = named ? columns.map((name) => shorten(name, pitch >= FLAT_PITCH ? 60 : LONGEST_NAME)) : [];
  const flat = pitch >= FLAT_PITCH;
  const lines = names.map((name) => wrap(name, Math.floor((pitch - 4) / SMALL_GLYPH), flat ? 3 : 1));
  const mostLines = Math.max(1, ...lines.map((one) => one.length));
  const across = names.length === 0 || flat ? 6 + 14 * mostLines : longest(names) * SMALL_GLYPH + 10;
  const namesHeight = Math.max(20, across);
  const top = headed + namesHeight;
  const rows = numbers.length;
  const rowHeight = rows <= 12 ? 28 : rows <= 40 ? 18 : 14;
  const bottom = top + rows * rowHeight;
  return {
    ...{ left, top, mapWidth, rows, rowHeight, d, width, height: bottom + BAR },
    besideAt: ends.map(({ column, x }) => ({ column, x: left + mapWidth + x })),
    ticks: named ? [] : indexTicks(d, mapWidth),
    words: [
      ...titles.map((text, i) => ({ text, x: SIDE, y: 27 + 19 * i, 'font-size': size, 'font-weight': 'bold' })),
      ...noted.map((text, i) => ({ text, x: SIDE, y: 27 + 19 * titles.length + 3 + LINE * i, fill: colours.muted })),
      ...names.flatMap((text, i) => {
        const x = left + (i + 0.5) * pitch;
        if (flat) return flatName(lines[i], x, top - 6);
        return i % every === 0 ? [uprightName(text, x + 4, top - 6)] : [];
      }),
      ...ends.map(({ column, x }) => ({
        ...{ text: besideHeads[column], x: left + mapWidth + x, y: top - 6, 'text-anchor': 'end' },
        ...{ 'font-size': SMALL, fill: colours.muted },
      })),
    ],
  };
}

function flatName(lines: readonly string[], x: number, y: number): PlacedText[] {
  const at = (i: number) => y - 14 * (lines.length - 1 - i);
  return lines.map((text, i) => ({ text, x, y: at(i), 'font-size': SMALL, 'text-anchor': 'middle' }));
}

function uprightName(text: string, x: number, y: number): PlacedText {
  return { text, x, y, 'font-size': SMALL, transform: `rotate(-90 ${round(x)} ${round(y)})` };
}

/** At most one index in 60 pixels. */
function indexTicks(d: number, mapWidth: number): number[] {
  const count = Math.max(1, Math.floor(mapWidth / 60));
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => d / one <= count) ?? 10 ** Math.ceil(Math.log10(d / count));
  return Array.from({ length: Math.ceil(d / step) }, (_, i) => i * step);
}

function ordinal(n: number): string {
  return n === 2 ? 'second' : n === 3 ? 'third' : `${n}th`;
}

function longest(words: readonly string[]): number {
  return Math.max(...words.map((one) => one.length));
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
