import { activations } from '../../../src/kernels/activations/table.ts';
import { type Doubles, k, product, rowOf, rows, slotOf, vector } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, dots, FAINT, GROUND, INK, MUTED, num, ORANGE, type Point, path, words } from './marks.ts';

const W = [[1, -0.5], [0.5, 1]] as const; // biome-ignore format: a matrix
const B = [0.2, -0.4] as const;
const D = [[1.5, -1], [0.5, 2]] as const; // biome-ignore format: a matrix
const C = [-0.5, 0.1] as const;

const transposed = ({ data }: Doubles): Doubles => ({ data, shape: [2, 2], stride: [1, 2], offset: 0 });
const { sigmoid } = activations;

/** One example through a 2-2-2 sigmoid model and back, as cost.ts does it. */
export function pass(x: readonly [number, number]) {
  const [input, w, d] = [rows([x]), rows(W), rows(D)];
  const layer = (from: Doubles, v: Doubles, bias: readonly number[]) => {
    const [z, a] = [rows([[...bias]]), rows([[0, 0]])];
    k.gemm(z, from, v, 1, 1);
    k.activate(a, z, sigmoid);
    return { z, a };
  };
  const hidden = layer(input, transposed(w), B);
  const output = layer(hidden.a, d, C);
  const delta3 = rows([[0, 0]]);
  const loss = slotOf((results) => k.squaredError(delta3, results, 0, output.a, input, null, 1));
  k.delta(delta3, delta3, null, output.a, sigmoid);
  const dD = product({ ...hidden.a, shape: [2, 1], stride: [1, 2] }, delta3);
  const delta2 = product(delta3, transposed(d));
  k.delta(delta2, delta2, vector([0, 0]), hidden.a, sigmoid);
  const dW = product({ ...delta2, shape: [2, 1], stride: [1, 2] }, input);
  return { z2: hidden.z, a: hidden.a, z3: output.z, xHat: output.a, loss, delta3, dD, delta2, dW };
}

type Pass = ReturnType<typeof pass>;
const list = (view: Doubles) =>
  rowOf({ ...view, shape: [1, view.data.length] })
    .map((one) => num(one, 3))
    .join(', ');

/** What each step computes: its equation, and its numbers. */
const STEPS: readonly (readonly [string, (now: Pass) => string])[] = [
  ['forward: Z₂ = X·Wᵀ + b', ({ z2 }) => `z₂ = (${list(z2)})`],
  ['forward: A = f(Z₂)', ({ a }) => `a = (${list(a)})`],
  ['forward: Z₃ = A·D + c', ({ z3 }) => `z₃ = (${list(z3)})`],
  ['forward: X̂ = g(Z₃)', ({ xHat }) => `x̂ = (${list(xHat)})`],
  ['the loss: L = ½‖x̂ − x‖²', ({ loss }) => `L = ${num(loss, 4)}`],
  ['backward: δ₃ = (x̂ − x) ⊙ g′', ({ delta3 }) => `δ₃ = (${list(delta3)})`],
  ['backward: ∇D = Aᵀδ₃, ∇c = δ₃', ({ dD }) => `∇D = (${list(dD)})`],
  ['backward: δ₂ = δ₃Dᵀ ⊙ f′', ({ delta2 }) => `δ₂ = (${list(delta2)})`],
  ['backward: ∇W = δ₂ᵀX, ∇b = δ₂', ({ dW }) => `∇W = (${list(dW)})`],
];

export const overview = figure({
  title: 'Forward, and back',
  alt: 'Three columns of circles joined by lines: inputs x, hidden units a, outputs x̂. Step by step numbers go through them from left to right, z₂, a, z₃, x̂ and the loss, and then derivatives back from right to left, δ₃, ∇D, δ₂, ∇W.',
  controls: {
    step: { name: 'step', symbol: 't', min: 1, max: STEPS.length, step: 1, start: 8 },
    x0: { name: 'input', symbol: 'x₀', min: 0, max: 1, step: 0.05, start: 1 },
    x1: { name: 'input', symbol: 'x₁', min: 0, max: 1, step: 0.05, start: 0 },
  },
  plays: 'step',
  draw({ step, x0, x1 }) {
    const now = pass([x0, x1]);
    const at = (column: number, row: number): Point => [column, 1 - row];
    const joined = (from: number, colour: string): ReturnType<typeof path>[] =>
      [0, 1].flatMap((i) => [0, 1].map((j) => path([at(from, i), at(from + 1, j)], colour, { strokeWidth: 2.5 })));
    const left = step >= 9 ? ORANGE : BLUE;
    const right = step >= 6 ? ORANGE : step >= 3 ? BLUE : FAINT;
    const label = (column: number, row: number, dy: number, says: string, colour: string) =>
      words(at(column, row), says, colour, { dy, fontSize: 12 });
    const values = [rows([[x0, x1]]), now.a, now.xHat];
    const known = [0, 2, 4];
    const deltas = [null, now.delta2, now.delta3];
    const since = [0, 8, 6];
    return {
      rows: [
        {
          height: 220,
          panels: [
            {
              marginLeft: 46,
              marginRight: 46,
              marginTop: 62,
              marginBottom: 50,
              x: { domain: [0, 2], axis: null },
              y: { domain: [0, 1], axis: null },
              color: { type: 'identity' },
              marks: [
                ...joined(0, left),
                ...joined(1, right),
                dots(
                  [0, 1, 2].flatMap((c) => [at(c, 0), at(c, 1)]),
                  GROUND,
                  { r: 21, stroke: INK, strokeWidth: 1.5 },
                ),
                ...['x', 'a = f(z₂)', 'x̂ = g(z₃)'].map((name, c) => label(c, 0, -48, name, MUTED)),
                words([0.5, 1], 'W, b', MUTED, { dy: -14 }),
                words([1.5, 1], 'D, c', MUTED, { dy: -14 }),
                ...values.flatMap((view, c) =>
                  [0, 1].map((i) => label(c, i, 0, step >= known[c] ? num(view.data[i]) : '', INK)),
                ),
                ...deltas.flatMap((view, c) =>
                  view === null || step < since[c]
                    ? []
                    : [0, 1].map((i) => label(c, i, 32, `δ ${num(view.data[i], 3)}`, ORANGE)),
                ),
              ],
            },
          ],
        },
      ],
      says: [`${step}. ${STEPS[step - 1][0]}`, STEPS[step - 1][1](now)],
    };
  },
});
