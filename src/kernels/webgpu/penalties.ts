import type { View } from '../../array/matrix.ts';
import type { Kernels } from '../kernels.ts';
import { byActivation } from './activations.ts';
import { toPair } from './block.ts';
import { program, type Stage } from './call.ts';
import { zeroed } from './clear.ts';
import { sumColumns } from './columns.ts';
import { flattened } from './elementwise.ts';
import { FUNCTIONS } from './functions.ts';
import { slotOf, sumTo } from './sums.ts';

/** Σ w², of which the caller's factor is λ/2, and dW = λ·w. */
const weightDecay = program({
  name: 'weightDecay',
  views: { out: 'write', w: 'read' },
  numbers: { lambda: 'f32' },
  code: 'fn value(i: u32, j: u32) -> f32 { let v = w(i, j); set_out(i, j, p.lambda * v); return v * v; }',
});

/** Σ |w|, of which the caller's factor is γ, or γ/m of activations, and out += γ sign(w), without 1/m. */
const l1 = program({
  name: 'l1',
  views: { out: 'write', w: 'read' },
  numbers: { gamma: 'f32' },
  code: `${FUNCTIONS}
fn value(i: u32, j: u32) -> f32 {
  let v = w(i, j);
  set_out(i, j, out(i, j) + p.gamma * sign_of(v));
  return abs(v);
}`,
});

/**
 * With d = r − ρ, from scale·ρ̂ + (shift − ρ), and q(u) = u − log(1 + u): KL(ρ‖r) = ρ q(d/ρ) + (1−ρ) q(−d/(1−ρ)), whose terms
 * are both above 0, and the push d/(r(1−r)). 1 − r = (1 − shift) − scale·ρ̂ is exact where r is near 1, as 1 − 1e-8 is 1 in float32.
 */
const klSparsity = program({
  name: 'klSparsity',
  views: { push: 'write', rho_hat: 'read' },
  numbers: { rho: 'f32', rest: 'f32', scale: 'f32', shift: 'f32', base: 'f32', base_low: 'f32', weight: 'f32' },
  code: `${FUNCTIONS}
const MARGIN = 1e-8;
/** u − log(1 + u); ratio = 1 + u. */
fn gap(u: f32, ratio: f32) -> f32 {
  if (abs(u) <= 0.5) { return log1p_gap(u); }
  return u - log_of(vec2<f32>(ratio, 0.0));
}
fn value(i: u32, j: u32) -> f32 {
  let moved = p.scale * rho_hat1(j);
  var r = moved + p.shift;
  var s = (1.0 - p.shift) - moved;
  var d = (moved + p.base) + p.base_low;
  if (r < MARGIN) { r = MARGIN; s = 1.0; d = MARGIN - p.rho; }
  if (s < MARGIN) { s = MARGIN; r = 1.0; d = p.rest - MARGIN; }
  set_push1(j, p.weight * d / (r * s));
  return p.rho * gap(d / p.rho, r / p.rho) + p.rest * gap(-d / p.rest, s / p.rest);
}`,
});

/** Σₖ f′² of each column, not a mean; dA += 2κ r f″, without 1/m. The cost's factor is κ/m, the pull's 2κ/m. */
const contraction = byActivation((name, code) => ({
  ...program({
    name: `contraction ${name}`,
    views: { d_a: 'write', a: 'read', norms: 'read' },
    numbers: { kappa: 'f32' },
    code: `${code}
fn values(i: u32, j: u32) -> array<f32, 1> {
  let value = a(i, j);
  let slope = f_first(value);
  set_d_a(i, j, d_a(i, j) + 2.0 * p.kappa * norms1(j) * f_second(value));
  return array<f32, 1>(slope * slope);
}`,
  }),
  sums: 1,
}));
const contracted = program({
  name: 'contraction of columns',
  views: { pull: 'write', sums: 'read', norms: 'read' },
  numbers: { factor: 'f32' },
  code: `
fn value(i: u32, j: u32) -> f32 {
  set_pull1(j, p.factor * sums1(j));
  return sums1(j) * norms1(j);
}`,
});

type Of = Pick<Kernels, 'weightDecay' | 'weightL1' | 'klSparsity' | 'l1Sparsity' | 'contraction'>;

/** Penalties on weights and activations. */
export function createPenalties(stage: Stage): Of {
  const addL1 = (out: View, w: View, gamma: number, total: View, factor: number) => {
    const [o, of] = flattened(out, w);
    sumTo(stage, l1, of, { out: o, w: of }, { gamma }, total, factor);
  };
  return {
    weightDecay(dW, results, slot, w, lambda) {
      const [out, of] = flattened(dW, w);
      sumTo(stage, weightDecay, of, { out, w: of }, { lambda }, slotOf(results, slot), lambda / 2);
    },
    weightL1: (dW, results, slot, w, gamma) => addL1(dW, w, gamma, slotOf(results, slot), gamma),
    l1Sparsity: (dA, results, slot, a, gamma, m) => addL1(dA, a, gamma, slotOf(results, slot), gamma / m),
    klSparsity(push, results, slot, rhoHat, { target, weight, scale, shift }) {
      const [base, base_low] = toPair(shift - target);
      const numbers = { rho: target, rest: 1 - target, scale, shift, base, base_low, weight: scale * weight };
      sumTo(stage, klSparsity, rhoHat, { push, rho_hat: rhoHat }, numbers, slotOf(results, slot), weight);
    },
    contraction(dA, pull, results, slot, a, norms, f, kappa, m) {
      const sums = zeroed(stage, 'sums of columns', 'doubles', a.shape[1]);
      sumColumns(stage, contraction(f), a, { d_a: dA, a, norms }, { kappa }, [sums], [1]);
      const views = { pull, sums, norms };
      sumTo(stage, contracted, pull, views, { factor: (2 * kappa) / m }, slotOf(results, slot), kappa / m);
    },
  };
}
