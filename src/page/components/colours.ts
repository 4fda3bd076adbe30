export { grey, type Palette, signed, viridis } from '../../figures/colour-scales.ts';

/** Of the terms of a cost, in charts and bars. [Okabe & Ito 2008] */
export const termColours: Readonly<Record<string, string>> = {
  reconstruction: '#0072b2',
  sparsity: '#d55e00',
  'weight decay': '#009e73',
  contraction: '#cc79a7',
  auxiliary: '#b8860b',
};
