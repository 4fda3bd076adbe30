import jpeg from 'jpeg-js';
import { matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Examples } from './examples.ts';

/** Whether the bytes begin as a JPEG file. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

interface Frame {
  readonly marker: number;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: number;
  /** Whether three components are red, green and blue as they stand, as an Adobe marker may say. */
  readonly isRgb: boolean;
}

const cut = 'JPEG image: it ends before its end marker: it was cut; fetch it again';

/** Index of the first marker (its 0xff) at or after `at` that ends compressed data: neither stuffing nor a restart. */
function scanEnd(bytes: Uint8Array, at: number): number {
  for (let i = at; i + 1 < bytes.length; i++) {
    const next = bytes[i + 1];
    if (bytes[i] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return i;
  }
  throw new InputError(cut);
}

/** The frame header; the whole file is walked, so that one without pixels or without an end is refused. */
function readFrame(bytes: Uint8Array): Frame {
  let frame: Frame | undefined;
  let scans = 0;
  let isRgb = false;
  for (let at = 2; ; ) {
    at = scanEnd(bytes, at);
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (at + 4 > bytes.length) throw new InputError(cut);
    const end = at + 2 + (bytes[at + 2] << 8) + bytes[at + 3];
    if (end > bytes.length || end < at + 4) throw new InputError(cut);
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      if (frame || end < at + 10) throw new InputError('JPEG image: it must hold one frame header: it is damaged');
      frame = {
        marker,
        precision: bytes[at + 4],
        height: (bytes[at + 5] << 8) | bytes[at + 6],
        width: (bytes[at + 7] << 8) | bytes[at + 8],
        components: bytes[at + 9],
        isRgb: false,
      };
    }
    // APP14: "Adobe", version, two flags, transform; 0 means that there is none. [Adobe TN 5116, §18]
    if (marker === 0xee && end >= at + 16 && String.fromCharCode(...bytes.subarray(at + 4, at + 9)) === 'Adobe') {
      isRgb = bytes[at + 15] === 0;
    }
    if (marker === 0xda) scans++;
    at = end;
  }
  if (!frame || scans === 0) throw new InputError('JPEG image: it holds no pixels: it is damaged');
  return { ...frame, isRgb };
}

/**
 * A JPEG image (baseline or progressive, 8 bits) as one example: grey or RGB, unit 255. The orientation that a camera
 * noted (EXIF) is not applied. Throws InputError on damaged and cut files, other kinds of JPEG and more than
 * `limitPixels` pixels, before they are decoded.
 */
export function jpegExample(bytes: Uint8Array, limitPixels: number): Examples {
  if (!isJpeg(bytes)) throw new InputError('JPEG image: its first bytes are not those of a JPEG file');
  const { marker, precision, height, width, components, isRgb } = readFrame(bytes);
  if (marker > 0xc2 || precision !== 8) {
    const kind = `process ${marker - 0xc0} with ${precision} bits`;
    throw new InputError(`JPEG image: ${kind} is not supported: save it as a baseline or progressive JPEG of 8 bits`);
  }
  if (width < 1 || height < 1 || width * height > limitPixels) {
    throw new InputError(
      `JPEG image: it is ${width} by ${height} pixels: allowed are 1 to ${limitPixels} pixels; scale it down`,
    );
  }
  let rgb: Uint8Array;
  try {
    // Tolerant only means that blocks past the image's edge, which restart intervals may lead to, are skipped.
    rgb = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: true,
      ...(isRgb && components === 3 ? { colorTransform: false } : {}),
      maxResolutionInMP: limitPixels / 1e6,
      maxMemoryUsageInMB: 4096,
    }).data;
  } catch (error) {
    throw new InputError(`JPEG image: ${(error as Error).message}; it is damaged: save it again`);
  }
  const channels = components === 1 ? 1 : 3;
  const data = channels === 3 ? rgb : rgb.filter((_, i) => i % 3 === 0);
  return { x: matrix(data, 1, data.length), unit: 255, image: { height, width, channels } };
}
