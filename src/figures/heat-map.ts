import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { viridis } from './colour-scales.ts';
import { enlarged } from './enlarged.ts';
import { GLYPH } from './glyph.ts';
import { type Markish, rectY, text } from './plot.ts';
import { TOP, toSvg } from './svg.ts';
import { colours } from './theme.ts';
import { shortNumber } from './ticks.ts';
import { clean, shorten } from './words.ts';

/** One side of a heat map: what varies, and its values. */
export interface HeatMapSide {
  readonly name: string;
  readonly values: readonly string[];
}

/** What `heatMap` draws. */
export interface HeatMap {
  readonly title: string;
  /** What the numbers are. */
  readonly measure: string;
  readonly rows: HeatMapSide;
  /** Without columns the map is one column. */
  readonly columns?: HeatMapSide | undefined;
  /** A number for each row and column; null where there is none. */
  readonly cells: readonly (readonly (number | null)[])[];
  /** Row and column of the cell that stands out. */
  readonly best?: readonly [number, number] | undefined;
  /** Below the map. */
  readonly note?: string | undefined;
}

const WIDTH = 420;
const CELL = 34;
const RIGHT = 18;
const SHOWN_LARGER = 1.3;
const LONGEST_LABEL = 18;
/** Room for a number in its cell. */
const NUMBER_ROOM = 40;
/** Where the numbers span more than this factor, colours go by their logarithm. */
const WIDE = 10;
/** From here on the shade is light, and words on it dark. */
const LIGHT = 0.55;
const BAR_STEPS = 48;

/**
 * A standalone SVG: numbers as the colours of cells, viridis from the least to the most, with the numbers in them where there is room,
 * and a bar that says what the colours mean. Throws an InputError if cells do not fit rows and columns, or none is finite.
 */
export function heatMap(map: HeatMap): string {
  assertObject(map, 'map', '{ title, measure, rows: { name, values }, cells }');
  assertList(map.cells, 'cells', 'a list of numbers for each row');
  const { rows, columns, cells, best } = map;
  const across = columns?.values.length ?? 1;
  if (cells.length !== rows.values.length || cells.some((row) => row.length !== across)) {
    throw new InputError(`the cells are not ${rows.values.length} rows of ${across}: give one for each row and column`);
  }
  const numbers = cells.flat().filter((value): value is number => value !== null && Number.isFinite(value));
  if (numbers.length === 0) throw new InputError('no cell has a number: there is nothing to draw');
  const scale = scaleOf(numbers);
  const labels = rows.values.map((value) => shorten(value, LONGEST_LABEL));
  const marginLeft = 22 + GLYPH * Math.max(3, ...labels.map((label) => label.length));
  const cellWidth = (WIDTH - marginLeft - RIGHT) / across;
  const fits = cellWidth >= NUMBER_ROOM;
  const columnRoom = columns === undefined ? 14 : 48;
  const marginBottom = columnRoom + 40;
  const flat = cells.flatMap((row, i) => row.map((value, j) => ({ value, i, j })));
  const figure = toSvg({
    title: map.title,
    width: WIDTH,
    height: TOP + CELL * rows.values.length + marginBottom,
    yLabel: rows.name,
    remarks: [
      ...(fits ? [] : ['Too many columns for numbers in the cells.']),
      ...(map.note === undefined ? [] : [map.note]),
    ],
    marginLeft,
    marginRight: RIGHT,
    marginBottom,
    x: { domain: [0, across], axis: null },
    y: { domain: [rows.values.length, 0], axis: null },
    marks: [
      ...flat.map(({ value, i, j }) => cellMark(value, i, j, scale, best?.[0] === i && best[1] === j)),
      ...(fits ? flat.map(({ value, i, j }) => cellText(value, i, j, scale, best?.[0] === i && best[1] === j)) : []),
      ...labels.map((label, i) => at(label, 0, i + 0.5, { dx: -8, textAnchor: 'end' })),
      ...(columns === undefined ? [] : columnMarks(columns, cellWidth, rows.values.length)),
      ...barMarks(scale, rows.values.length, across, columnRoom + 10, map.measure),
    ],
  });
  return enlarged(figure, SHOWN_LARGER);
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
  /** 0 the least, 1 the most. */
  share(value: number): number;
}

