/** Red, green and blue of the shades 0 … 255, three bytes each. */
export type Palette = Uint8ClampedArray;

/** Evenly spaced colours, from which those between them follow. */
function between(hex: readonly string[]): Palette {
  const anchors = hex.map((text) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)));
  const palette = new Uint8ClampedArray(3 * 256);
  for (let shade = 0; shade < 256; shade++) {
    const place = (shade / 255) * (anchors.length - 1);
    const i = Math.min(anchors.length - 2, Math.floor(place));
    for (let c = 0; c < 3; c++)
      palette[3 * shade + c] = anchors[i][c] + (place - i) * (anchors[i + 1][c] - anchors[i][c]);
  }
  return palette;
}

export const grey = between(['#000000', '#ffffff']);
/** Blue below 0, orange above, white at 0: told apart by every eye. */
export const signed = between(['#2166ac', '#92c5de', '#f7f7f7', '#fdb863', '#b35806']);
/** By van der Walt and Smith, of Matplotlib. */
export const viridis = between([
  ...['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c'],
  ...['#28ae80', '#5ec962', '#addc30', '#fde725'],
]);

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
