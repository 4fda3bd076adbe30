import { InputError, show } from '../errors.ts';

/** Below this width names stand below a figure and not beside it, and there are fewer columns. */
export const NARROW = 560;
const DEFAULT = 760;
const LEAST = 240;
const MOST = 10_000;

/** The width of a figure in pixels. @throws InputError unless it is a number from 240 to 10,000. */
export function widthOf(given: number | undefined): number {
  if (given === undefined) return DEFAULT;
  if (typeof given === 'number' && given >= LEAST && given <= MOST) return given;
  throw new InputError(`width is ${show(given)}: give pixels, a number from ${LEAST} to ${MOST}`);
}
