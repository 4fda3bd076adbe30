import { biasCorrection } from '../bias-correction.ts';
import type { View } from '../cpu-view.ts';
import type { AdamStep, MomentumStep } from '../kernels.ts';

/** before ← θ; v ← μv − ηg; θ ← θ + v, or θ ← θ + μv − ηg with the new v (Nesterov). Flat vectors of one length. */
export function momentumStep(theta: View, before: View, velocity: View, gradient: View, options: MomentumStep): void {
  const { learningRate, momentum, nesterov } = options;
  const { data: t, offset: pt } = theta;
  const { data: old, offset: po } = before;
  const { data: v, offset: pv } = velocity;
  const { data: g, offset: pg } = gradient;
  const length = theta.shape[0];
  for (let i = 0; i < length; i++) {
    const move = momentum * v[pv + i] - learningRate * g[pg + i];
    v[pv + i] = move;
    old[po + i] = t[pt + i];
    t[pt + i] += nesterov ? momentum * move - learningRate * g[pg + i] : move;
  }
}

/**
 * before ← θ; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε). Flat vectors of one length.
 * Both moments are divided by their bias correction: multiplying is the classic slip.
 */
export function adamStep(
  theta: View,
  before: View,
  first: View,
  second: View,
  gradient: View,
  options: AdamStep,
): void {
  const { learningRate, beta1, beta2, epsilon, step } = options;
  const { data: t, offset: pt } = theta;
  const { data: old, offset: po } = before;
  const { data: m, offset: pm } = first;
  const { data: v, offset: pv } = second;
  const { data: g, offset: pg } = gradient;
  const firstCorrection = biasCorrection(beta1, step);
  const secondCorrection = biasCorrection(beta2, step);
  const length = theta.shape[0];
  for (let i = 0; i < length; i++) {
    const slope = g[pg + i];
    const mean = beta1 * m[pm + i] + (1 - beta1) * slope;
    const square = beta2 * v[pv + i] + (1 - beta2) * slope * slope;
    m[pm + i] = mean;
    v[pv + i] = square;
    old[po + i] = t[pt + i];
    t[pt + i] -= (learningRate * (mean / firstCorrection)) / (Math.sqrt(square / secondCorrection) + epsilon);
  }
}
