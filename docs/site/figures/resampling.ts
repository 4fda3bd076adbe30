import { fillNormal, fillUniform, stream } from '../../../src/array/random.ts';
import { blank, type Doubles, k, product, rowOf, rows, vector } from './engine.ts';
import { figure } from './figure.ts';
import { arrows, BLUE, chart, dots, INK, MUTED, num, ORANGE, type Point, PURPLE } from './marks.ts';

const EXAMPLES = 60;
/** Two living units, along which two of three groups of examples lie. */
const LIVING: readonly Point[] = [
  [Math.cos(0.2), Math.sin(0.2)],
  [Math.cos(1.4), Math.sin(1.4)],
];
const GROUPS = [0.2, 1.4, 2.6];

/** Examples of three directions, of which the living units know two. */
function examples(): Doubles {
  const [x, noise] = [blank(EXAMPLES, 2), new Float64Array(2 * EXAMPLES)];
  fillNormal(noise, { seed: 8, stream: stream.testing }, 0, 0.12);
  for (let i = 0; i < EXAMPLES; i++) {
    const [angle, length] = [GROUPS[i % 3] + noise[2 * i], 1.3 + 2 * noise[2 * i + 1]];
    x.data.set([length * Math.cos(angle), length * Math.sin(angle)], 2 * i);
  }
  return x;
}

/** Each example, its chance L²/Σ L² with L = ‖x − x̂‖², x̂ its projection on the nearest living unit where that is positive. */
export function chances(): { x: Point[]; p: number[] } {
  const x = examples();
  const z = product(x, { ...rows(LIVING), shape: [2, 2], stride: [1, 2] });
  const e = blank(EXAMPLES, 2);
  for (let i = 0; i < EXAMPLES; i++) {
    const best = z.data[2 * i] > z.data[2 * i + 1] ? 0 : 1;
    const a = Math.max(0, z.data[2 * i + best]);
    for (const c of [0, 1]) e.data[2 * i + c] = x.data[2 * i + c] - a * LIVING[best][c];
  }
  const losses = vector(Array.from({ length: EXAMPLES }, () => 0));
  k.rowSquaredNorms(losses, e);
  const sum = losses.data.reduce((total, one) => total + one * one, 0);
  const points = Array.from({ length: EXAMPLES }, (_, i): Point => [x.data[2 * i], x.data[2 * i + 1]]);
  return { x: points, p: Array.from(losses.data, (one) => (one * one) / sum) };
}

/** The example that a draw gives: the first at which the chances so far reach above a uniform number. */
export function drawn(p: readonly number[], draw: number): number {
  const [u] = fillUniform(new Float64Array(1), { seed: 1, stream: stream.resampling, counter: draw });
  let upTo = 0;
  for (let i = 0; i < p.length; i++) {
    upTo += p[i];
    if (upTo > u) return i;
  }
  return p.length - 1;
}

export const resampling = figure({
  title: 'Dead units begin anew at bad examples',
  alt: 'Examples as points in three groups, as large as their chance to be drawn, which grows with the square of their loss. Two living units point along two groups; the dead unit takes the direction of a drawn example, mostly of the third group, which nobody reconstructs.',
  controls: { draw: { name: 'draw', symbol: 'n', min: 0, max: 30, step: 1, start: 0 } },
  plays: 'draw',
  draw({ draw }, width) {
    const { x, p } = chances();
    const at = drawn(p, draw);
    const direction = rows([x[at]]);
    k.normalizeRows(direction);
    const D = rowOf(direction) as unknown as Point;
    const half = (1.3 * (width - 20)) / 240;
    const long = ([a, b]: Point): Point => [1.1 * a, 1.1 * b];
    const third = p.reduce((sum, one, i) => sum + (i % 3 === 2 ? one : 0), 0);
    return {
      rows: [
        {
          height: 262,
          panels: [
            {
              ...chart({
                heading: 'examples, as large as L²/Σ L²',
                x: [-half, half],
                y: [-0.4, 2.2],
                left: 10,
                zero: false,
                marks: [
                  dots(x, MUTED, { r: (_: Point, i: number) => 1.5 + 22 * Math.sqrt(p[i] / 8), fillOpacity: 0.55 }),
                  arrows([[0, 0], [0, 0]], LIVING.map(long), BLUE), // biome-ignore format: pairs
                  arrows([[0, 0]], [long(D)], ORANGE),
                  dots([x[at]], PURPLE),
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
        `Purple is drawn, chance ${num(100 * p[at], 1)}%; orange: D = x/‖x‖`,
        `The group no unit knows has ${num(100 * third, 1)}% of all chances.`,
      ],
    };
  },
});
