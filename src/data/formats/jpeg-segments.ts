import { InputError } from '../../errors.ts';
import { exifOrientation } from './exif.ts';
import { checkHuffmanTables, checkQuantizationTables, type Frame, readFrame, readScan } from './jpeg-headers.ts';

/** What `walkSegments` finds in a file. */
export interface JpegParts {
  readonly frame: Frame;
  /** Whether three components are red, green and blue as they stand, as an Adobe marker may say. */
  readonly isRgb: boolean;
  /** How the camera was held, 1 to 8 (see `exifOrientation`). */
  readonly orientation: number;
  /** The segments that make the pixels, as a file of their own. */
  readonly core: Uint8Array;
  /** Bytes of compressed data in all scans. */
  readonly packedBytes: number;
  /** Blocks of 8 by 8 samples that all scans together go through. */
  readonly visits: number;
}

const cut = 'JPEG image: it ends before its end marker: it was cut; fetch it again';

/** Index of the first marker (its 0xff) at or after `at` that ends compressed data: neither stuffing nor a restart. */
function nextMarker(bytes: Uint8Array, at: number): number {
  for (let i = at; i + 1 < bytes.length; i++) {
    const next = bytes[i + 1];
    if (bytes[i] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return i;
  }
  throw new InputError(cut);
}

/** Whether a marker is that of a frame header: SOF0 to SOF15 without DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Every segment of a JPEG file, checked to hold exactly what its length says, so that the decoder, which goes by the
 * contents, cannot see another file than was checked. Application data, comments and whatever stands between segments are
 * left out. Throws InputError where the file is cut, damaged or has segments that are not known.
 * [ITU-T T.81, annex B]
 */
export function walkSegments(bytes: Uint8Array): JpegParts {
  let frame: Frame | undefined;
  let isRgb = false;
  let orientation = 1;
  let [packedBytes, visits] = [0, 0];
  const kept: [begin: number, end: number][] = [[0, 2]];
  for (let at = 2; ; ) {
    at = nextMarker(bytes, at);
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (at + 4 > bytes.length) throw new InputError(cut);
    let end = at + 2 + (bytes[at + 2] << 8) + bytes[at + 3];
    if (end > bytes.length || end < at + 4) throw new InputError(cut);
    const content = bytes.subarray(at + 4, end);
    let keep = true;
    if (isFrame(marker)) {
      if (frame) throw new InputError('JPEG image: it must hold one frame header: it is damaged');
      frame = readFrame(marker, content);
    } else if (marker === 0xdb) checkQuantizationTables(content);
    else if (marker === 0xc4) checkHuffmanTables(content);
    else if (marker === 0xdd) {
      if (content.length !== 2) throw new InputError('JPEG image: its restart interval is damaged');
    } else if (marker === 0xda) {
      if (!frame) throw new InputError('JPEG image: a scan stands before the frame header: it is damaged');
      visits += readScan(content, frame);
      const begin = end;
      end = nextMarker(bytes, begin);
      packedBytes += end - begin;
    } else if (marker === 0xee) {
      // APP14: "Adobe", version, two flags, transform; 0 means that there is none. [Adobe TN 5116, §18]
      keep = content.length >= 12 && String.fromCharCode(...content.subarray(0, 5)) === 'Adobe';
      if (keep) isRgb = content[11] === 0;
    } else if (marker === 0xe1) {
      keep = false;
      if (orientation === 1) orientation = exifOrientation(content);
    } else if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe || marker === 0xdc) keep = false;
    else throw new InputError(`JPEG image: its segment ff ${marker.toString(16)} is not known: save it again`);
    if (keep) kept.push([at, end]);
    at = end;
  }
  if (!frame || visits === 0) throw new InputError('JPEG image: it holds no pixels: it is damaged');
  return { frame, isRgb, orientation, core: copied(bytes, kept), packedBytes, visits };
}

/** The parts of a file one after the other, and an end marker. */
function copied(bytes: Uint8Array, parts: readonly (readonly [number, number])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, [begin, end]) => sum + end - begin, 2));
  let at = 0;
  for (const [begin, end] of parts) {
    out.set(bytes.subarray(begin, end), at);
    at += end - begin;
  }
  out.set([0xff, 0xd9], at);
  return out;
}
