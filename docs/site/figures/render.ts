import { plot } from '@observablehq/plot';
import type { Figure, Picture, Row, Values } from './figure.ts';
import { INK } from './marks.ts';

const SVG = 'http://www.w3.org/2000/svg';
const TITLE = 34;
const LINE = 18;
const LEFT = 10;
/** Glyphs of the title are this wide on average. */
const TITLE_GLYPH = 8.7;

/** The width that still pictures are drawn for: a phone's. */
export const STILL_WIDTH = 360;

/** Height of a picture: it follows from its rows and lines alone. */
export function heightOf({ rows, says }: Picture): number {
  return TITLE + rows.reduce((sum, { height }) => sum + height, 0) + LINE * says.length + 10;
}

/** Draws a figure at some values: an svg element of `document`. */
export function render(figure: Figure, values: Values, width: number, document: Document): SVGSVGElement {
  const picture = figure.draw(values, width);
  const height = heightOf(picture);
  const svg = document.createElementNS(SVG, 'svg') as SVGSVGElement;
  set(svg, { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': figure.title });
  set(svg, { fill: INK, 'font-size': 12, 'font-family': 'system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif' });
  if (figure.title.length * TITLE_GLYPH > STILL_WIDTH - LEFT) throw new Error(`the title is too long: ${figure.title}`);
  svg.append(textAt(document, figure.title, 22, { 'font-size': 14, 'font-weight': 'bold' }));
  let top = TITLE;
  for (const row of picture.rows) {
    svg.append(...charts(row, top, width, document));
    top += row.height;
  }
  picture.says.forEach((line, i) => {
    svg.append(textAt(document, line, top + LINE * (i + 1) - 3, { 'font-size': 12.5 }));
  });
  return svg;
}

/** The charts of a row, each an svg element at its place, with its heading. */
function charts({ panels, height }: Row, top: number, width: number, document: Document): Element[] {
  const shares = panels.reduce((sum, { share = 1 }) => sum + share, 0);
  let left = 0;
  return panels.flatMap(({ heading, share = 1, ...options }) => {
    const own = (width * share) / shares;
    const chart = plot({ ...options, document, width: own, height, className: 'figure-chart' }) as SVGSVGElement;
    chart.querySelector('style')?.remove(); // Plot's own: figures have the page's
    set(chart, { x: left, y: top, overflow: 'visible', fill: 'currentColor', color: INK });
    chart.removeAttribute('font-size');
    chart.removeAttribute('font-family');
    const words = heading === undefined ? [] : [textAt(document, heading, top + 13, { x: left + LEFT })];
    left += own;
    return [chart, ...words];
  });
}

function textAt(document: Document, words: string, y: number, more: Record<string, string | number>): Element {
  const element = document.createElementNS(SVG, 'text');
  set(element, { x: LEFT, y, ...more });
  element.textContent = words;
  return element;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
