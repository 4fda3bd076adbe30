import { k, rowOf, rows } from './engine.ts';
import { figure } from './figure.ts';
import { arrows, BLUE, chart, dots, FAINT, INK, MUTED, num, ORANGE, type Point, path, words } from './marks.ts';

const turned = (angle: number, length = 1): Point => {
  const t = (angle * Math.PI) / 180;
  return [length * Math.cos(t), length * Math.sin(t)];
};

/** The gradient projected, the step with η = 1, and what is left after the division, from the rule's kernels. */
export function stepOf(row: Point, gradient: Point) {
  const [D, G] = [rows([row]), rows([gradient])];
  k.projectRows(G, D);
  const projected = rowOf(G) as unknown as Point;
  k.axpy(D, -1, G);
  const stepped = rowOf(D) as unknown as Point;
  k.normalizeRows(D);
  return { projected, stepped, after: rowOf(D) as unknown as Point };
}

export const unitNorm = figure({
  title: 'The step along the sphere',
  alt: 'A row D of the decoder as a point of the unit circle. The step against the gradient, dashed, would leave the circle; the step without its radial part is tangent to it; the division by the norm puts its end back on the circle.',
  controls: {
    row: { name: 'row D at', symbol: '°', min: 0, max: 180, step: 5, start: 40 },
    gradient: { name: '−gradient to', symbol: '°', min: 0, max: 355, step: 5, start: 75 },
    size: { name: 'step', symbol: 'η‖g‖', min: 0.1, max: 1.2, step: 0.05, start: 0.8 },
  },
  draw({ row, gradient, size }, width) {
    const D = turned(row);
    const [dx, dy] = turned(gradient, size);
    const { projected, stepped, after } = stepOf(D, [-dx, -dy]);
    const length = Math.hypot(...projected);
    const circle = Array.from({ length: 121 }, (_, i) => turned(3 * i));
    // Units are as long along x as along y.
    const half = (1.55 * (width - 20)) / 292;
    return {
      rows: [
        {
          height: 300,
          panels: [
            {
              ...chart({
                x: [-half, half],
                y: [-1.12, 1.98],
                left: 10,
                zero: false,
                marks: [
                  path(circle, FAINT),
                  arrows([[0, 0]], [D], MUTED, { strokeWidth: 1.5 }),
                  arrows([D], [[D[0] + dx, D[1] + dy]], ORANGE, { strokeDasharray: '4,3' }),
                  ...(length > 0.02 ? [arrows([D], [stepped], BLUE)] : []),
                  path([stepped, after], BLUE, { strokeDasharray: '2,3', strokeWidth: 1.5 }),
                  dots([D], INK),
                  dots([after], BLUE),
                  words([-half + 0.05, 1.9], 'step against the gradient', ORANGE, { textAnchor: 'start' }),
                  words([-half + 0.05, 1.7], 'without its radial part, then divided', BLUE, { textAnchor: 'start' }),
                  words([0, -0.1], 'D', MUTED),
                ],
              }),
              marginTop: 4,
              marginBottom: 4,
              marginRight: 10,
            },
          ],
        },
      ],
      says: [
        `Of a step of ${num(size)} the tangent part is ${num(length)}.`,
        `Norm before the division ${num(Math.hypot(...stepped), 3)}, after it ${num(Math.hypot(...after), 3)}.`,
      ],
    };
  },
});
