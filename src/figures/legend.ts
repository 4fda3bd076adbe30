import { clean, shorten } from './words.ts';

/** A name below a figure, in the colour of its curve. */
export interface LegendItem {
  readonly text: string;
  readonly color: string;
  readonly bold?: boolean | undefined;
  /** Of the line beside it: width and dashes of its curve. */
  readonly strokeWidth?: number | undefined;
  readonly dashes?: string | undefined;
}

/** Where an item stands: from the left edge, and on which line. */
export interface PlacedItem extends LegendItem {
  readonly x: number;
  readonly line: number;
}

/** Of the piece of the curve that stands before a name. */
export const SWATCH = 20;
const GAP = 6;
const BETWEEN = 16;

/** Items from left to right, and on as many lines as they need; names that are longer than a line are shortened. */
export function flow(items: readonly LegendItem[], width: number, glyph: number): PlacedItem[] {
  let [x, line] = [0, 0];
  return items.map((item) => {
    const most = Math.floor((width - SWATCH - GAP) / glyph);
    const text = shorten(clean(item.text), most);
    const needed = SWATCH + GAP + glyph * text.length;
    if (x > 0 && x + needed > width) [x, line] = [0, line + 1];
    const placed = { ...item, text, x, line };
    x += needed + BETWEEN;
    return placed;
  });
}

/** Where the name begins, right of its piece of the curve. */
export function nameAt({ x }: PlacedItem): number {
  return x + SWATCH + GAP;
}
