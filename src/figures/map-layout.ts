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
  /** Right of each row, the more important first. */
  readonly beside: readonly (readonly string[])[];
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
  /** Right ends of the columns beside the map. */
  readonly besideAt: readonly number[];
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
/** A name needs so many pixels across its direction. */
const NAME_PITCH = 12;
/** Up to so many inputs have names. */
const MOST_NAMED = 100;
const BAR = 52;

/** The layout of a heat map in a width. */
export function layoutOf({ title, notes, columns, d, numbers, beside, width }: MapContent): MapLayout {
  const narrow = width < NARROW;
  const usable = width - 2 * SIDE;
  const size = narrow ? 14 : 15;
  const titles = wrap(title, Math.floor(usable / (0.65 * size)), 2);
  const left = SIDE + longest(numbers) * GLYPH + 6;
  const kept = beside[0].map((_, column) => column).filter((column) => longest(beside.map((row) => row[column])) > 0);
  const shownBeside = narrow ? kept.slice(0, 1) : kept;
  const widths = beside[0].map((_, c) =>
    shownBeside.includes(c) ? longest(beside.map((row) => row[c])) * GLYPH + 10 : 0,
  );
  const right = widths.reduce((sum, one) => sum + one, 0);
  const mapWidth = width - left - right - SIDE;
  const pitch = mapWidth / d;
  const every = Math.ceil(NAME_PITCH / pitch);
  const named = columns !== undefined && d <= MOST_NAMED;
  const said = [...notes, ...(named && every > 1 ? [`Of the columns every ${ordinal(every)} is named.`] : [])];
  const noted = said.flatMap((note) => wrap(note, Math.floor(usable / GLYPH), 4));
  const headed = 27 + 19 * titles.length + LINE * noted.length;
  const names = named ? columns.map((name) => shorten(name, LONGEST_NAME)) : [];
  const flat = names.length > 0 && longest(names) * SMALL_GLYPH < pitch - 4;
  const namesHeight = names.length === 0 ? 20 : flat ? 20 : longest(names) * SMALL_GLYPH + 10;
  const top = headed + namesHeight;
  const rows = numbers.length;
  const rowHeight = rows <= 12 ? 28 : rows <= 40 ? 18 : 14;
  const bottom = top + rows * rowHeight;
  const besideAt = widths.map((_, c) => left + mapWidth + widths.slice(0, c + 1).reduce((sum, one) => sum + one, 0));
  return {
    ...{ left, top, mapWidth, rows, rowHeight, d, width, height: bottom + BAR },
    besideAt: shownBeside.map((c) => besideAt[c]),
    ticks: named ? [] : indexTicks(d, mapWidth),
    words: [
      ...titles.map((text, i) => ({ text, x: SIDE, y: 27 + 19 * i, 'font-size': size, 'font-weight': 'bold' })),
      ...noted.map((text, i) => ({ text, x: SIDE, y: 27 + 19 * titles.length + 3 + LINE * i, fill: colours.muted })),
      ...names.flatMap((text, i) => (i % every === 0 ? [nameAt(text, left + (i + 0.5) * pitch, top - 6, flat)] : [])),
    ],
  };
}

function nameAt(text: string, x: number, y: number, flat: boolean): PlacedText {
  if (flat) return { text, x, y, 'font-size': SMALL, 'text-anchor': 'middle' };
  return { text, x: x + 4, y, 'font-size': SMALL, transform: `rotate(-90 ${round(x + 4)} ${round(y)})` };
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
