import { blank, k, rowOf, rows, slotOf } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, bars, chart, num, ORANGE } from './marks.ts';

const OTHERS = [1.5, 0.5, -0.5, -1];

/** p, L and δ = p − y of one example whose class is the first. */
export function softmaxOf(z: readonly number[]): { p: number[]; delta: number[]; loss: number } {
  const [p, delta] = [blank(1, z.length), blank(1, z.length)];
  const y = rows([z.map((_, j) => Number(j === 0))]);
  k.softmax(p, rows([z]));
  const loss = slotOf((results) => k.softmaxCrossEntropy(delta, results, 0, rows([z]), y, 1));
  return { p: rowOf(p), delta: rowOf(delta), loss };
}

export const softmax = figure({
  title: 'Softmax: δ is p − y',
  alt: 'Bars for five classes: above, the probabilities p, which sum to 1; below, δ = p − y, negative for the right class, the first, by what it lacks to 1, and positive for the others by what they have too much. All δ sum to 0.',
  controls: {
    z: { name: 'right logit', symbol: 'z₀', min: -4, max: 8, step: 0.1, start: 1 },
    scale: { name: 'all logits times', symbol: 's', min: 0, max: 3, step: 0.1, start: 1 },
  },
  draw({ z, scale }) {
    const logits = [z, ...OTHERS].map((one) => scale * one);
    const { p, delta, loss } = softmaxOf(logits);
    const axis = { x: [-0.6, 4.6], xTicks: [0, 1, 2, 3, 4] } as const;
    const colour = (j: number) => (j === 0 ? BLUE : ORANGE);
    return {
      rows: [
        {
          height: 140,
          panels: [
            chart({
              ...axis,
              heading: 'p = softmax(z), right class blue',
              y: [0, 1],
              yTicks: [0, 0.5, 1],
              zero: true,
              marks: [bars(p, colour)],
            }),
          ],
        },
        {
          height: 180,
          panels: [
            chart({
              ...axis,
              heading: 'δ = p − y',
              xLabel: 'class',
              y: [-1, 1],
              yTicks: [-1, -0.5, 0, 0.5, 1],
              marks: [bars(delta, colour)],
            }),
          ],
        },
      ],
      says: [`L = −log p₀ = ${num(loss, 3)}, p₀ = ${num(p[0], 3)}`, `δ = ${delta.map((one) => num(one)).join(', ')}`],
    };
  },
});
