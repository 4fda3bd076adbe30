import { GLYPH } from './glyph.ts';
import { type AxisXOptions, axisY, gridY, type Markish } from './plot.ts';
import type { Axis } from './ticks.ts';

const LABEL_ROOM = 28;
const MOST_TICKS = 8;

/** The x axis's label: below the middle, without an arrow. */
export function xLabel(label: string): AxisXOptions {
  return { label, labelAnchor: 'center', labelArrow: 'none', labelOffset: 42 };
}

/** The y axis with a faint line at every tick. Given as `text`, because Plot drops some of a log axis's tick formats. */
export function yAxis({ ticks, label }: Axis): Markish[] {
  return [gridY(ticks, { strokeOpacity: 0.12 }), axisY(ticks, { text: (tick: number) => label(tick), label: null })];
}

/** The left margin that the labels of a y axis need. */
export function tickRoom({ ticks, label }: Axis): number {
  return LABEL_ROOM + GLYPH * Math.max(...ticks.map((tick) => label(tick).length));
}

/** How many ticks of an x axis have room in a frame of so many pixels; labels have `glyphs` characters at most. */
export function ticksIn(frame: number, glyphs = 6): number {
  return Math.max(2, Math.min(MOST_TICKS, Math.floor(frame / (GLYPH * glyphs + 20))));
}
