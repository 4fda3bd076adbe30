import { deflateSync } from 'node:zlib';
import { crc32Of } from './crc32.ts';

/** A PNG chunk with its checksum. */
export function chunk(type: string, data: Iterable<number>): number[] {
  const body = [...Buffer.from(type, 'latin1'), ...data];
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(body.length - 4, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32Of(body), body.length + 4);
  return [...out];
}

export interface PngParts {
  width: number;
  height: number;
  depth: number;
  colourType: number;
  /** Scan lines as they stand in the stream, each with its filter byte. */
  lines: number[];
  interlaced?: boolean;
  /** Whole chunks between IHDR and IDAT. */
  before?: number[];
}

/** A PNG file from its parts, to say exactly what a reader meets. */
export function makePng({ width, height, depth, colourType, lines, interlaced, before = [] }: PngParts): Uint8Array {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(width, 0);
  sizes.writeUInt32BE(height, 4);
  return Uint8Array.from([
    ...[137, 80, 78, 71, 13, 10, 26, 10],
    ...chunk('IHDR', [...sizes, depth, colourType, 0, 0, interlaced ? 1 : 0]),
    ...before,
    ...chunk('IDAT', deflateSync(Uint8Array.from(lines))),
    ...chunk('IEND', []),
  ]);
}
