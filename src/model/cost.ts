import { affineBackward, affineBackwardInput, affineForward } from '../layers/affine.ts';
import { losses } from '../penalties/losses.ts';
import { type LayerPass, type Network, type Pass, SLOT } from './network.ts';

/**
 * Forward: from a⁽⁰⁾ = x̃, Z = A·V + b and A⁺ = f(Z), layer by layer; the last layer's output is X̂.
 * With one hidden layer: A = f(X̃·Wᵀ + b), X̂ = g(A·D + c). A k-sparse layer keeps its k largest and passes on those alone.
 */
export function forward(network: Network, layers: readonly LayerPass[]): void {
  const k = network.kernels;
  for (const layer of layers) {
    affineForward(k, layer);
    k.activate(layer.a, layer.z, layer.f);
    if (layer.survivors !== null) k.selectLargest(layer.survivors.values, layer.survivors.indices, layer.a);
  }
}

/** The data term (1/m) Σₖ L(xₖ, x̂ₖ) of a pass that `forward` has run, and δ of the output layer. */
export function dataTerm(network: Network, { layers, target, emphasis }: Pass): void {
  const { kernels: k, spec, results } = network;
  const { delta, z, a, f } = layers[layers.length - 1];
  losses[spec.loss](k, delta, results, SLOT.data, { z, output: a, target, emphasis, g: f });
}

/**
 * J = (1/m) Σₖ L(xₖ, x̂ₖ) + (λ/2) Σ W² + γ₁ Σ |W| + β Σⱼ KL(ρ‖ρ̂ⱼ) (or (γ/m) Σₖ Σⱼ |aⱼ|) + (κ/m) Σₖ ‖∂a/∂x‖²_F and
 * ∂J/∂θ, for the m examples in the pass; activations are those of x̃ where the input is corrupted. The value of each term is left in the network's results, the gradient in its flat gradient.
 * Weight decay spares biases and counts tied weights once. `lowest` is the first layer that is trained: below it nothing
 * is propagated, and no weight shrinks. [Ng, CS294A notes, §2 and §3; Bunescu, ITCS 6156]
 */
export function costAndGradient(network: Network, pass: Pass, lowest = 0): void {
  const { kernels: k, results } = network;
  const { layers } = pass;

  k.clearResults(results);

  // ── forward ───────────────────────────────────────────────────────────────────────────────────────────────────
  forward(network, layers);

  // ── cost ──────────────────────────────────────────────────────────────────────────────────────────────────────
  dataTerm(network, pass); // and δ of the output, such as (x̂ − x) ⊙ g′(z)
  for (const { penalties, a } of layers) {
    for (const penalty of penalties) {
      penalty.forward?.(k, results, SLOT[penalty.term], a); // ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), β Σⱼ KL(ρ‖ρ̂ⱼ)
    }
  }
  // Every gradient begins with its weight's own decay, or at 0; all else is added.
  for (const { value, gradient, l2, l1, layer } of network.parameters) {
    if (l2 > 0 && layer >= lowest)
      k.weightDecay(gradient, results, SLOT.weightDecay, value, l2); // ∇W = λW
    else k.fill(gradient, 0);
    if (l1 > 0 && layer >= lowest) k.weightL1(gradient, results, SLOT.weightL1, value, l1); // ∇W += γ sign(W)
  }

  // ── backward ──────────────────────────────────────────────────────────────────────────────────────────────────
  for (let l = layers.length - 1; l >= lowest; l--) {
    const above = layers[l];
    // Z = A·V + b: ∇V += (1/m) AᵀΔ, ∇b += (1/m) Σₖ δₖ.
    affineBackward(k, above);
    if (l === lowest) break;

    // δ₂ = (δ₃Dᵀ + β(−ρ/ρ̂ + (1−ρ)/(1−ρ̂))) ⊙ f′(z₂), in three steps: δ₃Dᵀ (at the survivors alone, if the layer is
    // k-sparse), then what differs between examples (L1, contraction), then the row that KL pushes every example by,
    // inside the bracket, and f′ around all of it.
    const { delta, a, active, f, penalties, scratch } = layers[l - 1];
    affineBackwardInput(k, delta, above, scratch);
    for (const penalty of penalties) penalty.backward?.(k, results, SLOT[penalty.term], delta, a);
    const push = penalties.find((penalty) => penalty.push !== undefined)?.push ?? null;
    k.delta(delta, delta, push, active, f);
  }
}
