import { activations } from '../../../src/kernels/activations/table.ts';
import { blank, k, product, rows, slotOf, vector } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, MUTED, num, ORANGE, path, words } from './marks.ts';

const RANGE = [-2, 2] as const;
const GRID = 41;

/** What the layer of a network gives for x: the target y. */
export const target = (x: number) => 0.6 * x + 0.7 * Math.tanh(3 * x) - 0.5 * Math.tanh(2 * (x - 1));

/** Units whose sum of ramps passes through y − Sx at equal distances, as ŷ = a·D + c + Sx with a = relu(W x + b). */
export function transcoder(units: number, skip: number) {
  const knots = Array.from({ length: units + 1 }, (_, i) => RANGE[0] + ((RANGE[1] - RANGE[0]) * i) / units);
  const rest = (x: number) => target(x) - skip * x;
  const slopes = knots.slice(1).map((end, i) => (rest(end) - rest(knots[i])) / (end - knots[i]));
  const D = slopes.map((slope, i) => slope - (i === 0 ? 0 : slopes[i - 1]));
  return { W: D.map(() => 1), b: D.map((_, i) => -knots[i]), D, c: rest(RANGE[0]), S: skip };
}

/** ŷ at each x. */
export function outputs({ W, b, D, c, S }: ReturnType<typeof transcoder>, x: readonly number[]): number[] {
  const column = rows(x.map((one) => [one]));
  const a = blank(x.length, W.length);
  k.broadcastRow(a, vector(b));
  k.gemm(a, column, rows([W]), 1, 1);
  k.activate(a, a, activations.relu);
  const y = product(a, rows(D.map((one) => [one])));
  k.axpy(y, S, column);
  return Array.from(y.data, (one) => one + c);
}

export const transcoders = figure({
  title: 'A transcoder learns what a layer does',
  alt: 'The output y of a layer over its input x, and what a transcoder gives for it: ReLU units, each with a bend of its own, plus a straight skip path Sx. With more units ŷ follows y; with the skip path the units have only the bends left to do.',
  controls: {
    units: { name: 'units', symbol: 'h', min: 1, max: 12, step: 1, start: 4 },
    skip: { name: 'skip path', symbol: 'S', min: -0.5, max: 1.5, step: 0.1, start: 0 },
  },
  draw({ units, skip }) {
    const model = transcoder(units, skip);
    const x = Array.from({ length: GRID }, (_, i) => RANGE[0] + ((RANGE[1] - RANGE[0]) * i) / (GRID - 1));
    const [yHat, y] = [outputs(model, x), x.map(target)];
    const column = (values: readonly number[]) => rows(values.map((one) => [one]));
    const loss = slotOf((results) => k.squaredError(blank(GRID, 1), results, 0, column(yHat), column(y), null, GRID));
    const work = model.D.reduce((sum, one) => sum + Math.abs(one), 0);
    const curved = curve((at) => outputs(model, [at])[0], RANGE, [-2, 2]);
    return {
      rows: [
        {
          height: 250,
          panels: [
            chart({
              heading: 'y, and ŷ = a·D + c + Sx',
              xLabel: 'input x',
              x: RANGE,
              y: [-2, 2],
              xTicks: [-2, -1, 0, 1, 2],
              yTicks: [-2, -1, 0, 1, 2],
              marks: [
                path(curve(target, RANGE), MUTED, { strokeWidth: 5, strokeOpacity: 0.45 }),
                path(
                  curve((at) => skip * at, RANGE, [-2, 2]),
                  ORANGE,
                  { strokeDasharray: '5,4' },
                ),
                path(curved, BLUE),
                words([-1.9, 1.7], 'y, the target', MUTED, { textAnchor: 'start' }),
                words([-1.9, 1.35], 'ŷ', BLUE, { textAnchor: 'start' }),
                words([-1.9, 1], 'skip path Sx', ORANGE, { textAnchor: 'start' }),
              ],
            }),
          ],
        },
      ],
      says: [`J = mean of ½(ŷ − y)² = ${num(loss, 4)}`, `Left to the units: Σ|D| = ${num(work)}`],
    };
  },
});
