import { InputError } from '../../errors.ts';
import type { ArrayOptions } from './array-examples.ts';
import { axesOf, ordersOf } from './axes.ts';

/** What the axes of a MATLAB array are: its shape, a vector's without the axis of 1, and a letter for each. */
export interface MatAxes {
  readonly shape: readonly number[];
  readonly axes: string;
}

const elongation = (a: number, b: number) => Math.max(a, b) / Math.max(1, Math.min(a, b));

/**
 * As `axes` says, or as MATLAB's users have their data: examples are the columns of a matrix, the slices of a stack of images,
 * the last axis of images in colour; the elements of a vector. Of a matrix that is no wider than it is long either may be meant:
 * `beside`, the lengths of vectors in the file, tells where one is as long as one of its sides (labels, an example each).
 * Throws InputError, with the ways to read it, where nothing tells.
 */
export function matAxes(
  shape: readonly number[],
  what: string,
  options: ArrayOptions,
  beside: readonly number[],
): MatAxes {
  const { axes: asked, match } = options;
  const known = match?.axes;
  const vector = shape.length === 2 && shape.includes(1);
  const squeezed = vector ? [shape[0] * shape[1]] : shape;
  if (asked !== undefined) {
    const own = vector && asked.length === 1 ? squeezed : shape;
    return { shape: own, axes: axesOf([own], what, { asked }) };
  }
  if (known !== undefined && known.length === shape.length) {
    const axes = axesOf([shape], what, { asked: known });
    return { shape, axes };
  }
  if (vector) return { shape: squeezed, axes: 'm' };
  const axes = shape.length === 2 ? matrixAxes(shape, what, beside) : imageAxes(shape, what);
  return { shape, axes };
}

function matrixAxes([rows, columns]: readonly number[], what: string, beside: readonly number[]): string {
  const [byRow, byColumn] = [beside.includes(rows), beside.includes(columns)];
  if (byRow !== byColumn) return byRow ? 'md' : 'dm';
  if (!byRow && columns >= 2 * rows) return 'dm';
  throw new InputError(
    `${what} is ${rows}×${columns}, which may be ${columns} examples of ${rows} numbers, its columns (--axes dm), or ${rows} examples of ${columns}, its rows (--axes md): say which with --axes`,
  );
}

function imageAxes(shape: readonly number[], what: string): string {
  const [a, b, c] = shape;
  if (shape.length === 3) {
    const [pile, row] = [elongation(a, b), elongation(b, c)];
    if (pile < row) return 'hwm';
    if (pile > 2 * row) return 'mhw';
    throw new InputError(
      `${what} is ${shape.join('×')}, which may be ${c} images of ${a}×${b} (--axes hwm), or ${a} images of ${b}×${c} (--axes mhw): say which with --axes`,
    );
  }
  const [order, ...others] = ordersOf(shape);
  // Otherwise what any array is asked.
  return order === 'hwcm' && others.length === 0 ? order : axesOf([shape], what);
}
