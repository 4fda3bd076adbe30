import { denseBackward, denseBackwardInput, denseForward } from '../layers/dense.ts';
import { reconstructionLosses } from '../penalties/reconstruction.ts';
import { type LayerPass, type Network, type Pass, SLOT } from './network.ts';

/**
 * Forward: from a⁽⁰⁾ = x, Z = A·V + b and A⁺ = f(Z), layer by layer; X̂ is the last layer's output.
 * With one hidden layer: A = f(X·Wᵀ + b), X̂ = g(A·D + c).
 */
export function forward(network: Network, layers: readonly LayerPass[]): void {
  const k = network.kernels;
  for (const layer of layers) {
    denseForward(k, layer.z, layer.input, layer.weight, layer.bias);
    k.activate(layer.a, layer.z, layer.f);
  }
}

/** The data term (1/m) Σₖ L(xₖ, x̂ₖ) of a pass that `forward` has run, and δ of the output layer. */
export function reconstruction(network: Network, pass: Pass): void {
  const { kernels: k, config, results } = network;
  const out = pass.layers[pass.layers.length - 1];
  reconstructionLosses[config.loss](k, out.delta, results, SLOT.reconstruction, out.z, out.a, pass.target, out.f);
}

/**
 * J = (1/m) Σₖ L(xₖ, x̂ₖ) + (λ/2) Σ W² + β Σⱼ KL(ρ‖ρ̂ⱼ) (or (γ/m) Σₖ Σⱼ |aⱼ|) and ∂J/∂θ, for the m examples in the
 * pass. The value of each term is left in the network's results, the gradient in the network's flat gradient.
 * Weight decay spares biases and counts tied weights once. [Ng, CS294A notes, §2 and §3; Bunescu, ITCS 6156]
 */
export function costAndGradient(network: Network, pass: Pass): void {
  const { kernels: k, config, results, gradient } = network;
  const { layers } = pass;

  k.fill(gradient, 0);
  k.clearResults(results);

  // ── forward ───────────────────────────────────────────────────────────────────────────────────────────────────
  forward(network, layers);

  // ── cost ──────────────────────────────────────────────────────────────────────────────────────────────────────
  reconstruction(network, pass); // and δ of the output: (x̂ − x) ⊙ g′(z)
  for (const { penalty, a } of layers) {
    penalty?.forward(k, results, SLOT.sparsity, a); // ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), β Σⱼ KL(ρ‖ρ̂ⱼ)
  }
  if (config.weightDecay > 0) {
    for (const { value, gradient: dValue } of network.weights) {
      k.weightDecay(dValue, results, SLOT.weightDecay, value, config.weightDecay); // ∇W += λW
    }
  }

  // ── backward ──────────────────────────────────────────────────────────────────────────────────────────────────
  for (let l = layers.length - 1; l >= 0; l--) {
    const above = layers[l];
    // Z = A·V + b: ∇V += (1/m) AᵀΔ, ∇b += (1/m) Σₖ δₖ.
    denseBackward(k, above.dWeight, above.dBias, above.delta, above.inputT);
    if (l === 0) break;

    // δ₂ = (δ₃Dᵀ + β(−ρ/ρ̂ + (1−ρ)/(1−ρ̂))) ⊙ f′(z₂), in three steps: δ₃Dᵀ, then what differs between examples (L1),
    // then the row that KL pushes every example by, inside the bracket, and f′ around all of it.
    const { delta, a, f, penalty } = layers[l - 1];
    denseBackwardInput(k, delta, above.delta, above.weightT);
    penalty?.backward(k, results, SLOT.sparsity, delta, a);
    k.delta(delta, delta, penalty?.push ?? null, a, f);
  }
}
