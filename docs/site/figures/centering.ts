import { fillNormal, stream } from '../../../src/array/random.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { blank, type Doubles, k, product, rows } from './engine.ts';
import { figure } from './figure.ts';
import { arrows, BLUE, chart, dots, INK, MUTED, ORANGE, type Point } from './marks.ts';

const EXAMPLES = 60;
const UNITS = 12;
const MIDDLE: Point = [3, 1.6];

/** Examples about a middle that is long beside their spread. */
export function examples(): Doubles {
  const x = blank(EXAMPLES, 2);
  fillNormal(x.data, { seed: 6, stream: stream.testing });
  for (let p = 0; p < x.data.length; p++) x.data[p] = MIDDLE[p % 2] + 0.8 * x.data[p];
  return x;
}

/** The units, as directions all around. */
export const directions = Array.from({ length: UNITS }, (_, j): Point => {
  const t = (2 * Math.PI * (j + 0.5)) / UNITS;
  return [Math.cos(t), Math.sin(t)];
});

/** On what share of the examples each unit has (x − c)·w > 0, c a share of the mean. */
export function onShares(share: number): { shares: number[]; centred: Point[] } {
  const x = examples();
  const mean = [0, 0].map((_, i) => x.data.filter((_, p) => p % 2 === i).reduce((sum, one) => sum + one, 0) / EXAMPLES);
  for (let p = 0; p < x.data.length; p++) x.data[p] -= share * mean[p % 2];
  const a = product(x, { ...rows(directions), shape: [2, UNITS], stride: [1, 2] });
  k.activate(a, a, activations.relu);
  const counts = { ...blank(1, UNITS), shape: [UNITS], stride: [1] };
  k.countActive(counts, a);
  const centred = Array.from({ length: EXAMPLES }, (_, i): Point => [x.data[2 * i], x.data[2 * i + 1]]);
  return { shares: Array.from(counts.data, (count) => count / EXAMPLES), centred };
}

export const centering = figure({
  title: 'Without its mean, every unit has a say',
  alt: 'Examples as a cloud of points, seen from the origin, with twelve units as arrows in all directions. Uncentred, the cloud lies to one side: units that point away from it, orange, are on for no example. With c the mean of the data it lies about the origin, and every unit is on for some.',
  controls: { share: { name: 'c / mean', symbol: 'c', min: 0, max: 1, step: 0.05, start: 0 } },
  draw({ share }, width) {
    const { shares, centred } = onShares(share);
    const half = (3.6 * (width - 20)) / 250;
    const [dead, living] = [0, 1].map((alive) => directions.filter((_, j) => Number(shares[j] > 0) === alive));
    const ends = (all: readonly Point[]) => all.map(([x, y]): Point => [1.6 * x, 1.6 * y]);
    const from = (all: readonly Point[]) => all.map((): Point => [0, 0]);
    const never = dead.length;
    const always = shares.filter((one) => one === 1).length;
    return {
      rows: [
        {
          height: 262,
          panels: [
            {
              ...chart({
                heading: 'x − c, and the units',
                x: [-half * 0.65, half * 1.35],
                y: [-2.6, 4.6],
                left: 10,
                zero: false,
                marks: [
                  dots(centred, MUTED, { r: 2.5, strokeWidth: 0 }),
                  ...(living.length > 0 ? [arrows(from(living), ends(living), BLUE)] : []),
                  ...(never > 0 ? [arrows(from(dead), ends(dead), ORANGE, { strokeDasharray: '4,3' })] : []),
                  dots([[0, 0]], INK, { r: 3.5 }),
                ],
              }),
              marginBottom: 4,
              marginRight: 10,
            },
          ],
        },
      ],
      says: [
        `${never} of ${UNITS} units are on for no example, ${always} for all.`,
        share === 1 ? 'c is the mean: each unit is on for some.' : `c is ${Math.round(100 * share)}% of the mean.`,
      ],
    };
  },
});
