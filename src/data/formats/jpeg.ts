import jpeg from 'jpeg-js';
import { matrix } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { upright } from './exif.ts';
import { type JpegParts, walkSegments } from './jpeg-segments.ts';

/** Whether the bytes begin as a JPEG file. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Throws InputError on kinds that are not decoded here, and on sizes and work out of proportion to the file. */
function check({ frame, packedBytes, visits }: JpegParts, fileBytes: number, limitPixels: number): void {
  const { marker, precision, height, width, blocks } = frame;
  const size = `${width} by ${height} pixels`;
  if (marker > 0xc2 || precision !== 8) {
    const kind = `process ${marker - 0xc0} with ${precision} bits`;
    throw new InputError(`JPEG image: ${kind} is not supported: save it as a baseline or progressive JPEG of 8 bits`);
  }
  if (blocks.size === 2) {
    throw new InputError('JPEG image: 2 components are not supported: save it as a grey or colour JPEG');
  }
  if (width < 1 || height < 1 || width * height > limitPixels) {
    throw new InputError(`JPEG image: it is ${size}: allowed are 1 to ${limitPixels} pixels; scale it down`);
  }
  // A block takes a bit at least: the first code of a progressive file; a baseline one has two codes.
  const needed = [...blocks.values()].reduce((sum, n) => sum + n, 0) / (marker === 0xc2 ? 8 : 4);
  if (packedBytes < Math.floor(needed)) {
    throw new InputError(`JPEG image: it is ${size} in ${packedBytes} bytes, too few: it was cut; fetch it again`);
  }
  const samples = width * height * (blocks.size === 1 ? 1 : 3);
  if (samples > Math.max(2 ** 24, 256 * fileBytes)) {
    const given = `it is ${size} in ${fileBytes} bytes, more than 256 samples a byte`;
    throw new InputError(`JPEG image: ${given}: that is taken for a decompression bomb; cut it into smaller images`);
  }
  if (visits > Math.max(2 ** 22, 16 * fileBytes)) {
    throw new InputError(`JPEG image: its scans go through ${visits} blocks, too many for its ${fileBytes} bytes`);
  }
}

/**
 * A JPEG image (baseline or progressive, 8 bits) as one example: grey or RGB, unit 255, turned as the camera noted (EXIF), which a
 * note says. Throws InputError on damaged and cut files, other kinds of JPEG and, before anything is
 * decoded, on more than `limitPixels` pixels, on those whose samples take more than 256 times the file and 16 MiB, and on
 * scans that go over the image more often than a file of its length has reason to.
 * Memory: at most 12 times the samples, for the decoder keeps every block as an array of its own.
 */
export function jpegExample(bytes: Uint8Array, limitPixels: number): Examples {
  if (!isJpeg(bytes)) throw new InputError('JPEG image: its first bytes are not those of a JPEG file');
  const parts = walkSegments(bytes);
  check(parts, bytes.length, limitPixels);
  const { height, width, blocks } = parts.frame;
  let rgb: Uint8Array;
  try {
    // Tolerant only means that blocks past the image's edge, which restart intervals may lead to, are skipped.
    rgb = jpeg.decode(parts.core, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: true,
      ...(parts.isRgb && blocks.size === 3 ? { colorTransform: false } : {}),
      maxResolutionInMP: limitPixels / 1e6,
      maxMemoryUsageInMB: 4096,
    }).data;
  } catch (error) {
    // The decoder looks tables up without asking whether there are any.
    const reason = error instanceof TypeError ? 'its compressed data cannot be decoded' : (error as Error).message;
    throw new InputError(`JPEG image: ${reason}; it is damaged: save it again`);
  }
  if (rgb.length !== 3 * width * height) throw new InputError('JPEG image: its pixels do not fit its header');
  const stored = { height, width, channels: blocks.size === 1 ? 1 : 3 };
  const { orientation } = parts;
  const { data, image } = upright(stored.channels === 1 ? everyThird(rgb) : rgb, stored, orientation);
  const notes = orientation === 1 ? {} : { notes: [`turned upright: its EXIF orientation is ${orientation}`] };
  return { x: matrix(data, 1, data.length), unit: 255, image, ...notes };
}

function everyThird(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < out.length; i++) out[i] = rgb[3 * i];
  return out;
}
