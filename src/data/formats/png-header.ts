import { InputError } from '../../errors.ts';
import { unpackedLimit } from './gzip.ts';

// Bit depths that the standard allows for each colour type, and samples of a pixel. [W3C, PNG, table 11.1]
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The IHDR chunk. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
}

/** Bytes of the unpacked scan lines: one filter byte and the packed samples a line. Interlaced ones are whole bytes. */
export function unpackedBytes({ width, height, depth, colourType, interlaced }: PngHeader): number {
  const line = (columns: number) => 1 + Math.ceil((columns * depth * samples[colourType]) / 8);
  if (!interlaced) return height * line(width);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  let total = 0;
  for (const [x, y, xStep, yStep] of passes) {
    const columns = Math.ceil((width - x) / xStep);
    const rows = Math.ceil((height - y) / yStep);
    if (columns > 0 && rows > 0) total += rows * line(columns);
  }
  return total;
}

/** Throws InputError on sizes and formats that are not decoded here, and on pixels that so few packed bytes do not hold. */
export function checkHeader(header: PngHeader, limitPixels: number, packedBytes: number): void {
  const { width, height, depth, colourType, interlaced } = header;
  if (!depths[colourType]?.includes(depth)) {
    throw new InputError(
      `PNG image: colour type ${colourType} with ${depth} bits a sample does not exist: it is damaged`,
    );
  }
  if (width < 1 || height < 1 || width * height > limitPixels) {
    throw new InputError(
      `PNG image: it is ${width} by ${height} pixels: allowed are 1 to ${limitPixels} pixels; scale it down`,
    );
  }
  if (interlaced && depth < 8) {
    throw new InputError(
      `PNG image: interlaced with ${depth} bits a sample is not supported: save it without interlacing`,
    );
  }
  const wanted = unpackedBytes(header);
  const limit = unpackedLimit(packedBytes);
  if (wanted > limit) {
    const given = `its ${width} by ${height} pixels take ${wanted} bytes, packed in ${packedBytes}`;
    throw new InputError(`PNG image: ${given}: at most ${limit} are allowed for so few; cut it into smaller images`);
  }
}
