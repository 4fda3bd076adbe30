import { encode } from 'fast-png';
import { InputError, show } from '../errors.ts';

/** An 8-bit picture: data[(row·width + column)·channels + channel], channels 1 (grey) or 3 (RGB). */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  /** width·height·channels bytes, row by row. */
  readonly data: Uint8Array;
}

const MOST_BYTES = 2 ** 28;
const COMFORTABLE_WIDTH = 750;

/** A picture with every byte set to `shade`. Throws an InputError above 256 MiB. */
export function blankPicture(width: number, height: number, channels: number, shade: number): Picture {
  if (width * height * channels > MOST_BYTES) {
    throw new InputError(
      `the picture would be ${width} x ${height} pixels (limit: 256 MiB): draw fewer rows, or use a smaller scale`,
    );
  }
  return { width, height, channels, data: new Uint8Array(width * height * channels).fill(shade) };
}

/** The whole enlargement that brings `cells` nearest to a comfortable 750 pixels; 1 where they are more already. */
export function comfortableScale(cells: number): number {
  return Math.max(1, Math.round(COMFORTABLE_WIDTH / cells));
}

/** Refuses a value that is not a whole number ≥ `least`. */
export function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InputError(`${name} is ${value}: give a whole number, ${least} or more`);
  }
}

/** The bytes of a PNG file. @throws InputError for what is no picture, such as an SVG. */
export function encodePng(picture: Picture): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(picture?.data)) {
    throw new InputError(
      `picture is ${show(picture)}: it must be what featureTiles, imageTiles, … give; SVGs are files as they are`,
    );
  }
  const { width, height, channels, data } = picture;
  return encode({ width, height, channels, data, depth: 8 }) as Uint8Array<ArrayBuffer>; // newly made
}
