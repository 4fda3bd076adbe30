import { assertList, assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, Matrix, View } from '../array/matrix.ts';
import { assertView } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { featureShades } from './feature-shades.ts';
import { layoutOf, type MapLayout } from './map-layout.ts';
import { cellMarkup, colourBar, frameMarkup, pooled } from './map-marks.ts';
import { element, escaped } from './markup.ts';
import { requireWhole } from './picture.ts';
import { type ShownUnits, shownUnits, type UnitUse } from './shown-units.ts';
import { colours, darkStyle, FIGURE_CLASS, FONTS } from './theme.ts';
import { shortNumber } from './ticks.ts';
import { gatherTiles } from './tile-strips.ts';
import { NARROW, widthOf } from './width.ts';
import { clean } from './words.ts';

/** What is known of units and inputs, and the size of the figure. */
export interface FeatureMapOptions extends UnitUse {
  /** Names of the inputs, such as the columns of a table. */
  readonly columns?: readonly string[] | undefined;
  /** Where the rows are those of some units of a layer alone, such as its most used ones: their numbers, and how many units it has. */
  readonly of?:
    | {
        /** A number for each row. */
        readonly units: readonly number[];
        /** Of the whole layer. */
        readonly count: number;
      }
    | undefined;
  /** Units that are shown at most; default 100. */
  readonly most?: number | undefined;
  /** In pixels; default 760. */
  readonly width?: number | undefined;
  /** Above the figure; default 'What each unit looks for'. */
  readonly title?: string | undefined;
}

const MOST = 100;

/**
 * A standalone SVG of weights (h, d) whose inputs are no images: a heat map, a row a unit, a column an input with its name, the most used
 * units first and dead ones last in grey. Colours are `featureShades`: blue −1, white 0, orange 1 times the largest |w| of the unit, which
 * stands beside it. Throws an InputError if names, uses or dead units do not fit the weights, or a weight is not finite.
 */
export function featureMap(weights: View<AnyNumbers>, options: FeatureMapOptions = {}): string {
  assertView(weights, 'weights');
  assertObject(options, 'options', '{ columns, use, dead }');
  const { columns, of, most = MOST, title = 'What each unit looks for' } = options;
  const [n, d] = weights.shape;
  if (n < 1 || d < 1) throw new InputError(`the matrix is ${n} x ${d}: there is nothing to draw`);
  requireColumns(columns, d);
  requireWhole('most', most, 1);
  const width = widthOf(options.width);
  requireUnits(of, n);
  const shown = shownUnits(n, options, most, of?.count);
  const names = shown.units.map((unit) => of?.units[unit] ?? unit);
  const rows = gatherTiles([weights], shown.units.length, (i) => [0, shown.units[i]]);
  const dead = shown.units.flatMap((unit, i) => (shown.dead.has(unit) ? [i] : []));
  const shades = featureShades(rows, dead);
  const largest = shown.units.map((_, i) => largestOf(rows, i));
  const beside = (i: number) => besideOf(shown, i, largest[i]);
  const layout = layoutOf({
    title,
    notes: [`${shown.says}.`, ...notesOf(d, width < NARROW, options)],
    columns,
    d,
    numbers: names.map(String),
    beside: shown.units.map((_, i) => beside(i)),
    besideHeads: [options.useIs === 'mean' ? 'ρ̂' : 'fires', 'max |w|'],
    width,
  });
  const isDead = new Set(dead);
  const { height, words } = layout;
  const drawn = [
    element('style', {}, `${spaces()}${darkStyle()}`),
    element('rect', { width: '100%', height: '100%', fill: colours.ground }),
    ...words.map(({ text, ...at }) => element('text', at, escaped(text))),
    cellMarkup({ layout, rows, shades, isDead, units: names, columns }),
    frameMarkup(layout),
    ...rowWords(layout, names, isDead, beside),
    colourBar(layout),
  ];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: FIGURE_CLASS,
      role: 'img',
      'aria-label': `${clean(title).slice(0, 300)} · ${shown.says}`,
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      color: colours.ink,
      fill: 'currentColor',
      'font-size': 12,
      'font-family': FONTS,
    },
    drawn.join(''),
  );
}

/** Names are written with all their spaces, in this figure alone. */
function spaces(): string {
  return `:where(.${FIGURE_CLASS} text) { white-space: pre; }\n`;
}

function requireUnits(of: FeatureMapOptions['of'], n: number): void {
  if (of === undefined) return;
  assertObject(of, 'of', '{ units: [7, 3], count: 100 }');
  assertList(of.units, 'of.units', 'numbers of units, one for each row');
  requireWhole('of.count', of.count, n);
  if (of.units.length === n) return;
  throw new InputError(`of.units has ${of.units.length} numbers, but the weights have ${n} rows: give one for each`);
}

function requireColumns(columns: readonly string[] | undefined, d: number): void {
  if (columns === undefined) return;
  assertList(columns, 'columns', 'names, one for each input');
  if (columns.length === d) return;
  throw new InputError(`columns has ${columns.length} names, but the weights have ${d} inputs: give one for each`);
}

function notesOf(d: number, narrow: boolean, { use, useIs }: FeatureMapOptions): string[] {
  const used = useIs === 'mean' ? 'its mean activation ρ̂' : 'the share of the examples on which it is not 0';
  const pool = pooled(d);
  return [
    `A row is a unit, a column ${pool === 1 ? 'an input' : `the strongest of ${pool} inputs side by side`}: orange is a positive weight, blue a negative one, white none.`,
    `Beside a row: ${[use && used, (use === undefined || !narrow) && 'its largest |weight|'].filter(Boolean).join(', and ')}.`,
  ];
}

function largestOf({ data, shape: [, d] }: Matrix, row: number): number {
  let largest = 0;
  for (let p = row * d; p < (row + 1) * d; p++) largest = Math.max(largest, Math.abs(data[p]));
  return largest;
}

/** What stands right of a row: use, and largest |w|. */
function besideOf(shown: ShownUnits, i: number, largest: number): string[] {
  const unit = shown.units[i];
  return shown.dead.has(unit) ? ['dead', ''] : [shown.useOf(unit), shortNumber(largest, 2)];
}

function rowWords(
  { left, top, rowHeight, besideAt }: MapLayout,
  units: readonly number[],
  isDead: ReadonlySet<number>,
  beside: (i: number) => string[],
): string[] {
  return units.flatMap((unit, i) => {
    const y = top + (i + 0.5) * rowHeight + 4;
    const fill = isDead.has(i) ? { fill: colours.muted } : {};
    return [
      element('text', { x: left - 6, y, 'text-anchor': 'end', ...fill }, String(unit)),
      ...besideAt.map(({ x, column }) =>
        element('text', { x, y, 'text-anchor': 'end', ...fill }, escaped(beside(i)[column])),
      ),
    ];
  });
}
