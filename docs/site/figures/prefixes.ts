import { blank, k, product, rows, slotOf } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, bars, chart, FAINT, INK, MUTED, num, ORANGE, type Point, path, words } from './marks.ts';

const INPUTS = 48;
const UNITS = 16;
const WIDTHS = [2, 4, 8, 16];

/** The signal: a step, a bump and a slope. */
export const signal = Array.from({ length: INPUTS }, (_, i) => {
  const t = (i + 0.5) / INPUTS;
  return 0.8 * Math.exp(-(((t - 0.25) / 0.08) ** 2)) + (t > 0.6 ? 0.7 : 0) - 0.6 * t;
});

/** An orthonormal dictionary, smooth rows first: what is common to many signals comes early. */
const dictionary = rows(
  Array.from({ length: UNITS }, (_, j) =>
    Array.from({ length: INPUTS }, (_, i) => {
      const norm = Math.sqrt((j === 0 ? 1 : 2) / INPUTS);
      return norm * Math.cos((Math.PI * j * (i + 0.5)) / INPUTS);
    }),
  ),
);

/** x̂ of the first `width` units, and its loss ½‖x̂ − x‖². */
export function prefix(width: number): { xHat: number[]; loss: number } {
  const x = rows([signal]);
  const { data } = dictionary;
  const a = product(x, { ...dictionary, shape: [INPUTS, UNITS], stride: [1, INPUTS] });
  const xHat = product({ ...a, shape: [1, width] }, { ...dictionary, data, shape: [width, INPUTS] });
  const loss = slotOf((results) => k.squaredError(blank(1, INPUTS), results, 0, xHat, x, null, 1));
  return { xHat: Array.from(xHat.data), loss };
}

export const prefixes = figure({
  title: 'Every prefix reconstructs by itself',
  alt: 'A signal and its reconstruction by the first w units of a code of sixteen: a few units give its rough shape, more of them its edges. Below, the loss of each prefix of 2, 4, 8 and 16 units; the cost is their mean.',
  controls: { w: { name: 'units', symbol: 'w', min: 1, max: UNITS, step: 1, start: 4 } },
  plays: 'w',
  draw({ w }) {
    const { xHat, loss } = prefix(w);
    const points = (values: readonly number[]) => values.map((y, i): Point => [i, y]);
    const losses = Array.from({ length: UNITS }, (_, j) => prefix(j + 1).loss);
    const mean = WIDTHS.reduce((sum, width) => sum + losses[width - 1], 0) / WIDTHS.length;
    return {
      rows: [
        {
          height: 180,
          panels: [
            chart({
              heading: `x, and x̂ of the first ${w} of ${UNITS} units`,
              x: [0, INPUTS - 1],
              y: [-0.6, 1],
              xTicks: [0, 16, 32, 47],
              yTicks: [-0.5, 0, 0.5, 1],
              marks: [
                path(points(signal), MUTED, { strokeWidth: 4, strokeOpacity: 0.45 }),
                path(points(xHat), BLUE),
                words([46, 0.85], 'x', MUTED, { textAnchor: 'end', dx: -18 }),
                words([46, 0.85], 'x̂', BLUE, { textAnchor: 'end' }),
              ],
            }),
          ],
        },
        {
          height: 140,
          panels: [
            chart({
              heading: 'loss of each prefix; in the cost: 2, 4, 8, 16',
              xLabel: 'prefix w',
              x: [0.4, UNITS + 0.6],
              y: [0, 2],
              xTicks: WIDTHS,
              yTicks: [0, 1, 2],
              marks: [bars([0, ...losses], (j) => (j === w ? ORANGE : WIDTHS.includes(j) ? INK : FAINT))],
            }),
          ],
        },
      ],
      says: [`L(x, x̂) of the first ${w}: ${num(loss, 3)}`, `Mean of w = ${WIDTHS.join(', ')}: ${num(mean, 3)}`],
    };
  },
});
