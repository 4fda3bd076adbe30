export { grey, type Palette, signed, viridis } from '../../figures/colour-scales.ts';

/** Of the terms of a cost, in charts and bars. [Okabe & Ito 2008] */
export const termColours: Readonly<Record<string, string>> = {
  reconstruction: '#0072b2',
  sparsity: '#d55e00',
  'weight decay': '#009e73',
  contraction: '#cc79a7',
  auxiliary: '#b8860b',
};

/** Of curves in the page's style, in their order: --curve-0 … --curve-7. */
const CURVES = 8;
/** Terms that keep the colours of `termColours`. */
const KNOWN = ['reconstruction', 'sparsity', 'weightDecay', 'contraction', 'auxiliary'];

/** Colour and dashes of the i-th of several curves: after eight, the colours come again, dashed. */
export function curveDress(i: number): { readonly colour: string; readonly dash?: number[] } {
  const round = Math.floor(i / CURVES);
  return { colour: `--curve-${i % CURVES}`, ...(round === 0 ? {} : { dash: round % 2 === 1 ? [7, 4] : [2, 3] }) };
}

/** That of validation, which no term has before the others are used up. */
export const VALIDATION = '--curve-5';

/** Places of terms in the palette: those that are known have their own, others follow in the order in which they came. */
export function termPlaces(names: Iterable<string>): Map<string, number> {
  const places = new Map<string, number>();
  let next = KNOWN.length + 1; // after that of validation
  for (const name of names) {
    const known = KNOWN.indexOf(name);
    places.set(name, known < 0 ? next++ : known);
  }
  return places;
}
