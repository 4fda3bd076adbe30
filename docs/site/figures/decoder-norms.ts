import { blank, k, product, rowOf, rows, slotOf, vector } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, bars, chart, curve, dots, num, ORANGE, path, words } from './marks.ts';

const A = [1.2, 0.6, 0.3];
const D = [
  [0.6, 0.8],
  [0, 1],
  [0.8, -0.6],
];

/** L1 of the codes a/s, plain and weighted by the norms of sD, with γ = 1; and the reconstruction (a/s)·(sD). */
export function penalties(s: number) {
  const a = rows([A.map((one) => one / s)]);
  const decoder = rows(D.map((row) => row.map((one) => s * one)));
  const [squares, pull] = [vector(A.map(() => 0)), vector(A.map(() => 0))];
  k.rowSquaredNorms(squares, decoder);
  const plain = slotOf((results) => k.l1Sparsity(blank(1, 3), results, 0, a, 1, 1));
  const weighted = slotOf((results) => k.normWeightedL1(blank(1, 3), pull, results, 0, a, squares, 1, 1));
  return { plain, weighted, xHat: rowOf(product(a, decoder)), a: rowOf(a), norm: Math.sqrt(squares.data[0]) };
}

export const decoderNorms = figure({
  title: 'Codes smaller, decoder longer: no gain',
  alt: 'Two penalties over the factor s by which codes are divided and rows of the decoder multiplied, which leaves the reconstruction as it is: plain L1 falls as 1/s, L1 weighted by the norms of the decoder’s rows is level.',
  controls: { s: { name: 'factor', symbol: 's', min: 0.5, max: 4, step: 0.1, start: 2 } },
  draw({ s }) {
    const now = penalties(s);
    return {
      rows: [
        {
          height: 200,
          panels: [
            chart({
              heading: 'penalty of codes a/s with rows sD',
              xLabel: 'factor s',
              x: [0.5, 4],
              y: [0, 4.5],
              xTicks: [0.5, 1, 2, 3, 4],
              yTicks: [0, 1, 2, 3, 4],
              marks: [
                path(
                  curve((at) => penalties(at).plain, [0.5, 4], undefined, 60),
                  ORANGE,
                ),
                path(
                  curve((at) => penalties(at).weighted, [0.5, 4], undefined, 4),
                  BLUE,
                ),
                dots([[s, now.plain]], ORANGE),
                dots([[s, now.weighted]], BLUE),
                words([3.9, 3.6], 'Σ|a|: falls for nothing', ORANGE, { textAnchor: 'end' }),
                words([3.9, 2.7], 'Σ|a|·‖D‖: is the same', BLUE, { textAnchor: 'end' }),
              ],
            }),
          ],
        },
        {
          height: 130,
          panels: [
            chart({
              heading: 'codes a/s',
              x: [-0.6, 2.6],
              y: [0, 2.5],
              xTicks: [0, 1, 2],
              yTicks: [0, 1, 2],
              marks: [bars(now.a, ORANGE)],
            }),
            chart({
              heading: 'x̂ = (a/s)·(sD)',
              x: [-0.6, 1.6],
              y: [0, 2.5],
              xTicks: [0, 1],
              yTicks: [0, 1, 2],
              marks: [bars(now.xHat, BLUE)],
            }),
          ],
        },
      ],
      says: [
        `Norms are ${num(now.norm)}; Σ|a| = ${num(now.plain)}, Σ|a|‖D‖ = ${num(now.weighted)}`,
        `x̂ = (${now.xHat.map((one) => num(one)).join(', ')}), whatever s is.`,
      ],
    };
  },
});
