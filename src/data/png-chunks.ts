import { InputError } from '../errors.ts';

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
// Bit depths that the standard allows for each colour type, and samples of a pixel. [W3C, PNG, table 11.1]
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
// The chunks that make the pixels; the others (animation, profiles, text) are left out before decoding.
const kept = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/** The IHDR chunk. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
}

/** Whether the bytes begin as a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && signature.every((byte, i) => bytes[i] === byte);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The kept chunks as a PNG of their own, and the contents of the IDAT chunks joined. */
export function walkChunks(bytes: Uint8Array): { header: PngHeader; core: Uint8Array; packed: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [bytes.subarray(0, 8)];
  const data: Uint8Array[] = [];
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : bytes.length;
    if (at + 12 + length > bytes.length) {
      throw new InputError(
        `PNG image: it ends within a chunk, after ${bytes.length} bytes: it was cut; fetch it again`,
      );
    }
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((parts.length === 1) !== (type === 'IHDR') || (type === 'IHDR' && length !== 13)) {
      throw new InputError('PNG image: it must begin with one IHDR chunk of 13 bytes: it is damaged');
    }
    if (kept.includes(type)) parts.push(bytes.subarray(at, at + 12 + length));
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const header = {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24],
    colourType: bytes[25],
    interlaced: bytes[28] !== 0,
  };
  return { header, core: join(parts), packed: join(data) };
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

/** Throws InputError on sizes and formats that are not decoded here. */
export function checkHeader({ width, height, depth, colourType, interlaced }: PngHeader, limitPixels: number): void {
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
}
