import { type AnyNumbers, type Matrix, matrix, type Precision, zeros } from '../array/matrix.ts';
import { numberAt } from '../array/numbers.ts';
import { InputError } from '../errors.ts';
import { refuseNonFinite } from './finite.ts';
import type { Treatment } from './formats/table/treatment.ts';

/** Height and width in pixels; 1 channel is grey, 3 are red, green, blue. */
export interface ImageShape {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 is grey, 3 are red, green, blue, interleaved. */
  readonly channels: number;
}

/**
 * Data as it was read. x: (m, d), an example a row; an image row is [row][column][channel].
 * unit: x / unit is what an engine sees: 255 for bytes, 65535 for 16-bit images, so images lie in [0, 1]; otherwise 1.
 */
export interface Examples {
  /** (m, d), an example a row, in the type of the file. */
  readonly x: Matrix<AnyNumbers>;
  /** > 0: x / unit is what an engine sees. */
  readonly unit: number;
  /** The shape of a row that is an image, height·width·channels = d. */
  readonly image?: ImageShape | undefined;
  /** Names of the columns, from the header of a table, where it has each of them once. */
  readonly columns?: readonly string[] | undefined;
  /** Of a table: where in the file the columns stood, from 1. */
  readonly positions?: readonly number[] | undefined;
  /** Of a table: how many cells a line has, those that are not read included. */
  readonly cells?: number | undefined;
  /** A name for each example, where a column of a table was asked for as such. */
  readonly ids?: readonly string[] | undefined;
  /** Of a table, where they were asked for: on which line of the file each example begins, from 1. */
  readonly lines?: readonly number[] | undefined;
  /** Of a table that is no plain matrix of numbers: what became of each column. */
  readonly treatment?: Treatment | undefined;
  /** The class of each example, where the source tells it: a column, the folder of an image, the first bytes of a CIFAR record. */
  readonly labels?: Uint32Array | undefined;
  /** What the classes are called, by number, where they have names. */
  readonly classes?: readonly string[] | undefined;
  /** How many numbers are missing, and NaN, for a step that fills them. */
  readonly gaps?: number | undefined;
  /** The name of an array that lay in a file beside others, or could have. */
  readonly array?: string | undefined;
  /** Of an array: what its axes are in the file, a letter each (see `ArrayOptions`). */
  readonly axes?: string | undefined;
  /** Of unsigned bytes: their unit, which new data for a model are read with too. */
  readonly byteUnit?: number | undefined;
  /** What a reader decided that the data do not say themselves, in words for the user. */
  readonly notes?: readonly string[] | undefined;
}

/** A new row-major (m, d) matrix of x / unit. Throws InputError at the first entry that is NaN or infinite. */
export function toNumbers(examples: Examples, precision: Precision): Matrix {
  const { x, unit } = examples;
  const [rows, columns] = x.shape;
  const out = zeros(rows * columns, precision);
  for (let i = 0, q = 0; i < rows; i++) {
    let p = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += x.stride[1]) out[q++] = numberAt(x.data, p) / unit;
  }
  const numbers = matrix(out, rows, columns);
  refuseNonFinite(numbers, 'data');
  return numbers;
}

/** The first n examples, as a view. Throws InputError where there are fewer than n. */
export function takeFirst(examples: Examples, n: number): Examples {
  const m = examples.x.shape[0];
  if (!Number.isSafeInteger(n) || n < 1 || n > m) {
    throw new InputError(`cannot take the first ${n} examples: there are ${m}; ask for an integer from 1 to ${m}`);
  }
  const { ids, lines, labels } = examples;
  const x = examples.x.hi(n, examples.x.shape[1]);
  return {
    ...examples,
    x,
    ...(ids && { ids: ids.slice(0, n) }),
    ...(lines && { lines: lines.slice(0, n) }),
    ...(labels && { labels: labels.slice(0, n) }),
  };
}

/**
 * Grey images: luma 0.299 R + 0.587 G + 0.114 B of colour ones (ITU-R Rec. BT.601), as Float32 in the same unit;
 * grey ones come back as they are. Throws InputError for data that are not images.
 */
export function toGray(examples: Examples): Examples {
  const { x, unit, image } = examples;
  if (image?.channels === 1) return examples;
  if (image?.channels !== 3) {
    const given = image ? `images of ${image.channels} channels` : 'data without an image shape';
    throw new InputError(`cannot turn ${given} into grey: give images of 1 or 3 channels`);
  }
  const rows = x.shape[0];
  const pixels = image.height * image.width;
  const grey = new Float32Array(rows * pixels);
  const step = x.stride[1];
  for (let i = 0, q = 0; i < rows; i++) {
    let p = x.offset + i * x.stride[0];
    for (let j = 0; j < pixels; j++, p += 3 * step) {
      grey[q++] =
        0.299 * numberAt(x.data, p) + 0.587 * numberAt(x.data, p + step) + 0.114 * numberAt(x.data, p + 2 * step);
    }
  }
  return { x: matrix(grey, rows, pixels), unit, image: { ...image, channels: 1 } };
}
