import type { TypedNumbers } from '../../array/numbers.ts';
import type { ImageShape } from '../examples.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;
const MOST_ENTRIES = 1000; // of a directory; cameras write dozens

/**
 * How a camera was held, 1 to 8, from the content of a JPEG's APP1 segment; 1, as the pixels stand, where it does not say, or is
 * damaged: pixels do not depend on it. [JEITA CP-3451, Exif 2.3, "Orientation"; TIFF 6.0, section 2]
 */
export function exifOrientation(content: Uint8Array): number {
  if (content.length < 14 || String.fromCharCode(...content.subarray(0, 6)) !== 'Exif\0\0') return 1;
  const view = new DataView(content.buffer, content.byteOffset + 6, content.length - 6);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = Math.min(MOST_ENTRIES, view.getUint16(directory, little));
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, little);
    const sound = view.getUint16(at + 2, little) === SHORT && view.getUint32(at + 4, little) === 1;
    return sound && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/**
 * The pixels of an image [row][column][channel] as it is to be seen, and its shape. Orientation: 2 and 4 are mirrored, 3 stands
 * on its head, 5 to 8 lie on their side.
 */
export function upright<D extends TypedNumbers>(
  pixels: D,
  image: ImageShape,
  orientation: number,
): { data: D; image: ImageShape } {
  if (orientation === 1) return { data: pixels, image };
  const { height, width, channels } = image;
  const turned = orientation >= 5;
  const [rows, columns] = turned ? [width, height] : [height, width];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const data = pixels.slice() as D;
  for (let i = 0, q = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [row, column] = turned ? [j, i] : [i, j];
      const y = fromBelow ? height - 1 - row : row;
      const x = fromRight ? width - 1 - column : column;
      for (let c = 0, p = (y * width + x) * channels; c < channels; c++) data[q++] = pixels[p++];
    }
  }
  return { data, image: { height: rows, width: columns, channels } };
}
