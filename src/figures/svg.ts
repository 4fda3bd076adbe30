import {
  type AxisXOptions,
  axisY,
  DOMParser,
  gridY,
  type Markish,
  type PlotOptions,
  plot,
  type TextOptions,
  text,
} from './plot.ts';
import type { Axis } from './ticks.ts';

const SVG = 'http://www.w3.org/2000/svg';
const FONT_SIZE = 12;
const LABEL_ROOM = 28;
/** Width of an average glyph at FONT_SIZE: margins are set before anything can be measured. */
export const GLYPH = 6.9;
const TITLE_SIZE = 15;
const TITLE_GLYPH = 10.3;
const LEFT = 12;
const TITLE_TOP = 14;
const Y_LABEL_TOP = 40;

/** What no XML file may hold, even escaped: control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A figure before it is drawn: Plot's options, with the title and the y axis's label, which stand at the top left. */
export interface Figure extends PlotOptions {
  readonly title: string;
  readonly yLabel: string;
  readonly width: number;
  readonly height: number;
  readonly marginTop: number;
  readonly marginLeft: number;
  readonly marks: Markish[];
}

/**
 * The figure as a standalone SVG file: namespace, white background and dark ink are its own, so that it reads the
 * same in a viewer and in a page of any colour. A pure function of the figure: each call draws in a fresh document.
 */
export function toSvg(figure: Figure): string {
  const { title: fullTitle, width, yLabel, marks, ...options } = figure; // Plot's own title would make it HTML
  const title = shorten(fullTitle, Math.floor((width - 2 * LEFT) / TITLE_GLYPH));
  const document = blankDocument();
  const svg = plot({
    ...options,
    document,
    className: 'rhohat-figure', // Plot's own are random
    ariaLabel: title,
    width,
    marks: [
      ...marks,
      text([title], { ...topLeft(figure, TITLE_TOP), fontSize: TITLE_SIZE, fontWeight: 'bold' }),
      text([yLabel], topLeft(figure, Y_LABEL_TOP)),
    ],
  });
  const background = document.createElementNS(SVG, 'rect');
  setAttributes(background, { width: '100%', height: '100%', fill: 'white' });
  svg.prepend(background);
  setAttributes(svg, {
    xmlns: SVG,
    role: 'img',
    color: '#1b1b1b',
    'font-size': String(FONT_SIZE),
    'font-family': 'system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif',
  });
  return svg.outerHTML.replace(FORBIDDEN, ' ');
}

/** The x axis's label: below the middle, without an arrow. */
export function xLabel(label: string): AxisXOptions {
  return { label, labelAnchor: 'center', labelArrow: 'none', labelOffset: 42 };
}

/** The y axis with a faint line at every tick. Given as `text`, because Plot drops some of a log axis's tick formats. */
export function yAxis({ ticks, label }: Axis): Markish[] {
  return [gridY(ticks, { strokeOpacity: 0.12 }), axisY(ticks, { text: (tick: number) => label(tick), label: null })];
}

/** The left margin that the labels of a y axis need. */
export function tickRoom({ ticks, label }: Axis): number {
  return LABEL_ROOM + GLYPH * Math.max(...ticks.map((tick) => label(tick).length));
}

/** Text at the picture's left edge, `top` pixels below its upper edge; Plot counts from the frame. */
function topLeft({ marginLeft, marginTop }: Figure, top: number): TextOptions {
  return {
    frameAnchor: 'top-left',
    lineAnchor: 'top',
    textAnchor: 'start',
    dx: LEFT - marginLeft,
    dy: top - marginTop,
  };
}

/** An XML document: an HTML one would write < and & in attributes as they are. linkedom types it as its own class. */
function blankDocument(): Document {
  return new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, 'image/svg+xml') as unknown as Document;
}

/** At most `most` characters, on one line. */
export function shorten(words: string, most: number): string {
  const clean = words.replace(/\p{Cc}/gu, ' ');
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`;
}

function setAttributes(element: Element, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
