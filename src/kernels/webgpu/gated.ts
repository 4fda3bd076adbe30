import type { Kernels } from '../kernels.ts';
import { program, type Stage } from './call.ts';
import { sumColumns } from './columns.ts';
import { each, flattened } from './elementwise.ts';
import { FUNCTIONS } from './functions.ts';

const gatedActivation = program({
  name: 'gatedActivation',
  views: { a: 'write', z: 'read', gate_bias: 'read', magnitude_bias: 'read', scale: 'read' },
  numbers: {},
  code: `${FUNCTIONS}
fn each(i: u32, j: u32) {
  let gate = z(i, j);
  let magnitude = exp_of(scale1(j)) * (gate - gate_bias1(j)) + magnitude_bias1(j);
  let off = (gate <= 0.0 && !is_nan(gate)) || (magnitude <= 0.0 && !is_nan(magnitude));
  set_a(i, j, select(magnitude, 0.0, off));
}`,
});

/** Σₖ dGate, μ and μ·eʳ·u of each column, and delta = dGate + eʳμ. */
const gatedDelta = {
  ...program({
    name: 'gatedDelta',
    views: { delta: 'write', d_gate: 'read', a: 'read', z: 'read', gate_bias: 'read', scale: 'read' },
    numbers: {},
    code: `${FUNCTIONS}
fn values(i: u32, j: u32) -> array<f32, 3> {
  let gain = exp_of(scale1(j));
  let own = d_gate(i, j);
  var mu = 0.0;
  if (a(i, j) > 0.0) { mu = delta(i, j); }
  set_delta(i, j, own + gain * mu);
  return array<f32, 3>(own, mu, mu * gain * (z(i, j) - gate_bias1(j)));
}`,
  }),
  sums: 3,
};

const maskPositive = program({
  name: 'maskPositive',
  views: { out: 'write', x: 'read', z: 'read' },
  numbers: {},
  code: `
fn each(i: u32, j: u32) {
  var v = 0.0;
  if (z(i, j) > 0.0) { v = x(i, j); }
  set_out(i, j, v);
}`,
});

type Of = Pick<Kernels, 'gatedActivation' | 'gatedDelta' | 'maskPositive'>;

/** Gated units. */
export function createGated(stage: Stage): Of {
  return {
    gatedActivation(a, z, { gateBias, magnitudeBias, scale }) {
      const views = { a, z, gate_bias: gateBias, magnitude_bias: magnitudeBias, scale };
      each(stage, gatedActivation, z, views, {});
    },
    gatedDelta(delta, dGate, { dGateBias, dMagnitudeBias, dScale }, a, z, { gateBias, scale }, m) {
      const views = { delta, d_gate: dGate, a, z, gate_bias: gateBias, scale };
      const outs = [dGateBias, dMagnitudeBias, dScale];
      sumColumns(
        stage,
        gatedDelta,
        z,
        views,
        {},
        outs,
        outs.map(() => 1 / m),
      );
    },
    maskPositive(out, x, z) {
      const [o, from, by] = flattened(out, x, z);
      each(stage, maskPositive, o, { out: o, x: from, z: by }, {});
    },
  };
}
