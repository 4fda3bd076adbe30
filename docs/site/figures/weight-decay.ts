import { blank, k, rows, slotOf } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, dots, MUTED, num, ORANGE, path, words } from './marks.ts';

/** What the data alone would like the weight to be. */
const WISHED = 1;

/** ½(w − 1)² and a penalty, from the kernel. */
export function costs(w: number, lambda: number): { data: number; l2: number; l1: number } {
  const data = ((w - WISHED) * (w - WISHED)) / 2;
  const [dW, at] = [blank(1, 1), rows([[w]])];
  const l2 = slotOf((results) => k.weightDecay(dW, results, 0, at, lambda));
  const l1 = slotOf((results) => k.weightL1(dW, results, 0, at, lambda));
  return { data, l2: data + l2, l1: data + l1 };
}

/** Where ½(w − 1)² + (λ/2)w² is least: a share is taken. Where ½(w − 1)² + γ|w| is: an amount, and 0 from γ = 1 on. */
export const least = {
  l2: (lambda: number) => WISHED / (1 + lambda),
  l1: (gamma: number) => Math.max(0, WISHED - gamma),
};

export const weightDecay = figure({
  title: 'Decay shrinks a weight, L1 sets it to 0',
  alt: 'Cost over one weight w: that of the data, least at 1; with weight decay, whose least moves to 1/(1 + λ) and never to 0; and with L1, whose kink at 0 becomes the least from γ = 1 on. Dots mark where each is least.',
  controls: { weight: { name: 'weight', symbol: 'λ = γ', min: 0, max: 2, step: 0.05, start: 0.5 } },
  draw({ weight }) {
    const within = [0, 2] as const;
    const range = [-1, 2] as const;
    const { l2, l1 } = { l2: least.l2(weight), l1: least.l1(weight) };
    return {
      rows: [
        {
          height: 240,
          panels: [
            chart({
              heading: 'cost',
              xLabel: 'weight w',
              x: range,
              y: within,
              xTicks: [-1, -0.5, 0, 0.5, 1, 1.5, 2],
              yTicks: [0, 0.5, 1, 1.5, 2],
              marks: [
                path(
                  curve((w) => costs(w, weight).data, range, within),
                  MUTED,
                  { strokeDasharray: '5,4' },
                ),
                path(
                  curve((w) => costs(w, weight).l2, range, within),
                  ORANGE,
                ),
                path(
                  curve((w) => costs(w, weight).l1, range, within),
                  BLUE,
                ),
                dots([[l2, costs(l2, weight).l2]], ORANGE),
                dots([[l1, costs(l1, weight).l1]], BLUE),
                words([0.25, 1.88], 'data alone: ½(w − 1)²', MUTED, { textAnchor: 'start' }),
                words([0.25, 1.68], '+ (λ/2)w²', ORANGE, { textAnchor: 'start' }),
                words([0.25, 1.48], '+ γ|w|', BLUE, { textAnchor: 'start' }),
              ],
            }),
          ],
        },
      ],
      says: [
        `Least with decay at w = ${num(l2, 3)}, with L1 at w = ${num(l1, 3)}`,
        l1 === 0 ? 'L1 holds the weight at exactly 0.' : 'From γ = 1 on L1 would hold it at exactly 0.',
      ],
    };
  },
});
