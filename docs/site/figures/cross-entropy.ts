import { activations } from '../../../src/kernels/activations/table.ts';
import { activated, blank, k, rows, slotOf } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, dots, num, ORANGE, path, words } from './marks.ts';
import { lossOf } from './squared-error.ts';

/** L and δ = σ(z) − x of one output, from its logit. */
export function entropyOf(z: number, x: number): { loss: number; delta: number } {
  const delta = blank(1, 1);
  const loss = slotOf((results) => k.crossEntropy(delta, results, 0, rows([[z]]), rows([[x]]), null, 1));
  return { loss, delta: delta.data[0] };
}

export const crossEntropy = figure({
  title: 'Cross-entropy keeps pushing',
  alt: 'Loss and δ of one sigmoid output over its logit z, for cross-entropy and squared error. Where the output is wrong, cross-entropy grows along a line and δ stays near −1; squared error levels off and its δ goes to 0.',
  controls: {
    z: { name: 'logit', symbol: 'z', min: -8, max: 8, step: 0.1, start: -4 },
    x: { name: 'input', symbol: 'x', min: 0, max: 1, step: 0.05, start: 1 },
  },
  draw({ z, x }) {
    const { sigmoid } = activations;
    const [entropy, square] = [entropyOf(z, x), lossOf(sigmoid, z, x)];
    const axis = { x: [-8, 8], xTicks: [-8, -4, 0, 4, 8] } as const;
    return {
      rows: [
        {
          height: 160,
          panels: [
            chart({
              ...axis,
              heading: 'loss L',
              y: [0, 8],
              yTicks: [0, 2, 4, 6, 8],
              marks: [
                path(
                  curve((at) => entropyOf(at, x).loss, [-8, 8], [0, 8.01], 80),
                  BLUE,
                ),
                path(
                  curve((at) => lossOf(sigmoid, at, x).loss, [-8, 8], undefined, 80),
                  ORANGE,
                ),
                dots([[z, square.loss]], ORANGE),
                dots([[z, entropy.loss]], BLUE),
              ],
            }),
          ],
        },
        {
          height: 170,
          panels: [
            chart({
              ...axis,
              heading: 'δ: σ(z) − x, and (σ(z) − x)·σ′(z)',
              xLabel: 'logit z',
              y: [-1, 1],
              yTicks: [-1, -0.5, 0, 0.5, 1],
              marks: [
                path(
                  curve((at) => entropyOf(at, x).delta, [-8, 8], undefined, 80),
                  BLUE,
                ),
                path(
                  curve((at) => lossOf(sigmoid, at, x).delta, [-8, 8], undefined, 80),
                  ORANGE,
                ),
                dots([[z, square.delta]], ORANGE),
                dots([[z, entropy.delta]], BLUE),
                words([-7.8, 0.8], 'cross-entropy', BLUE, { textAnchor: 'start' }),
                words([-7.8, 0.45], 'squared error', ORANGE, { textAnchor: 'start' }),
              ],
            }),
          ],
        },
      ],
      says: [
        `x̂ = σ(z) = ${num(activated(sigmoid, z), 4)}`,
        `δ: cross-entropy ${num(entropy.delta, 3)}, squared error ${num(square.delta, 3)}`,
      ],
    };
  },
});
