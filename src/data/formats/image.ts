import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { assertBytes } from './bytes.ts';
import { foreignError, foreignImage } from './foreign-image.ts';
import { isJpeg, jpegExample } from './jpeg.ts';
import { isPng, pngExample } from './png.ts';

/** Pixels that an image may have unless the caller says otherwise. */
export const LIMIT_PIXELS = 64_000_000;

/** Whether the bytes begin as an image that `imageExample` reads. */
export function isImage(bytes: Uint8Array): boolean {
  return isPng(bytes) || isJpeg(bytes);
}

/** A PNG or JPEG image as one example, told apart by its first bytes. See `pngExample` and `jpegExample`. */
export async function imageExample(bytes: Uint8Array, limitPixels = LIMIT_PIXELS): Promise<Examples> {
  assertBytes(bytes);
  if (isPng(bytes)) return pngExample(bytes, limitPixels);
  if (isJpeg(bytes)) return jpegExample(bytes, limitPixels);
  const foreign = foreignImage(bytes);
  if (foreign !== undefined) throw foreignError(foreign);
  throw new InputError('image: its first bytes are neither those of a PNG nor of a JPEG file: convert it to PNG');
}
