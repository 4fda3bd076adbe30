import type { Activation } from '../../../src/kernels/activations/activation.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { activated, blank, k, rows, slotOf } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, dots, num, ORANGE, path, words } from './marks.ts';

/** ½(x̂ − x)² and δ₃ = (x̂ − x)·g′(z) of one output, x̂ = g(z). */
export function lossOf(g: Activation, z: number, x: number): { loss: number; delta: number } {
  const xHat = rows([[activated(g, z)]]);
  const delta = blank(1, 1);
  const loss = slotOf((results) => k.squaredError(delta, results, 0, xHat, rows([[x]]), null, 1));
  k.delta(delta, delta, null, xHat, g);
  return { loss, delta: delta.data[0] };
}

const { sigmoid, linear } = activations;

export const squaredError = figure({
  title: 'Squared error over the output’s z',
  alt: 'Loss and δ of one output over its pre-activation z, for a sigmoid and a linear output. The linear loss is a parabola and δ a line; the sigmoid loss levels off at both ends, and δ goes to 0 there, however wrong the output is.',
  controls: {
    z: { name: 'pre-activation', symbol: 'z', min: -6, max: 6, step: 0.1, start: -3 },
    x: { name: 'input', symbol: 'x', min: 0, max: 1, step: 0.05, start: 1 },
  },
  draw({ z, x }) {
    const [curved, straight] = [lossOf(sigmoid, z, x), lossOf(linear, z, x)];
    const axis = { x: [-6, 6], xTicks: [-6, -4, -2, 0, 2, 4, 6] } as const;
    const losses = [0, 0.6] as const;
    const deltas = [-0.6, 0.6] as const;
    return {
      rows: [
        {
          height: 160,
          panels: [
            chart({
              ...axis,
              heading: 'L = ½(x̂ − x)²',
              y: losses,
              yTicks: [0, 0.2, 0.4, 0.6],
              marks: [
                path(
                  curve((at) => lossOf(linear, at, x).loss, [-6, 6], losses, 240),
                  ORANGE,
                ),
                path(
                  curve((at) => lossOf(sigmoid, at, x).loss, [-6, 6], undefined, 80),
                  BLUE,
                ),
                dots([[z, curved.loss]], BLUE),
                ...(straight.loss <= losses[1] ? [dots([[z, straight.loss]], ORANGE)] : []),
              ],
            }),
          ],
        },
        {
          height: 170,
          panels: [
            chart({
              ...axis,
              heading: 'δ = (x̂ − x)·g′(z)',
              xLabel: 'z',
              y: deltas,
              yTicks: [-0.6, -0.3, 0, 0.3, 0.6],
              marks: [
                path(
                  curve((at) => lossOf(linear, at, x).delta, [-6, 6], deltas, 240),
                  ORANGE,
                ),
                path(
                  curve((at) => lossOf(sigmoid, at, x).delta, [-6, 6], undefined, 80),
                  BLUE,
                ),
                dots([[z, curved.delta]], BLUE),
                ...(Math.abs(straight.delta) <= deltas[1] ? [dots([[z, straight.delta]], ORANGE)] : []),
                words([5.9, -0.28], 'sigmoid output', BLUE, { textAnchor: 'end' }),
                words([5.9, -0.48], 'linear output', ORANGE, { textAnchor: 'end' }),
              ],
            }),
          ],
        },
      ],
      says: [
        `sigmoid: x̂ = ${num(activated(sigmoid, z), 3)}, L = ${num(curved.loss, 3)}, δ = ${num(curved.delta, 3)}`,
        `linear: x̂ = ${num(z, 1)}, L = ${num(straight.loss, 3)}, δ = ${num(straight.delta, 3)}`,
      ],
    };
  },
});
