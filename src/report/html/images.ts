import { encodePng, type Picture } from '../../figures/picture.ts';
import { base64 } from '../base64.ts';
import { html, type Markup } from './markup.ts';

/** Where a page is taken to be that of a phone: charts are drawn for its width there, so that their text stays as large. */
const NARROW = 360;
const WIDE = 760;

/** A chart, drawn for wide pages and for phones; as an image, in which nothing runs, whatever its texts are. */
export function chart(says: string, draw: (width: number) => string): Markup {
  const [narrow, wide] = [NARROW, WIDE].map((width) => dataOf(new TextEncoder().encode(draw(width)), 'image/svg+xml'));
  return html`<picture><source media="(max-width: 640px)" srcset="${narrow}"><img class="chart" src="${wide}" alt="${says}"></picture>`;
}

/** Shades, row by row, as a picture of its own pixels. */
export function tile(picture: Picture, says: string): Markup {
  const { width, height } = picture;
  return html`<img src="${dataOf(encodePng(picture), 'image/png')}" width="${width}" height="${height}" alt="${says}">`;
}

function dataOf(bytes: Uint8Array, type: string): string {
  return `data:${type};base64,${base64(bytes)}`;
}
