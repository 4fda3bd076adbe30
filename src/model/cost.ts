import type { View } from '../array/matrix.ts';
import type { LayerPass } from '../layers/layer.ts';
import { losses } from '../terms/losses.ts';
import { alone, type Group } from './group.ts';
import { type Network, type Pass, type PassLayer, SLOT } from './network.ts';

/**
 * Forward: from a⁽⁰⁾ = x̃, Z = A·V + b and A⁺ = f(Z), layer by layer; the last layer's output is X̂.
 * `same`: θ is what it was at the last call. With one hidden layer: A = f(X̃·Wᵀ + b), X̂ = g(A·D + c). A k-sparse layer keeps its k largest and passes on those alone.
 */
export async function forward(
  { layers, m }: { readonly layers: readonly LayerPass[]; readonly m: number },
  group: Group = alone,
  same = false,
): Promise<void> {
  for (const layer of layers) {
    layer.forward(undefined, same);
    if (layer.select !== undefined)
      await layer.select({ m, size: group.size, rank: group.rank, total: (values) => group.total(values) });
  }
}

/** The data term (1/m) Σₖ L(xₖ, x̂ₖ) of a pass that `forward` has run, and δ of the output layer. */
export function dataTerm(network: Network, { layers, target, emphasis, m }: Pass): void {
  const { kernels: k, spec, results } = network;
  const last = layers[layers.length - 1];
  const { f: g } = spec.layers[layers.length - 1];
  const { outputs, weight } = last.levels ?? { outputs: [last], weight: 1 }; // of prefixes each, Σ_g or (1/G) Σ_g
  for (const { code, dCode: delta } of outputs) {
    const mean = { target, emphasis, g, m: m / weight };
    losses[spec.loss](k, delta, results, SLOT.data, { z: code.z, output: code.a, ...mean });
  }
}

/**
 * J = (1/m) Σₖ L(xₖ, x̂ₖ) + (λ/2) Σ W² + γ₁ Σ |W| + β Σⱼ KL(ρ‖ρ̂ⱼ) (or (γ/m) Σₖ Σⱼ |aⱼ|) + (κ/m) Σₖ ‖∂a/∂x‖²_F and
 * ∂J/∂θ, for a batch of m examples, the pass's own and those of the other processes of `group`; activations are those of x̃
 * where the input is corrupted. The value of each term is left in the network's results, the gradient in its flat gradient.
 * Weight decay spares biases and counts tied weights once. `lowest` is the first layer that is trained: below it nothing
 * is propagated, and no weight shrinks. [Ng, CS294A notes, §2 and §3; Bunescu, ITCS 6156]
 */
export async function costAndGradient(network: Network, pass: Pass, lowest = 0, group: Group = alone): Promise<void> {
  const { kernels: k, results } = network;
  const { layers, terms, m } = pass;

  k.clearResults(results);

  // ── forward ───────────────────────────────────────────────────────────────────────────────────────────────────
  await forward(pass, group);

  // ── statistics: sums over the examples, those of other processes too ───────────────────────────────────────────
  for (const { term, p } of terms) {
    term.gather?.(p); // ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ)
    if (term.statistic !== undefined) await group.sum(k, term.statistic);
  }

  // ── cost ──────────────────────────────────────────────────────────────────────────────────────────────────────
  dataTerm(network, pass); // and δ of the output, such as (x̂ − x) ⊙ g′(z)
  for (const { term, p } of terms) term.value?.(p); // β Σⱼ KL(ρ‖ρ̂ⱼ)
  for (const { term, p } of terms) await term.together?.(p);
  // Every gradient begins with its weight's own decay, in one of the processes, or at 0; all else is added.
  const decays = layers.map(() => 0);
  for (const { value, gradient, l2, l1, layer, isWeight } of network.parameters) {
    const shrinks = layer >= lowest && group.rank === 0;
    if (l2 > 0 && l1 === 0 && shrinks && isWeight && beginsWeight(layers[layer])) {
      k.weightDecayCost?.(results, SLOT.weightDecay, value, l2);
      decays[layer] = l2; // the layer's own product begins with λW
      continue;
    }
    if (l2 > 0 && shrinks)
      k.weightDecay(gradient, results, SLOT.weightDecay, value, l2); // ∇W = λW
    else k.fill(gradient, 0);
    if (l1 > 0 && shrinks) k.weightL1(gradient, results, SLOT.weightL1, value, l1); // ∇W += γ sign(W)
  }

  // ── backward ──────────────────────────────────────────────────────────────────────────────────────────────────
  for (let l = layers.length - 1; l >= lowest; l--) {
    const layer = layers[l];
    if (l < layers.length - 1) {
      // δ₂ = (δ₃Dᵀ + β(−ρ/ρ̂ + (1−ρ)/(1−ρ̂))) ⊙ f′(z₂), in three steps: the layer above has left δ₃Dᵀ (at the survivors
      // alone, if this one is k-sparse); then what differs between examples (L1, contraction); then the row that KL pushes
      // every example by, inside the bracket, and f′ around all of it.
      if (layer.dZ) k.fill(layer.dZ, 0);
      for (const { term, p } of layer.terms) term.backward?.(p);
      layer.delta(pushOf(network, layer.terms), m);
    }
    // Z = A·V + b: ∇V += (1/m) AᵀΔ, ∇b += (1/m) Σₖ δₖ, and ∂L/∂A = ΔVᵀ for the layer below.
    layer.backward(l > lowest ? layers[l - 1].dCode : null, m, decays[l]);
  }

  // ── sum over processes ────────────────────────────────────────────────────────────────────────────────────────
  await group.sum(k, network.gradient);
  // Of latents that are shared each process has the whole gradient; of what all hold, its share.
  const { shard } = network.spec;
  for (const { name, gradient } of network.parameters)
    if (shard?.common.includes(name)) await shard.latents.sum(k, gradient);
}

/** Whether nothing reaches ∇V before the layer itself, which can begin it with its decay in one pass. */
function beginsWeight({ beginsWeight, terms }: PassLayer): boolean {
  return beginsWeight === true && terms.every(({ term }) => term.backward === undefined);
}

/** What every example's ∂J/∂a gains: the push of the term that has one, or the sum of several, in the storage of the first. */
function pushOf({ kernels: k }: Network, terms: PassLayer['terms']): View | null {
  let sum: View | null = null;
  for (const { term } of terms) {
    if (term.push === undefined) continue;
    if (sum === null) sum = term.push;
    else k.axpy(sum, 1, term.push);
  }
  return sum;
}
