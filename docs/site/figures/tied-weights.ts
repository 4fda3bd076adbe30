import { k, product, rows, slotOf } from './engine.ts';
import { figure } from './figure.ts';
import { arrows, BLUE, chart, dots, FAINT, INK, MUTED, num, ORANGE, type Point, PURPLE, path, words } from './marks.ts';

/** L of x = 1 with one linear unit, x̂ = D·W, and ∂L/∂W, ∂L/∂D. */
export function untied(w: number, d: number): { loss: number; dW: number; dD: number } {
  const [x, encoder, decoder] = [rows([[1]]), rows([[w]]), rows([[d]])];
  const a = product(x, encoder);
  const delta = rows([[0]]);
  const loss = slotOf((results) => k.squaredError(delta, results, 0, product(a, decoder), x, null, 1));
  return { loss, dD: product(a, delta).data[0], dW: product(product(delta, decoder), x).data[0] };
}

/** The line where ½(WD − 1)² is `level`, on one side of its valley. */
function contour(level: number, side: 1 | -1): Point[] {
  const height = 1 + side * Math.sqrt(2 * level);
  const points = Array.from({ length: 81 }, (_, i): Point => {
    const w = 0.05 + (1.55 * i) / 80;
    return [w, height / w];
  });
  return points.filter(([, d]) => d >= 0 && d <= 1.6);
}

export const tiedWeights = figure({
  title: 'Tied: the two gradients are added',
  alt: 'The loss of one linear unit over its encoder weight W and its decoder weight D as contour lines, with the diagonal D = W on which a tied model lives. From the point w on it one arrow goes along W, the encoder’s term, one along D, the decoder’s, and their sum along the diagonal.',
  controls: { w: { name: 'weight', symbol: 'w', min: 0.2, max: 1.4, step: 0.02, start: 0.6 } },
  draw({ w }) {
    const { loss, dW, dD } = untied(w, w);
    const scale = 0.5;
    const at: Point = [w, w];
    const levels = [0.002, 0.02, 0.06, 0.125, 0.25];
    const alive = Math.abs(dW) > 0.02;
    return {
      rows: [
        {
          height: 300,
          panels: [
            chart({
              heading: 'decoder weight D',
              xLabel: 'encoder weight W',
              x: [0, 1.6],
              y: [0, 1.6],
              xTicks: [0, 0.4, 0.8, 1.2, 1.6],
              yTicks: [0, 0.4, 0.8, 1.2, 1.6],
              marks: [
                ...levels.flatMap((level) =>
                  [1, -1].map((side) => path(contour(level, side as 1 | -1), FAINT, { strokeWidth: 1.5 })),
                ),
                path(contour(0, 1), MUTED),
                words([0.7, 1.5], 'WD = 1: L = 0', MUTED, { textAnchor: 'start', dx: 6 }),
                words([0.7, 1.5], 'WD = 1: L = 0', MUTED, { textAnchor: 'start', dx: 6 }),
                path([[0, 0], [1.6, 1.6]], MUTED, { strokeDasharray: '5,4', strokeWidth: 1.5 }), // biome-ignore format: a line
                words([0.2, 0.2], 'D = W', MUTED, { textAnchor: 'start', dx: 10, dy: 4 }),
                ...(alive
                  ? [
                      arrows([at], [[w - scale * dW, w]], BLUE),
                      arrows([at], [[w, w - scale * dD]], ORANGE),
                      arrows([at], [[w - scale * dW, w - scale * dD]], PURPLE, { strokeWidth: 2.5 }),
                    ]
                  : []),
                dots([at], INK),
              ],
            }),
          ],
        },
      ],
      says: [
        `L = ${num(loss, 3)}; encoder’s term ${num(dW, 3)} (blue)`,
        `+ decoder’s ${num(dD, 3)} (orange) = dL/dw = ${num(dW + dD, 3)}`,
      ],
    };
  },
});
