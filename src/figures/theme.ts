/**
 * Colours of figures, after Okabe and Ito, dark enough to be read as text on white. Attributes of the SVG hold them, so that every viewer
 * shows them; where a page is dark, the SVG's own style puts the ones of `DARK` in their place.
 */
export const colours = {
  ground: 'white',
  ink: '#1b1b1b',
  muted: '#5a6270',
  bar: '#4a84c4',
  dead: '#7b818c',
  blue: '#0069a8',
  vermilion: '#b34700',
  green: '#00734f',
  purple: '#a3407c',
  ochre: '#856000',
  sky: '#1f7a99',
  slate: '#5b6470',
  brown: '#7a4a21',
  violet: '#6f3fb5',
  dot: '#8a8f98',
} as const;

/** Of the terms of a cost, in their order. */
export const termColours: readonly string[] = [
  colours.blue,
  colours.vermilion,
  colours.green,
  colours.purple,
  colours.ochre,
  colours.sky,
  colours.slate,
  colours.brown,
];

/** In the place of each colour on a dark page. */
export const DARK: Readonly<Record<keyof typeof colours, string>> = {
  ground: '#16181c',
  ink: '#e8e8e6',
  muted: '#a9b0bc',
  bar: '#5c9be0',
  dead: '#858c98',
  blue: '#56b4e9',
  vermilion: '#f39a5b',
  green: '#35c99a',
  purple: '#e59ac6',
  ochre: '#e3b23c',
  sky: '#7fd1e8',
  slate: '#aab3c0',
  brown: '#cfa37c',
  violet: '#b99bf2',
  dot: '#9aa1ad',
};

/** The class of every figure: styles name it, so that a page that holds figures is not styled by them. */
export const FIGURE_CLASS = 'rhohat-figure';

/** Of every figure. */
export const FONTS = 'system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif';

/** The style that makes a figure dark where the page is. */
export function darkStyle(): string {
  const of = `.${FIGURE_CLASS}`;
  const swapped = (Object.keys(colours) as (keyof typeof colours)[]).flatMap((name) => {
    const [light, dark] = [colours[name], DARK[name]];
    return ['fill', 'stroke'].map((paint) => `${of} [${paint}="${light}"] { ${paint}: ${dark}; }`);
  });
  const own = `${of} { color: ${DARK.ink}; --plot-background: ${DARK.ground}; }`;
  return `@media (prefers-color-scheme: dark) {\n${[own, ...swapped].join('\n')}\n}`;
}
