import { matrix } from '../../array/matrix.ts';
import type { Examples } from '../../data/examples.ts';
import { InputError } from '../../errors.ts';
import type { OwnData } from './data-sets.ts';

const MOST_IMAGES = 40;
const MOST_PIXELS = 1024; // of a side: larger images are drawn smaller
const MOST_BYTES = 20 * 2 ** 20; // of a table

/** Images, or one table, as somebody chose or dropped them: they stay in the page. @throws InputError for anything else. */
export async function ownData(files: readonly File[]): Promise<OwnData> {
  const images = files.filter(({ type }) => type.startsWith('image/'));
  if (images.length > 0) {
    if (images.length > MOST_IMAGES) {
      throw new InputError(`${images.length} images were given: at most ${MOST_IMAGES} are taken at once`);
    }
    const drawn: Drawn[] = [];
    for (const file of images) drawn.push(await imageOf(file));
    return {
      kind: 'images',
      images: drawn.map(({ examples }) => examples),
      names: images.map(({ name }) => name),
      plain: drawn.every(({ plain }) => plain),
    };
  }
  const tables = files.filter(({ name, type }) => type === 'text/csv' || /\.(csv|tsv|txt)$/i.test(name));
  if (tables.length !== 1) {
    const names = files.map(({ name }) => name).join(', ');
    throw new InputError(`${names || 'nothing'} was given: give images (PNG, JPEG, …), or one table (CSV)`);
  }
  const [{ name, size }] = tables;
  if (size > MOST_BYTES) {
    throw new InputError(
      `${name} has ${Math.ceil(size / 2 ** 20)} MB: tables of at most ${MOST_BYTES / 2 ** 20} MB are taken here`,
    );
  }
  return { kind: 'table', bytes: new Uint8Array(await tables[0].arrayBuffer()), name };
}

interface Drawn {
  readonly examples: Examples;
  /** It is an opaque PNG of 8 bits, in its own size: every decoder gives these bytes. */
  readonly plain: boolean;
}

/** Its red, green and blue as bytes, by the browser's own decoder. */
async function imageOf(file: File): Promise<Drawn> {
  const whole = await createImageBitmap(file, { colorSpaceConversion: 'none' }).catch(() => {
    throw new InputError(`${file.name} is no image that this browser reads`);
  });
  const scale = Math.min(1, MOST_PIXELS / Math.max(whole.width, whole.height));
  const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new InputError('this browser draws no images in workers');
  context.drawImage(whole, 0, 0, width, height);
  whole.close();
  const { data } = context.getImageData(0, 0, width, height);
  const bytes = new Uint8Array(3 * width * height);
  for (let p = 0, q = 0; q < bytes.length; p += 4) for (let c = 0; c < 3; c++) bytes[q++] = data[p + c];
  const head = new Uint8Array(await file.slice(0, 26).arrayBuffer());
  const isPng = head[1] === 0x50 && head[2] === 0x4e && head[24] === 8;
  return {
    examples: { x: matrix(bytes, 1, bytes.length), unit: 255, image: { height, width, channels: 3 } },
    plain: isPng && scale === 1 && data.every((value, i) => i % 4 !== 3 || value === 255),
  };
}
