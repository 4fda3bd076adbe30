import { fillNormal, fillUniform, stream } from '../../../src/array/random.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { blank, blankIndices, type Doubles, k, product, rowOf, rows, slotOf, vector } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, bars, chart, MUTED, num, ORANGE, type Point, path, words } from './marks.ts';

const INPUTS = 16;
const EXAMPLES = 8;
const LIVING = 4;
const DEAD = 6;
const ALPHA = 1 / 32;

/** Orthonormal directions that the data are made of: the living units know the first four. */
const features = Array.from({ length: LIVING + DEAD }, (_, j) =>
  Array.from(
    { length: INPUTS },
    (_, i) => Math.sqrt((j === 0 ? 1 : 2) / INPUTS) * Math.cos((Math.PI * j * (i + 0.5)) / INPUTS),
  ),
);

/** Rows of the dead units: at random where `learned` is 0, at what the living leave over where it is 1. */
function deadRows(learned: number): Doubles {
  const D = blank(DEAD, INPUTS);
  fillNormal(D.data, { seed: 9, stream: stream.testing }, 0, 1 / Math.sqrt(INPUTS));
  const known = rows(features.slice(LIVING));
  k.blend(D, D, 1 - learned, known, learned);
  k.normalizeRows(D);
  return D;
}

/** e = x − x̂ of the living units, ê of the dead, and the term; W = D. */
export function auxiliary(most: number, learned: number) {
  const codes = fillUniform(new Float64Array(EXAMPLES * (LIVING + DEAD)), { seed: 10, stream: stream.testing });
  const a = { ...blank(EXAMPLES, LIVING + DEAD), data: codes.map((one) => (one > 0.5 ? 2 * one - 0.6 : 0)) };
  const x = product(a, rows(features));
  const xHat = product({ ...a, shape: [EXAMPLES, LIVING] }, rows(features.slice(0, LIVING)));
  const e = blank(EXAMPLES, INPUTS);
  k.blend(e, x, 1, xHat, -1);
  const D = deadRows(learned);
  const z = product(x, { ...D, shape: [INPUTS, DEAD], stride: [1, INPUTS] });
  const silence = vector(Array.from({ length: DEAD }, () => 1));
  const [values, indices] = [blank(EXAMPLES, most), blankIndices(EXAMPLES, most)];
  const lengths = { ...blankIndices(EXAMPLES, 1), shape: [EXAMPLES], stride: [1] };
  k.selectSilent(values, indices, lengths, z, silence, 1);
  k.activate(values, values, activations.relu);
  const eHat = blank(EXAMPLES, INPUTS);
  k.addSparseRows(eHat, values, indices, D, lengths);
  const [scale, moments] = [vector([0]), vector(Array.from({ length: INPUTS + 1 }, () => 0))];
  k.residualMoments(moments, e);
  k.auxiliaryScale(scale, moments, silence, 1, ALPHA, EXAMPLES);
  const dEHat = blank(EXAMPLES, INPUTS);
  const term = slotOf((results) => k.scaledSquaredError(dEHat, results, 0, eHat, e, scale, EXAMPLES));
  return { x, xHat, e, eHat, values, term };
}

export const auxK = figure({
  title: 'What the living leave over, for the dead',
  alt: 'One example x and what the living units make of it, x̂; below, what they leave over, e = x − x̂, as bars, and ê, what the k_aux dead units of largest z make of that. The further the dead units have learned, the nearer is ê to e, and the smaller the term.',
  controls: {
    k: { name: 'dead units', symbol: 'k_aux', min: 1, max: DEAD, step: 1, start: 4 },
    learned: { name: 'learned', symbol: 't', min: 0, max: 1, step: 0.05, start: 0.85 },
  },
  plays: 'learned',
  draw({ k: most, learned }) {
    const { x, xHat, e, eHat, values, term } = auxiliary(most, learned);
    const points = (of: Doubles): Point[] => rowOf(of).map((y, i) => [i, y]);
    const axis = { x: [-0.6, INPUTS - 0.4], xTicks: [0, 5, 10, 15], y: [-1.6, 2], yTicks: [-1, 0, 1, 2] } as const;
    const on = rowOf(values).filter((one) => one > 0).length;
    return {
      rows: [
        {
          height: 140,
          panels: [
            chart({
              ...axis,
              heading: 'x (bars) and x̂ of the living units',
              marks: [bars(rowOf(x), MUTED, { fillOpacity: 0.5 }), path(points(xHat), BLUE)],
            }),
          ],
        },
        {
          height: 160,
          panels: [
            chart({
              ...axis,
              heading: 'e = x − x̂ (bars) and ê of the dead units',
              xLabel: 'input',
              marks: [
                bars(rowOf(e), MUTED, { fillOpacity: 0.5 }),
                path(points(eHat), ORANGE),
                words([INPUTS - 0.6, 1.4], 'ê', ORANGE, { textAnchor: 'end' }),
              ],
            }),
          ],
        },
      ],
      says: [
        `α Σ‖ê − e‖² / Σ‖e − ē‖² = ${num(term, 4)}, α = 1/32`,
        `Of ${Math.min(most, DEAD)} chosen dead units ${on} are above 0 here.`,
      ],
    };
  },
});
