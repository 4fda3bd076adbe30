import { InputError } from '../../errors.ts';

/** Kinds of images that are not read, by their endings. */
const byEnding: Readonly<Record<string, string>> = {
  '.webp': 'WebP',
  '.gif': 'GIF',
  '.tif': 'TIFF',
  '.tiff': 'TIFF',
  '.heic': 'HEIC',
  '.heif': 'HEIC',
  '.avif': 'AVIF',
  '.bmp': 'BMP',
  '.jxl': 'JPEG XL',
  '.jp2': 'JPEG 2000',
};

/** The kind of image that an ending is of, where it is one that is not read. */
export function foreignEnding(extension: string): string | undefined {
  return Object.hasOwn(byEnding, extension) ? byEnding[extension] : undefined;
}

/** The kind of image that the bytes begin as, where it is one that is not read. */
export function foreignImage(bytes: Uint8Array): string | undefined {
  const at = (begin: number, end: number) => String.fromCharCode(...bytes.subarray(begin, end));
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return 'WebP';
  if (/^GIF8[79]a/.test(at(0, 6))) return 'GIF';
  if (/^(II\*\0|MM\0\*)/.test(at(0, 4))) return 'TIFF';
  if (at(4, 8) === 'ftyp')
    return /^avi[fs]/.test(at(8, 12)) ? 'AVIF' : /^(hei|hev|mif1|msf1)/.test(at(8, 12)) ? 'HEIC' : undefined;
  // A bitmap's length follows its two letters.
  const length = bytes.length >= 6 ? bytes[2] + 256 * (bytes[3] + 256 * (bytes[4] + 256 * bytes[5])) : 0;
  return at(0, 2) === 'BM' && length === bytes.length ? 'BMP' : undefined;
}

/** The error of such an image. */
export function foreignError(kind: string): InputError {
  const ending = kind.toLowerCase().replaceAll(' ', '');
  return new InputError(
    `it is a ${kind} image, and PNG and JPEG are read: convert it to PNG, such as by magick x.${ending} x.png`,
  );
}
