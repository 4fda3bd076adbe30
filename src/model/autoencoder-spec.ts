import type { KSparseSpec } from '../layers/selection.ts';
import type { ActivationPenaltySpec } from '../penalties/table.ts';
import { activationOf, type FullConfig, isTied, sparsitiesOf } from './config.ts';
import type { LayerSpec, NetworkSpec, ParameterSpec } from './spec.ts';

/**
 * The network of a config. With hidden sizes h₀ … h_{n−1} and h₋₁ = d, encoder i has weight Wᵢ (hᵢ, hᵢ₋₁) and bias (hᵢ);
 * decoder i, its mirror, has weight Dᵢ (hᵢ, hᵢ₋₁) and bias (hᵢ₋₁), and no weight of its own where it is tied.
 * Names: encoder.weight, … for one hidden layer; encoder.0.weight, … for several.
 */
export function autoencoderSpec(config: FullConfig): NetworkSpec {
  const { inputs, hidden, output, loss, weightDecay, weightL1, corruption, emphasis, seed } = config;
  const depth = hidden.length;
  const name = (side: Side, i: number, what: 'weight' | 'bias') => parameterName(side, i, what, depth);
  const below = (i: number) => (i === 0 ? inputs : hidden[i - 1]);

  const parameters: ParameterSpec[] = [];
  hidden.forEach((units, i) => {
    parameters.push({ name: name('encoder', i, 'weight'), shape: [units, below(i)] });
    parameters.push({ name: name('encoder', i, 'bias'), shape: [units] });
  });
  hidden.forEach((units, i) => {
    if (!isTied(config, i)) parameters.push({ name: name('decoder', i, 'weight'), shape: [units, below(i)] });
    parameters.push({ name: name('decoder', i, 'bias'), shape: [below(i)] });
  });

  const encoder = hidden.map(
    (_, i): LayerSpec => ({
      weight: name('encoder', i, 'weight'),
      use: 'transposed',
      bias: name('encoder', i, 'bias'),
      f: activationOf(config, i),
      penalties: penaltiesOn(config, i),
      kSparse: kSparseOn(config, i),
    }),
  );
  const decoder = hidden.map(
    (_, i): LayerSpec => ({
      weight: name(isTied(config, i) ? 'encoder' : 'decoder', i, 'weight'),
      use: 'direct',
      bias: name('decoder', i, 'bias'),
      f: i === 0 ? output : activationOf(config, i - 1),
      penalties: [],
      kSparse: null,
    }),
  );
  return {
    inputs,
    parameters,
    layers: [...encoder, ...decoder.reverse()],
    loss,
    dataTerm: 'reconstruction',
    shrinkage: parameters
      .filter(({ shape }) => shape.length === 2)
      .map((parameter) => ({ weight: parameter.name, l2: weightDecay, l1: weightL1 })),
    code: depth - 1,
    corruption: corruption && { spec: corruption, emphasis, seed },
  };
}

type Side = 'encoder' | 'decoder';

/** encoder.weight for a single hidden layer, encoder.2.weight in a deep model. */
export function parameterName(side: Side, i: number, what: 'weight' | 'bias', depth: number): string {
  return depth === 1 ? `${side}.${what}` : `${side}.${i}.${what}`;
}

function kSparseOn(config: FullConfig, i: number): KSparseSpec | null {
  const own = sparsitiesOf(config).find(({ layer }) => layer === i);
  return own?.kind === 'k-sparse' ? own : null;
}

function penaltiesOn(config: FullConfig, i: number): ActivationPenaltySpec[] {
  const { contraction } = config;
  const specs: ActivationPenaltySpec[] = [];
  for (const sparsity of sparsitiesOf(config)) {
    if (sparsity.kind !== 'k-sparse' && sparsity.layer === i) specs.push(sparsity);
  }
  if (contraction.weight > 0 && contraction.layer === i)
    specs.push({ kind: 'contraction', weight: contraction.weight });
  return specs;
}
