import { blank, k, rows } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, dots, num, ORANGE, type Point, path, words } from './marks.ts';

const STEPS = 30;

/** ∂/∂a of |a| and of ½a², from the kernels of L1 on activations and of weight decay. */
export function slopes(a: number): { l1: number; l2: number } {
  const [l1, l2] = [blank(1, 1), blank(1, 1)];
  k.l1Sparsity(l1, new Float64Array(1), 0, rows([[a]]), 1, 1);
  k.weightDecay(l2, new Float64Array(1), 0, rows([[a]]), 1);
  return { l1: l1.data[0], l2: l2.data[0] };
}

/** a of a ReLU unit after 0, 1, 2 … steps z ← z − η·∂/∂a: at 0 it stays, for there f′ = 0. */
export function descent(start: number, rate: number, slope: (a: number) => number): number[] {
  const all = [start];
  for (let z = start; all.length <= STEPS; all.push(Math.max(0, z))) if (z > 0) z -= rate * slope(z);
  return all;
}

const points = (values: readonly number[]): Point[] => values.map((a, t) => [t, a]);

export const l1Sparsity = figure({
  title: 'L1 reaches 0, L2 only comes near',
  alt: 'An activation under steps of a penalty alone: with L1 it falls by the same amount at each step and reaches 0 in nine, with L2 by the same share of itself and never reaches 0. Below, the derivatives: 1 for L1 at every a above 0, a for L2.',
  controls: {
    step: { name: 'step', symbol: 't', min: 0, max: STEPS, step: 1, start: 6 },
    rate: { name: 'step size', symbol: 'ηγ = ηλ', min: 0.02, max: 0.2, step: 0.01, start: 0.12 },
    start: { name: 'start', symbol: 'a₀', min: 0.2, max: 1.5, step: 0.1, start: 1 },
  },
  plays: 'step',
  draw({ step, rate, start }) {
    const l1 = descent(start, rate, (a) => slopes(a).l1);
    const l2 = descent(start, rate, (a) => slopes(a).l2);
    const zero = l1.indexOf(0);
    const at = { l1: l1[step], l2: l2[step] };
    const so = (all: readonly number[]) => points(all.slice(0, step + 1));
    return {
      rows: [
        {
          height: 172,
          panels: [
            chart({
              heading: 'activation a of a ReLU unit',
              x: [0, STEPS],
              y: [0, 1.5],
              xTicks: [0, 10, 20, 30],
              yTicks: [0, 0.5, 1, 1.5],
              xLabel: 'step t',
              marks: [
                path(points(l2), ORANGE, { strokeOpacity: 0.35 }),
                path(points(l1), BLUE, { strokeOpacity: 0.35 }),
                dots(so(l2), ORANGE, { r: 2.5, strokeWidth: 0 }),
                dots(so(l1), BLUE, { r: 2.5, strokeWidth: 0 }),
                dots([[step, at.l2]], ORANGE),
                dots([[step, at.l1]], BLUE),
                words([29.5, 1.36], 'L2: a ← a − ηλ·a', ORANGE, { textAnchor: 'end' }),
                words([29.5, 1.12], 'L1: a ← a − ηγ', BLUE, { textAnchor: 'end' }),
              ],
            }),
          ],
        },
        {
          height: 140,
          panels: [
            chart({
              heading: 'derivative of |a| and of ½a²',
              x: [0, 1.5],
              y: [0, 1.5],
              xTicks: [0, 0.5, 1, 1.5],
              yTicks: [0, 0.5, 1, 1.5],
              xLabel: 'activation a',
              marks: [
                path(
                  curve((a) => slopes(a).l1, [0.001, 1.5], undefined, 20),
                  BLUE,
                ),
                path(
                  curve((a) => slopes(a).l2, [0, 1.5], undefined, 20),
                  ORANGE,
                ),
                dots([[at.l2, slopes(at.l2).l2]], ORANGE),
                dots([[at.l1, slopes(at.l1).l1]], BLUE),
              ],
            }),
          ],
        },
      ],
      says: [
        `After ${step} steps L1: ${num(at.l1, 3)}, L2: ${num(at.l2, 3)}`,
        zero < 0 ? `L1 has not reached 0 in ${STEPS} steps.` : `L1 is at 0 from step ${zero} on, and stays there.`,
      ],
    };
  },
});