function scaleOf(numbers: readonly number[]): Scale {
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const isLog = low > 0 && high > WIDE * low;
  const place = (value: number) => (isLog ? Math.log(value) : value);
  const span = place(high) - place(low);
  return { low, high, isLog, share: (value) => (span > 0 ? (place(value) - place(low)) / span : 0) };
}

/** Viridis: dark is low, in print and to those who see no colours too. */
function colourAt(share: number): string {
  const shade = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
  return `rgb(${viridis.subarray(shade, shade + 3).join(',')})`;
}

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);

function cellMark(value: number | null, i: number, j: number, scale: Scale, isBest: boolean): Markish {
  return rectY([0], {
    ...{ x1: [j], x2: [j + 1], y1: [i], y2: [i + 1], inset: isBest ? 2 : 1, rx: 3 },
    fill: isNumber(value) ? colourAt(scale.share(value)) : colours.dot,
    fillOpacity: isNumber(value) ? 1 : 0.25,
    ...(isBest ? { stroke: 'currentColor', strokeWidth: 3 } : {}),
  });
}

function cellText(value: number | null, i: number, j: number, scale: Scale, isBest: boolean): Markish {
  if (!isNumber(value)) return at('–', j + 0.5, i + 0.5, {});
  const fill = scale.share(value) > LIGHT ? '#111111' : '#ffffff';
  return at(shortNumber(value, 3), j + 0.5, i + 0.5, { fill, fontWeight: isBest ? 'bold' : undefined });
}

interface Words {
  readonly dx?: number;
  readonly dy?: number;
  readonly textAnchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly fontWeight?: string | undefined;
}

function at(words: string, x: number, y: number, style: Words): Markish {
  return text([clean(words)], {
    x: [x],
    y: [y],
    lineAnchor: 'middle',
    textAnchor: 'middle',
    fill: 'currentColor',
    ...style,
  });
}

/** Labels below the columns, each as long as there is room, and the name of what varies. */
function columnMarks({ name, values }: HeatMapSide, cellWidth: number, bottom: number): Markish[] {
  const every = Math.ceil((3 * GLYPH) / cellWidth);
  const room = Math.max(3, Math.floor((every * cellWidth - 2) / GLYPH));
  return [
    ...values.flatMap((value, j) => (j % every === 0 ? [at(shorten(value, room), j + 0.5, bottom, { dy: 13 })] : [])),
    at(shorten(name, 40), values.length / 2, bottom, { dy: 34 }),
  ];
}

function barMarks(scale: Scale, bottom: number, across: number, top: number, measure: string): Markish[] {
  const [y1, y2] = [bottom + top / CELL, bottom + (top + 10) / CELL];
  const steps = scale.high > scale.low ? BAR_STEPS : 1;
  const bar = Array.from({ length: steps }, (_, i) =>
    rectY([0], {
      ...{ x1: [(i / steps) * across], x2: [Math.min(1, (i + 1.5) / steps) * across], y1: [y1], y2: [y2] },
      fill: colourAt(i / Math.max(1, steps - 1)),
    }),
  );
  const dy = 11;
  return [
    ...bar,
    at(shortNumber(scale.low, 3), 0, y2, { dy, textAnchor: 'start' }),
    at(`${shorten(measure, 30)}${scale.isLog ? ', logarithmic' : ''}`, across / 2, y2, { dy }),
    ...(steps > 1 ? [at(shortNumber(scale.high, 3), across, y2, { dy, textAnchor: 'end' })] : []),
  ];
}
