import { duration, given, meanOf, ratioOf, summarised } from './format.ts';
import { NOTHING } from './markdown.ts';
import type { Figure } from './row.ts';

/** What a table says of a figure: what was published, ours, their ratio, what was asked, and whether that is met. */
export function cellsOf(figure: Figure): string[] {
  return [publishedText(figure), summarised(figure), ratio(figure), askedText(figure), metText(figure)];
}

/** The heads of these. */
export const CELLS = ['published', 'ours', 'ratio', 'asked', 'met'] as const;

/** Of a line among many: without the ratio, and of times the mean alone. */
export function shortCellsOf(figure: Figure): string[] {
  const [published, ours, , ...rest] = cellsOf(figure);
  return [published, figure.unit === 's' ? duration(meanOf(figure.ours)) : ours, ...rest];
}

/** The heads of these. */
export const SHORT_CELLS = ['published', 'ours', 'asked', 'met'] as const;

/** Whether the mean is within what was asked; where nothing was, it is. */
export function met({ target, ours }: Figure): boolean {
  if (target === undefined) return true;
  return 'atMost' in target ? meanOf(ours) <= target.atMost : meanOf(ours) >= target.atLeast;
}

/** ≤ 1.3%, ≥ 97.6%. */
export function askedText({ target, unit }: Figure): string {
  if (target === undefined) return NOTHING;
  return 'atMost' in target ? `≤ ${given(target.atMost, unit)}` : `≥ ${given(target.atLeast, unit)}`;
}

function metText(figure: Figure): string {
  if (figure.target === undefined) return NOTHING;
  return met(figure) ? 'yes' : '**missed**';
}

function publishedText({ published, unit }: Figure): string {
  if (published === null) return NOTHING;
  return typeof published === 'number' ? given(published, unit) : published;
}

function ratio({ published, ours }: Figure): string {
  if (typeof published !== 'number' || published === 0) return NOTHING;
  const mean = meanOf(ours);
  return mean < 0 !== published < 0 ? NOTHING : ratioOf(mean, published); // a ratio of differences of other sign says nothing
}
