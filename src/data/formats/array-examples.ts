import type { AnyNumbers } from '../../array/numbers.ts';
import { typeOf } from '../../array/type-of.ts';
import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { axesOf, inOrder, shaped } from './axes.ts';
import { largestByte, unitOfBytes } from './byte-unit.ts';
import { elementCount, shapeText, type Tensor } from './tensor.ts';

/** How the numbers of an array file become examples. */
export interface ArrayOptions {
  /** Of a file that may hold several (.mat, .npz, .safetensors): which array. Default the only one. */
  readonly name?: string | undefined;
  /** Of such a file: an array that is none of the inputs, as labels are. */
  readonly labels?: string | undefined;
  /**
   * What its axes are, a letter each: m examples, h rows and w columns of an image, c channels, d numbers, such as 'hwm'.
   * Default: what the shape tells.
   */
  readonly axes?: string | undefined;
  /** x / unit is what an engine sees. Default 1; of unsigned bytes 255, unless they are 0 and 1 alone. */
  readonly unit?: number | undefined;
  /** How the data that a model was trained on were read: new ones are read alike, in place of what they tell. */
  readonly match?: {
    /** Taken where the file has an array of that name. */
    readonly name?: string | undefined;
    /** Taken where the array has as many axes. */
    readonly axes?: string | undefined;
    /** What was asked for. */
    readonly unit?: number | undefined;
    /** Of unsigned bytes. Default 255. */
    readonly byteUnit?: number | undefined;
  };
}

/** What numbers of a type are divided by. `largest` looks for the largest byte, where that decides. */
export function unitOf(
  kind: { readonly isByte: boolean; readonly isBoolean: boolean },
  { unit, match }: ArrayOptions,
  largest: () => number,
): { readonly unit: number; readonly byteUnit?: number; readonly notes?: readonly string[] } {
  if (unit !== undefined && !(unit > 0 && Number.isFinite(unit))) {
    throw new InputError(`unit is ${show(unit)}: it must be a finite number above 0, such as 255 for bytes`);
  }
  const said = unit ?? match?.unit;
  if (!kind.isByte) return { unit: said ?? 1 };
  if (said !== undefined) return { unit: said, byteUnit: said };
  if (kind.isBoolean) return { unit: 1, byteUnit: 1 };
  const known = match && (match.byteUnit ?? null);
  const found = unitOfBytes(typeof known === 'number' ? 0 : largest(), known);
  return { unit: found.unit, byteUnit: found.unit, ...(found.note ? { notes: [found.note] } : {}) };
}

/**
 * A tensor as examples, its axes as `axesOf` tells them, the unit as `unitOf` does. Row-major data are not copied where the
 * examples stand one after the other. Throws InputError for other ranks, for shapes that may be read in two ways, and for
 * tensors without elements.
 */
export function tensorExamples(
  tensor: Tensor<AnyNumbers>,
  what: string,
  options: ArrayOptions = {},
  isBoolean = false,
): Examples {
  const { shape, data } = tensor;
  const shown = shapeText(shape);
  const count = elementCount(shape, what);
  if (count !== data.length) {
    throw new InputError(`${what}: its shape ${shown} asks for ${count} numbers, it holds ${data.length}`);
  }
  const axes = axesOf([shape], what, { asked: options.axes, known: options.match?.axes });
  if (count === 0) throw new InputError(`${what}: its shape is ${shown}: there are no examples in it`);
  const isByte = typeOf(data).startsWith('Uint8');
  const { image } = shaped(axes, shape);
  return {
    x: inOrder(data, shape, axes),
    ...unitOf({ isByte, isBoolean }, options, () => largestByte(data)),
    ...(image ? { image } : {}),
    axes,
  };
}
