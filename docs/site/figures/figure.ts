import type { PlotOptions } from '@observablehq/plot';

/** A number that the reader moves. */
export interface Control {
  /** What it is, in a word or two. */
  readonly name: string;
  /** Its letter on the page. */
  readonly symbol: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where it stands in the still picture. */
  readonly start: number;
  /** How a value reads; by default with the decimals of `step`. */
  readonly reads?: ((value: number) => string) | undefined;
}

/** One chart: Plot's options without a size, and what stands above it. */
export interface Panel extends PlotOptions {
  readonly heading?: string | undefined;
  /** Share of the row's width, of all shares in the row; by default 1. */
  readonly share?: number | undefined;
}

/** Charts beside each other. */
export interface Row {
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** What is drawn for some values of the controls: rows of charts, and below them lines of text. */
export interface Picture {
  readonly rows: readonly Row[];
  /** What the numbers are now; as many lines whatever the values, each of at most 52 characters. */
  readonly says: readonly string[];
}

export type Values<K extends string = string> = Readonly<Record<K, number>>;

/** A figure that moves: the same `draw` makes the still picture, at the start values, and the live one. */
export interface Figure<K extends string = string> {
  readonly title: string;
  /** Alternative text of the still picture: a sentence. */
  readonly alt: string;
  readonly controls: { readonly [Key in K]: Control };
  /** The control that the play button moves from min to max, where it is a time. */
  readonly plays?: NoInfer<K> | undefined;
  /** A pure function; `width` in pixels decides no height. */
  draw(values: Values<K>, width: number): Picture;
}

/** A figure whose `draw` knows its controls by name. */
export function figure<K extends string>(spec: Figure<K>): Figure {
  return spec as unknown as Figure;
}

/** Values of the still picture. */
export function startOf({ controls }: Figure): Values {
  return Object.fromEntries(Object.entries(controls).map(([key, { start }]) => [key, start]));
}

/** A value as the reader sees it. */
export function reading({ step, reads }: Control, value: number): string {
  if (reads !== undefined) return reads(value);
  return value.toFixed(/\.(\d+)/.exec(String(step))?.[1].length ?? 0).replace('-', '−');
}
