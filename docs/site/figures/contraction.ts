import { fillNormal, stream } from '../../../src/array/random.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { models } from './contraction-models.ts';
import { blank, type Doubles, k, product, rows, vector } from './engine.ts';
import { figure } from './figure.ts';
import { arrows, BLUE, chart, dots, FAINT, MUTED, num, type Point, path } from './marks.ts';

const EXAMPLES = 120;
/** How far from the curve the examples that are drawn stand. */
const AWAY = 0.2;

/** The curve that the data lie along. */
const onCurve = (t: number): Point => [1.3 * t, 0.6 * Math.sin(2.6 * t)];

/** The unit vector along the curve. */
function along(t: number): Point {
  const [x, y] = [1.3, 0.6 * 2.6 * Math.cos(2.6 * t)];
  return [x / Math.hypot(x, y), y / Math.hypot(x, y)];
}

/** The point `far` to the left of the curve at t. */
function beside(t: number, far: number): Point {
  const [[x, y], [dx, dy]] = [onCurve(t), along(t)];
  return [x - far * dy, y + far * dx];
}

/** What the models were trained on: points of the curve, moved across it by N(0, 0.06²). */
export function examples(): Doubles {
  const far = fillNormal(new Float64Array(EXAMPLES), { seed: 1, stream: stream.testing }, 0, 0.06);
  return rows(Array.from(far, (by, i) => beside(-1 + (2 * i) / (EXAMPLES - 1), by)));
}

/** x̂ = a·W + c, and a = σ(x·Wᵀ + b), of a model with tied weights. */
export function reconstructed({ weight, bias, output }: (typeof models)[number], x: Doubles) {
  const w = rows(weight);
  const z = product(x, { ...w, shape: [2, weight.length], stride: [1, 2] });
  for (let p = 0; p < z.data.length; p++) z.data[p] += bias[p % bias.length];
  const a = blank(x.shape[0], bias.length);
  k.activate(a, z, activations.sigmoid);
  const xHat = product(a, w);
  const points = Array.from({ length: x.shape[0] }, (_, i): Point => {
    return [xHat.data[2 * i] + output[0], xHat.data[2 * i + 1] + output[1]];
  });
  return { points, a, w };
}

/** The mean over the examples of ‖∂a/∂x‖²_F. */
export function jacobian(model: (typeof models)[number]): number {
  const { a, w } = reconstructed(model, examples());
  const norms = vector(model.bias.map(() => 0));
  const squares = vector(Array.from({ length: EXAMPLES }, () => 0));
  k.rowSquaredNorms(norms, w);
  k.jacobianSquares(squares, a, norms, activations.sigmoid, false);
  return squares.data.reduce((sum, one) => sum + one, 0) / EXAMPLES;
}

/** What is left of a step across or along the curve in the reconstruction, on average. */
export function left(model: (typeof models)[number], direction: 'across' | 'along'): number {
  const places = Array.from({ length: 9 }, (_, i) => -0.8 + 0.2 * i);
  const shares = places.map((t) => {
    const [x, y] = onCurve(t);
    const [dx, dy] = direction === 'along' ? along(t) : [-along(t)[1], along(t)[0]];
    const [d, h] = [0.1 * dx, 0.1 * dy];
    const ends = rows([[x + d, y + h], [x - d, y - h]]); // biome-ignore format: pairs
    const [p, q] = reconstructed(model, ends).points;
    return ((p[0] - q[0]) * dx + (p[1] - q[1]) * dy) / 0.2;
  });
  return shares.reduce((sum, one) => sum + one, 0) / shares.length;
}

export const contraction = figure({
  title: 'Contraction draws towards the data',
  alt: 'Points beside an S-shaped curve, along which the data lie, and arrows from each to its reconstruction: the larger κ is, the further they are drawn towards the curve, and less along it.',
  controls: {
    at: {
      name: 'weight',
      symbol: 'κ',
      min: 0,
      max: models.length - 1,
      step: 1,
      start: 5,
      reads: (i) => String(models[i].kappa),
    },
  },
  draw({ at }) {
    const model = models[at];
    const places = Array.from({ length: 15 }, (_, i) => -0.98 + 0.14 * i);
    const beginnings = places.flatMap((t) => [beside(t, AWAY), beside(t, -AWAY)]);
    const ends = reconstructed(model, rows(beginnings)).points;
    const data = examples();
    const points = Array.from({ length: EXAMPLES }, (_, i): Point => [data.data[2 * i], data.data[2 * i + 1]]);
    return {
      rows: [
        {
          height: 250,
          panels: [
            chart({
              heading: 'points beside the data, and where x̂ puts them',
              x: [-1.6, 1.6],
              y: [-1, 1],
              left: 10,
              zero: false,
              marks: [
                path(
                  Array.from({ length: 61 }, (_, i) => onCurve(-1 + i / 30)),
                  FAINT,
                  { strokeWidth: 6 },
                ),
                dots(points, MUTED, { r: 1.5, strokeWidth: 0 }),
                dots(beginnings, BLUE, { r: 2.5, strokeWidth: 0 }),
                arrows(beginnings, ends, BLUE, { strokeWidth: 1.5, headLength: 5 }),
              ],
            }),
          ],
        },
      ],
      says: [
        `mean ‖∂a/∂x‖² = ${num(jacobian(model), 3)}`,
        `Left of a step: ${num(left(model, 'across'))} across, ${num(left(model, 'along'))} along the curve`,
      ],
    };
  },
});
