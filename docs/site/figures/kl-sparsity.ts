import { ruleX } from '@observablehq/plot';
import { k, slotOf, vector } from './engine.ts';
import { figure } from './figure.ts';
import { arrows, BLUE, chart, curve, dots, MUTED, num, ORANGE, type Point, path, words } from './marks.ts';

/** KL(ρ‖ρ̂) of one unit and its derivative by ρ̂, from the kernel that training uses. */
export function klOf(rho: number, rate: number): { value: number; slope: number } {
  const push = vector([0]);
  const value = slotOf((results) =>
    k.klSparsity(push, results, 0, vector([rate]), { target: rho, weight: 1, scale: 1, shift: 0 }),
  );
  return { value, slope: push.data[0] };
}

const VALUES = [0, 1.5] as const;
const SLOPES = [-6, 6] as const;

/** f over (0, 1), dense towards both ends: at σ(t) for equal distances of t. */
function over(f: (rate: number) => number, within: readonly [number, number]): Point[] {
  const rates = curve((t) => 1 / (1 + Math.exp(-t)), [-18.4, 18.4], undefined, 184);
  return rates.map(([, rate]): Point => [rate, f(rate)]).filter(([, y]) => y >= within[0] && y <= within[1]);
}

export const klSparsity = figure({
  title: 'The KL penalty of a unit, and its push',
  alt: 'Two curves over the mean activation ρ̂ of a unit: KL(ρ‖ρ̂), 0 at ρ and rising to both sides, and its derivative, negative below ρ, 0 at ρ, positive above; a dot at ρ̂ with an arrow towards ρ.',
  controls: {
    rho: { name: 'target', symbol: 'ρ', min: 0.02, max: 0.6, step: 0.01, start: 0.1 },
    rate: { name: 'mean activation', symbol: 'ρ̂', min: 0.01, max: 0.99, step: 0.01, start: 0.4 },
  },
  draw({ rho, rate }) {
    const { value, slope } = klOf(rho, rate);
    const target = ruleX([rho], { stroke: ORANGE, strokeWidth: 1.5, strokeDasharray: '5,4' });
    const height = Math.min(value, 1.42);
    const reach = Math.sign(rho - rate) * Math.min(Math.abs(rho - rate), 0.06 + 0.035 * Math.abs(slope));
    const side = rho < 0.5 ? { textAnchor: 'start', dx: 6 } : { textAnchor: 'end', dx: -6 };
    const x = { x: [0, 1], xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1] } as const;
    return {
      rows: [
        {
          height: 150,
          panels: [
            chart({
              ...x,
              heading: 'KL(ρ‖ρ̂)',
              y: VALUES,
              yTicks: [0, 0.5, 1, 1.5],
              marks: [
                target,
                words([rho, 1.4], `ρ = ${num(rho)}`, ORANGE, side),
                path(
                  over((r) => klOf(rho, r).value, VALUES),
                  BLUE,
                ),
                ...(rate === rho ? [] : [arrows([[rate, height]], [[rate + reach, height]], ORANGE, { inset: 0 })]),
                dots([[rate, height]], BLUE),
              ],
            }),
          ],
        },
        {
          height: 170,
          panels: [
            chart({
              ...x,
              heading: 'derivative −ρ/ρ̂ + (1−ρ)/(1−ρ̂)',
              xLabel: 'mean activation ρ̂',
              y: SLOPES,
              yTicks: [-6, -3, 0, 3, 6],
              marks: [
                target,
                path(
                  over((r) => klOf(rho, r).slope, SLOPES),
                  BLUE,
                ),
                ruleX([rate], { y1: 0, y2: Math.max(-6, Math.min(6, slope)), stroke: MUTED, strokeWidth: 1.5 }),
                dots([[rate, Math.max(-6, Math.min(6, slope))]], BLUE),
              ],
            }),
          ],
        },
      ],
      says: [
        `KL = ${num(value, 4)}, derivative = ${num(slope, 3)}`,
        rate === rho
          ? 'At ρ there is no push.'
          : `A step of descent makes the unit ${slope > 0 ? 'quieter' : 'louder'}.`,
      ],
    };
  },
});
