import { rect } from '@observablehq/plot';
import { blank, k, rows, slotOf, vector } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, dots, FAINT, num, ORANGE, type Point, path, words } from './marks.ts';

/** a = z·[z > θ]. */
export function jumpReluOf(z: number, theta: number): number {
  const a = blank(1, 1);
  k.jumpRelu(a, rows([[z]]), vector([theta]));
  return a.data[0];
}

/** What one example adds to the estimate of dθ: −(1/ε)K by L0 with λ = 1, and −(θ/ε)K by the loss with ∂L/∂a = 1. */
export function estimates(z: number, theta: number, bandwidth: number): { l0: number; loss: number } {
  const [l0, loss] = [vector([0]), vector([0])];
  const jump = { theta: vector([theta]), bandwidth };
  k.l0Delta(null, l0, rows([[z]]), jump, vector([1]), 1);
  k.jumpReluDelta(rows([[1]]), loss, rows([[z]]), jump, false, 1);
  return { l0: l0.data[0], loss: loss.data[0] };
}

/** λ·L0 of one example with λ = 1. */
export function l0Of(z: number, theta: number): number {
  const count = vector([0]);
  k.countOn(count, rows([[z]]), vector([theta]), 1);
  return slotOf((results) => k.l0Penalty(vector([0]), results, 0, count, 1, null));
}

export const jumpRelu = figure({
  title: 'JumpReLU, and the window at its jump',
  alt: 'Above, a over z: 0 up to the threshold θ, then a jump to z. Below, what an example at z adds to the estimated derivative by θ: nothing outside of a window of width ε about θ, −1/ε from L0 and −θ/ε from the loss inside.',
  controls: {
    theta: { name: 'threshold', symbol: 'θ', min: 0, max: 1.5, step: 0.05, start: 0.7 },
    bandwidth: { name: 'window', symbol: 'ε', min: 0.1, max: 1, step: 0.05, start: 0.4 },
    z: { name: 'pre-activation', symbol: 'z', min: -1, max: 2, step: 0.05, start: 0.6 },
  },
  draw({ theta, bandwidth, z }) {
    const range = [-1, 2] as const;
    const axis = { x: range, xTicks: [-1, -0.5, 0, 0.5, 1, 1.5, 2] } as const;
    const now = estimates(z, theta, bandwidth);
    const step = (key: 'l0' | 'loss'): Point[] => {
      const [from, to] = [theta - bandwidth / 2, theta + bandwidth / 2];
      const inside = Math.max(-10.4, estimates(theta, theta, bandwidth)[key]);
      return [[-1, 0], [from, 0], [from, inside], [to, inside], [to, 0], [2, 0]]; // biome-ignore format: a step
    };
    const window = rect([0], { x1: theta - bandwidth / 2, x2: theta + bandwidth / 2, y1: 0, y2: 2, fill: FAINT });
    return {
      rows: [
        {
          height: 160,
          panels: [
            chart({
              ...axis,
              heading: 'a = z·[z > θ]',
              y: [0, 2],
              yTicks: [0, 0.5, 1, 1.5, 2],
              marks: [
                window,
                path([[-1, 0], [theta, 0]], BLUE), // biome-ignore format: a line
                path(
                  curve((at) => jumpReluOf(at, theta), [theta + 1e-9, 2]),
                  BLUE,
                ),
                path([[theta, 0], [theta, theta]], BLUE, { strokeDasharray: '2,3', strokeWidth: 1.5 }), // biome-ignore format: a line
                dots([[z, jumpReluOf(z, theta)]], BLUE),
              ],
            }),
          ],
        },
        {
          height: 170,
          panels: [
            chart({
              ...axis,
              heading: 'what this example adds to dθ',
              xLabel: 'z',
              y: [-10.5, 2],
              yTicks: [-10, -5, 0],
              marks: [
                path(step('l0'), ORANGE),
                path(step('loss'), BLUE),
                dots([[z, now.l0]], ORANGE),
                dots([[z, now.loss]], BLUE),
                words([-0.95, -7], '−(λ/ε)K, by L0', ORANGE, { textAnchor: 'start' }),
                words([-0.95, -9], '−(θ/ε)K·∂L/∂a', BLUE, { textAnchor: 'start' }),
              ],
            }),
          ],
        },
      ],
      says: [
        `a = ${num(jumpReluOf(z, theta))}, L0 = ${l0Of(z, theta)}; λ = 1, ∂L/∂a = 1`,
        `dθ gains ${num(now.l0)} by L0 and ${num(now.loss)} by the loss.`,
      ],
    };
  },
});
