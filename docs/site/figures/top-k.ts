import { ruleY } from '@observablehq/plot';
import { activations } from '../../../src/kernels/activations/table.ts';
import { blank, blankIndices, k, rowOf, rows } from './engine.ts';
import { figure } from './figure.ts';
import { preActivations } from './k-sparse.ts';
import { BLUE, bars, chart, MUTED, num } from './marks.ts';

const UNITS = 32;

/** a of TopK units: relu first, then the k largest. */
export function topKOf(z: readonly number[], count: number): number[] {
  const a = blank(1, z.length);
  k.activate(a, rows([z]), activations.relu);
  k.selectLargest(blank(1, count), blankIndices(1, count), a);
  return rowOf(a);
}

export const topK = figure({
  title: 'TopK: the k largest, and above 0',
  alt: 'Pre-activations z of 32 units of one example as bars, and below them the code a. The k largest z survive, blue, as far as they are above 0; where fewer than k are, fewer units are on.',
  controls: {
    k: { name: 'survivors', symbol: 'k', min: 1, max: 24, step: 1, start: 6 },
    bias: { name: 'all biases', symbol: 'b', min: -2.5, max: 1, step: 0.1, start: -0.5 },
    example: { name: 'example', symbol: 'x', min: 0, max: 20, step: 1, start: 2 },
  },
  draw({ k: count, bias, example }) {
    const z = preActivations(example, UNITS).map((one) => one + bias);
    const a = topKOf(z, count);
    const on = a.filter((one) => one > 0).length;
    const rank = [...z].sort((p, q) => q - p)[count - 1];
    const axis = { x: [-0.6, UNITS - 0.4], xTicks: [0, 8, 16, 24, 31] } as const;
    const colour = (j: number) => (a[j] > 0 ? BLUE : MUTED);
    return {
      rows: [
        {
          height: 170,
          panels: [
            chart({
              ...axis,
              heading: 'z, and the k-th largest (line)',
              y: [-4, 3],
              yTicks: [-4, -2, 0, 2],
              marks: [
                bars(
                  z.map((one) => Math.max(-4, Math.min(3, one))),
                  colour,
                ),
                ruleY([Math.max(-4, Math.min(3, rank))], { strokeDasharray: '5,4', strokeWidth: 1.5 }),
              ],
            }),
          ],
        },
        {
          height: 130,
          panels: [
            chart({
              ...axis,
              heading: 'code a',
              xLabel: 'unit',
              y: [0, 3],
              yTicks: [0, 1, 2, 3],
              marks: [bars(a, BLUE)],
            }),
          ],
        },
      ],
      says: [
        `k = ${count}, k-th largest z = ${num(rank)}`,
        `${on} units are on: ${on < count ? 'the other z are below 0' : 'k of them'}.`,
      ],
    };
  },
});
