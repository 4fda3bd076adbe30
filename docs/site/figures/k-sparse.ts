import { ruleY } from '@observablehq/plot';
import { fillNormal, stream } from '../../../src/array/random.ts';
import { blank, blankIndices, k, rowOf, rows } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, bars, chart, FAINT, field, MUTED, num, tiles } from './marks.ts';

const UNITS = 100;

/** z of an example: drawn from N(0, 1). */
export function preActivations(example: number, units = UNITS): number[] {
  return Array.from(fillNormal(new Float64Array(units), { seed: 3, stream: stream.testing, counter: example }));
}

/** a and the survivors of the kernel that selects. */
export function survivors(z: readonly number[], count: number): { a: number[]; indices: number[] } {
  const a = rows([z]);
  const indices = blankIndices(1, count);
  k.selectLargest(blank(1, count), indices, a);
  return { a: rowOf(a), indices: Array.from(indices.data) };
}

export const kSparse = figure({
  title: 'The k largest z of an example survive',
  alt: 'A hundred units of one example as bars of z, in the order of their indices; the k largest are blue, all others, the large negative ones too, are grey, and a line stands at the k-th largest. Below, the code as a grid of cells, empty where a unit is 0.',
  controls: {
    k: { name: 'survivors', symbol: 'k', min: 10, max: 70, step: 1, start: 25 },
    example: { name: 'example', symbol: 'x', min: 0, max: 20, step: 1, start: 0 },
  },
  draw({ k: count, example }) {
    const z = preActivations(example);
    const { a, indices } = survivors(z, count);
    const on = new Set(indices);
    const least = Math.min(...indices.map((j) => z[j]));
    const cells = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 20 }, (_, j) => (a[20 * i + j] === 0 ? FAINT : BLUE)),
    );
    return {
      rows: [
        {
          height: 190,
          panels: [
            chart({
              heading: 'z, and the k-th largest (line)',
              x: [-0.5, UNITS],
              y: [-3, 3],
              xTicks: [0, 20, 40, 60, 80, 100],
              yTicks: [-3, -2, -1, 0, 1, 2, 3],
              xLabel: 'unit',
              marks: [
                bars(z, (j) => (on.has(j) ? BLUE : MUTED)),
                ruleY([least], { strokeDasharray: '5,4', strokeWidth: 1.5 }),
              ],
            }),
          ],
        },
        {
          height: 112,
          panels: [field('the code a, a cell a unit: blue is not 0', 20, 5, tiles(cells, 0.05))],
        },
      ],
      says: [
        `k = ${count} of ${UNITS} units survive, those with z ≥ ${num(least)}`,
        `${z.filter((value) => -value > Math.abs(least)).length} units of larger |z|, but negative, do not.`,
      ],
    };
  },
});
