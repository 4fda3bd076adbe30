import { type DecodedPng, decode } from 'fast-png';
import { matrix } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { inflate } from './gzip.ts';
import { isPng, walkChunks } from './png-chunks.ts';
import { checkHeader, unpackedBytes } from './png-header.ts';

export { isPng } from './png-chunks.ts';

/** One sample per element, where fast-png leaves several in a byte. Lines begin at whole bytes. */
function unpackBits(image: DecodedPng): Uint8Array {
  const { width, height, depth, data } = image;
  const lineBytes = Math.ceil((width * depth) / 8);
  const out = new Uint8Array(width * height);
  for (let i = 0, q = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const bit = j * depth;
      out[q++] = (data[i * lineBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return out;
}

/** Pixels over white: round(α·v + (1 − α)·full); the last sample of each pixel is α, as a part of full. */
function overWhite(
  data: Uint8Array | Uint8ClampedArray | Uint16Array,
  channels: number,
  full: number,
): Uint8Array | Uint16Array {
  const pixels = data.length / (channels + 1);
  const out = full === 255 ? new Uint8Array(pixels * channels) : new Uint16Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    const alpha = data[i * (channels + 1) + channels];
    for (let c = 0; c < channels; c++) {
      const value = data[i * (channels + 1) + c];
      out[i * channels + c] = Math.round((alpha * value + (full - alpha) * full) / full);
    }
  }
  return out;
}

/** RGB over white of palette indices. The palette: [colour][R, G, B, A]. */
function lookUp(indices: Uint8Array, palette: readonly number[][]): Uint8Array {
  const colours = overWhite(Uint8Array.from(palette.flatMap(([r, g, b, a = 255]) => [r, g, b, a])), 3, 255);
  const out = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] >= palette.length) {
      throw new InputError(
        `PNG image: a pixel has colour ${indices[i]}, the palette has ${palette.length}: it is damaged`,
      );
    }
    for (let c = 0; c < 3; c++) out[3 * i + c] = colours[3 * indices[i] + c];
  }
  return out;
}

/** Pixels of the one colour that a tRNS chunk declares transparent become white. */
function keyToWhite(data: Uint8Array | Uint8ClampedArray | Uint16Array, key: Uint16Array, white: number): void {
  for (let p = 0; p < data.length; p += key.length) {
    if (key.every((sample, c) => data[p + c] === sample)) data.fill(white, p, p + key.length);
  }
}

/**
 * A PNG image as one example: grey or RGB, unit 255 (or 65535 for 16 bits a sample); fewer bits are scaled to 255,
 * palettes looked up, transparent pixels composited on white, the first frame of an animation taken.
 * Throws InputError on damaged and cut files and, before anything is decoded, on more than `limitPixels` pixels and on pixels
 * that take more than 128 times their packed bytes and 16 MiB (`unpackedLimit`). Memory: at most 8 times those.
 */
export async function pngExample(bytes: Uint8Array, limitPixels: number): Promise<Examples> {
  if (!isPng(bytes)) throw new InputError('PNG image: its first bytes are not those of a PNG file');
  const { header, core, packed } = walkChunks(bytes);
  checkHeader(header, limitPixels, packed.length);
  // fast-png would unpack without bound, and fill a cut last line with zeros: the length is settled first.
  const wanted = unpackedBytes(header);
  const unpacked = await inflate(packed, 'deflate', wanted, 'PNG image');
  if (unpacked.length !== wanted) {
    throw new InputError(
      `PNG image: its pixels unpack to ${unpacked.length} bytes, its size asks for ${wanted}: it is damaged`,
    );
  }
  let image: DecodedPng;
  try {
    image = decode(core);
  } catch (error) {
    throw new InputError(`PNG image: ${(error as Error).message}; it is damaged: save it again`);
  }
  const { width, height, depth } = image;
  const samples = depth < 8 ? height * Math.ceil((width * depth) / 8) : width * height * image.channels;
  if (width !== header.width || height !== header.height || image.data.length !== samples) {
    throw new InputError('PNG image: its pixels do not fit its header: it is damaged; save it again');
  }
  const full = depth === 16 ? 65535 : 255;
  let data = depth < 8 ? unpackBits(image) : image.data;
  let channels = image.channels;
  if (header.colourType === 3) {
    data = lookUp(data as Uint8Array, image.palette ?? []);
    channels = 3;
  } else if (channels === 2 || channels === 4) {
    channels -= 1;
    data = overWhite(data, channels, full);
  } else {
    if (image.transparency?.length === channels) keyToWhite(data, image.transparency, 2 ** depth - 1);
    if (depth < 8) data = data.map((sample) => (sample * 255) / (2 ** depth - 1));
  }
  return { x: matrix(data, 1, data.length), unit: full, image: { height, width, channels } };
}
