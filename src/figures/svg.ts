import { GLYPH } from './glyph.ts';
import { flow, type LegendItem, nameAt, SWATCH } from './legend.ts';
import { withoutForbidden } from './markup.ts';
import { DOMParser, type Markish, type PlotOptions, plot } from './plot.ts';
import { colours, darkStyle, FIGURE_CLASS, FONTS } from './theme.ts';
import { NARROW } from './width.ts';
import { shorten, wrap } from './words.ts';

const SVG = 'http://www.w3.org/2000/svg';
const FONT_SIZE = 12;
const TITLE_SIZE = 15;
/** Width of an average bold glyph, as a share of its size. */
const TITLE_GLYPH = 0.65;
const TITLE_LINE = 19;
const LINE = 16;
const LEFT = 12;
/** Between what is said of a figure and the y axis's label. */
const NOTE_GAP = 6;
const TITLE_TOP = 14;
/** From the top to the frame, with one line of title, and below the frame, with an axis. */
export const TOP = 68;
export const BOTTOM = 52;

/** A figure before it is drawn: Plot's options, and the words around its frame. */
export interface Figure extends Omit<PlotOptions, 'title' | 'marginTop'> {
  /** At the top, on up to two lines. */
  readonly title: string;
  /** Below the title: what the figure shows, and how it is read. */
  readonly notes?: readonly string[] | undefined;
  /** Above the frame, at the left. */
  readonly yLabel: string;
  readonly width: number;
  /** With one line of title and nothing else around the frame: what more there is makes the figure higher. */
  readonly height: number;
  /** `height` is that of the whole figure: what more there is makes the frame lower. */
  readonly exact?: boolean | undefined;
  readonly marginLeft: number;
  readonly marginBottom?: number | undefined;
  /** More room above the frame, in pixels. */
  readonly above?: number | undefined;
  /** Below the frame. */
  readonly legend?: readonly LegendItem[] | undefined;
  /** Below all. */
  readonly remarks?: readonly string[] | undefined;
  readonly marks: Markish[];
}

/**
 * The figure as a standalone SVG file: namespace, background and ink are its own, light or dark as the page is, so that it reads
 * the same in a viewer and in a page of any colour. A pure function of the figure: each call draws in a fresh document.
 */
export function toSvg(figure: Figure): string {
  const {
    title,
    notes = [],
    yLabel,
    width,
    above = 0,
    legend = [],
    remarks = [],
    marks,
    exact = false,
    ...options
  } = figure;
  const { marginBottom = BOTTOM } = figure;
  const most = Math.floor((width - 2 * LEFT) / GLYPH);
  const titleSize = width < NARROW ? TITLE_SIZE - 1 : TITLE_SIZE;
  const titles = wrap(title, Math.floor((width - 2 * LEFT) / (TITLE_GLYPH * titleSize)), 2);
  const noted = notes.flatMap((note) => wrap(note, most, 3));
  const head = TITLE_LINE * (titles.length - 1) + (noted.length > 0 ? LINE * noted.length + NOTE_GAP : 0);
  const placed = flow(legend, width - 2 * LEFT, GLYPH);
  const legendLines = placed.length === 0 ? 0 : placed[placed.length - 1].line + 1;
  const remarked = remarks.flatMap((remark) => wrap(remark, most, 3));
  const foot = LINE * (legendLines + remarked.length) + (legendLines + remarked.length > 0 ? 8 : 0);
  const height = exact ? figure.height : figure.height + head + above + foot;
  const document = blankDocument();
  const svg = plot({
    ...options,
    document,
    className: FIGURE_CLASS, // Plot's own are random
    ariaLabel: [shorten(title, 300), ...noted].join(' · '),
    width,
    height,
    marginTop: TOP + head + above,
    marginBottom: marginBottom + foot,
    marks,
  });
  const add = (name: string, attributes: Record<string, string | number | undefined>, words?: string) => {
    const element = document.createElementNS(SVG, name);
    setAttributes(element, attributes);
    if (words !== undefined) element.textContent = words;
    svg.append(element);
    return element;
  };
  const write = (words: string, x: number, y: number, more: Record<string, string | number | undefined> = {}) =>
    words === '' ? undefined : add('text', { x, y, 'text-anchor': 'start', ...more }, words);
  titles.forEach((line, i) => {
    write(line, LEFT, TITLE_TOP + 13 + TITLE_LINE * i, { 'font-size': titleSize, 'font-weight': 'bold' });
  });
  const below = TITLE_TOP + 37 + TITLE_LINE * (titles.length - 1);
  noted.forEach((line, i) => {
    write(line, LEFT, below + LINE * i, { fill: colours.muted });
  });
  write(shorten(yLabel, most), LEFT, below + (noted.length > 0 ? LINE * noted.length + NOTE_GAP : 0));
  const footTop = height - foot + 12;
  for (const item of placed) {
    const y = footTop + LINE * item.line;
    const { color, bold, strokeWidth = 2, dashes } = item;
    const from = LEFT + item.x;
    const stroke = { stroke: color, 'stroke-width': strokeWidth, 'stroke-dasharray': dashes };
    add('line', { x1: from, x2: from + SWATCH, y1: y - 4, y2: y - 4, ...stroke });
    write(item.text, LEFT + nameAt(item), y, { fill: color, 'font-weight': bold ? 'bold' : undefined });
  }
  remarked.forEach((line, i) => {
    write(line, LEFT, footTop + LINE * (legendLines + i), { fill: colours.muted });
  });
  const background = document.createElementNS(SVG, 'rect');
  setAttributes(background, { width: '100%', height: '100%', fill: colours.ground });
  svg.prepend(background);
  setAttributes(svg, {
    xmlns: SVG,
    role: 'img',
    color: colours.ink,
    'font-size': String(FONT_SIZE),
    'font-family': FONTS,
  });
  return withoutForbidden(svg.outerHTML.replace('</style>', `\n${darkStyle()}</style>`));
}

/** An XML document: an HTML one would write < and & in attributes as they are. linkedom types it as its own class. */
function blankDocument(): Document {
  return new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, 'image/svg+xml') as unknown as Document;
}

function setAttributes(element: Element, attributes: Record<string, string | number | undefined>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
}
