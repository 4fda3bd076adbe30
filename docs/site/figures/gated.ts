import { blank, k, rows as matrix, vector } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, curve, dots, num, ORANGE, path, words } from './marks.ts';

/** A gate's numbers. */
export interface GateNumbers {
  readonly gateBias: number;
  readonly magnitudeBias: number;
  readonly scale: number;
}

/** gate, magnitude and a of one unit at u. */
export function gatedOf(u: number, { gateBias, magnitudeBias, scale }: GateNumbers) {
  const a = blank(1, 1);
  const gate = { gateBias: vector([gateBias]), magnitudeBias: vector([magnitudeBias]), scale: vector([scale]) };
  k.gatedActivation(a, matrix([[u + gateBias]]), gate);
  return { gate: u + gateBias, magnitude: Math.exp(scale) * u + magnitudeBias, a: a.data[0] };
}

export const gated = figure({
  title: 'Is it on? How much? Two biases',
  alt: 'Over u, the product of weights and input: the gate u + b_gate, which decides by its sign whether the unit is on, the magnitude eʳu + b_mag, and the code a: 0 left of where the gate crosses 0, the magnitude right of it, with a jump.',
  controls: {
    u: { name: 'input', symbol: 'u', min: -2, max: 3, step: 0.1, start: 1.5 },
    gateBias: { name: 'gate’s bias', symbol: 'b_gate', min: -2, max: 2, step: 0.1, start: -1 },
    magnitudeBias: { name: 'its bias', symbol: 'b_mag', min: -1, max: 2, step: 0.1, start: 0.2 },
    scale: { name: 'exponent', symbol: 'r', min: -1, max: 0.7, step: 0.1, start: 0 },
  },
  draw({ u, ...gate }) {
    const now = gatedOf(u, gate);
    const range = [-2, 3] as const;
    const within = [-1.5, 4] as const;
    const opens = -gate.gateBias;
    const inside = (at: number) => at >= within[0] && at <= within[1];
    const before = curve((at) => gatedOf(at, gate).a, [-2, opens]);
    const after = curve((at) => gatedOf(at, gate).a, [opens + 1e-9, 3], within);
    return {
      rows: [
        {
          height: 250,
          panels: [
            chart({
              heading: 'gate, magnitude, code a',
              xLabel: 'u = w·x',
              x: range,
              y: within,
              xTicks: [-2, -1, 0, 1, 2, 3],
              yTicks: [-1, 0, 1, 2, 3, 4],
              marks: [
                path(
                  curve((at) => gatedOf(at, gate).gate, range, within),
                  ORANGE,
                  { strokeDasharray: '5,4' },
                ),
                path(
                  curve((at) => gatedOf(at, gate).magnitude, range, within),
                  BLUE,
                  { strokeDasharray: '2,4' },
                ),
                path(before, BLUE, { strokeWidth: 3 }),
                path(after, BLUE, { strokeWidth: 3 }),
                ...(inside(now.gate) ? [dots([[u, now.gate]], ORANGE)] : []),
                ...(inside(now.a) ? [dots([[u, now.a]], BLUE)] : []),
                words([-1.9, 3.7], 'gate: above 0 the unit is on', ORANGE, { textAnchor: 'start' }),
                words([-1.9, 3.2], 'magnitude (dotted), code a (bold)', BLUE, { textAnchor: 'start' }),
              ],
            }),
          ],
        },
      ],
      says: [
        `gate ${num(now.gate)}, magnitude ${num(now.magnitude)}: a = ${num(now.a)}`,
        'L1 sees relu(gate) alone, so it shrinks no a.',
      ],
    };
  },
});
