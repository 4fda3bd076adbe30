import type { LayerChoice } from '../layers/table.ts';
import { plainLayer, prefixesKind } from '../layers/table.ts';
import { contraction } from '../terms/contraction.ts';
import { auxiliaries, type TermChoice, termsOfLayers } from '../terms/table.ts';
import { activationOf, type FullConfig, isTied, sparsitiesOf } from './config.ts';
import { type Parts, type Tables, tablesOf } from './parts.ts';
import { type LayerSpec, type NetworkSpec, tensorsOf } from './spec.ts';

/**
 * The network of a config. With hidden sizes h₀ … h_{n−1} and h₋₁ = d, encoder i has weight Wᵢ (hᵢ, hᵢ₋₁) and bias (hᵢ);
 * decoder i, its mirror, has weight Dᵢ (hᵢ, hᵢ₋₁) and bias (hᵢ₋₁), and no weight of its own where it is tied.
 * Names: encoder.weight, … for one hidden layer; encoder.0.weight, … for several; skip.weight (targets, d). What is kept beside
 * θ is named code.… on the code layer, hidden.0.… below it. A transcoder's decoder has weight (h, targets), bias (targets).
 */
export function autoencoderSpec(config: FullConfig, parts?: Parts): NetworkSpec {
  const { inputs, hidden, output, loss, weightDecay, weightL1, corruption, emphasis, seed } = config;
  const { center, prefixes, unitNorm, targets, skip } = config;
  const tables = tablesOf(parts);
  const depth = hidden.length;
  const name = (side: Side, i: number, what: string) => parameterName(side, i, what, depth);
  const below = (i: number) => (i === 0 ? inputs : hidden[i - 1]);
  const above = (i: number) => (i === 0 ? targets : hidden[i - 1]); // what decoder i gives
  const choices = hidden.map((_, i) => layerOn(config, i, tables));
  const biasOf = (i: number) => name('encoder', i, choices[i].kind.bias ?? 'bias');

  const encoder = hidden.map(
    (_, i): LayerSpec => ({
      weight: name('encoder', i, 'weight'),
      use: 'transposed',
      bias: biasOf(i),
      center: center !== false && i === 0 ? name('decoder', 0, 'bias') : null,
      skip: null,
      f: tables.activations[activationOf(config, i)],
      choice: choices[i],
      terms: termsOn(config, i, tables),
      prefix: { parameter: depth === 1 ? 'encoder' : `encoder.${i}`, state: i === depth - 1 ? 'code' : `hidden.${i}` },
    }),
  );
  const decoder = hidden.map(
    (_, i): LayerSpec => ({
      weight: name(isTied(config, i) ? 'encoder' : 'decoder', i, 'weight'),
      use: 'direct',
      bias: name('decoder', i, 'bias'),
      center: null,
      skip: skip && i === 0 ? 'skip.weight' : null,
      f: tables.activations[i === 0 ? output : activationOf(config, i - 1)],
      choice: prefixes === null ? plainLayer : { kind: prefixesKind, spec: { kind: 'prefixes', ...prefixes } as never },
      terms: [],
      prefix: { parameter: depth === 1 ? 'decoder' : `decoder.${i}`, state: `decoder.${i}` },
    }),
  );
  const kept = encoder.map((layer, i) => tensorsOf(layer, hidden[i], below(i)));
  const parameters = [
    ...hidden.flatMap((units, i) => [
      { name: name('encoder', i, 'weight'), shape: [units, below(i)], role: 'trained' as const },
      { name: biasOf(i), shape: [units], role: 'trained' as const },
      ...kept[i].parameters,
    ]),
    ...hidden.flatMap((units, i) => [
      ...(isTied(config, i)
        ? []
        : [{ name: name('decoder', i, 'weight'), shape: [units, above(i)], role: 'trained' as const }]),
      { name: name('decoder', i, 'bias'), shape: [above(i)], role: 'trained' as const },
    ]),
    ...(skip ? [{ name: 'skip.weight', shape: [targets, inputs], role: 'trained' as const }] : []),
  ];
  return {
    inputs,
    parameters,
    state: kept.flatMap(({ state }) => state),
    layers: [...encoder, ...decoder.reverse()],
    loss,
    dataTerm: 'reconstruction',
    shrinkage: parameters
      .filter(({ shape }) => shape.length === 2)
      .map((parameter) => ({ weight: parameter.name, l2: weightDecay, l1: weightL1 })),
    code: depth - 1,
    unitNorm: unitNorm ? name('decoder', 0, 'weight') : null,
    targets: targets !== inputs || skip ? 'apart' : 'examples',
    corruption: corruption && { spec: corruption, emphasis, seed },
  };
}

type Side = 'encoder' | 'decoder';

/** encoder.weight for a single hidden layer, encoder.2.weight in a deep model. */
export function parameterName(side: Side, i: number, what: string, depth: number): string {
  return depth === 1 ? `${side}.${what}` : `${side}.${i}.${what}`;
}

function layerOn(config: FullConfig, i: number, { layers }: Tables): LayerChoice {
  const own = sparsitiesOf(config).find(({ kind, layer }) => layer === i && Object.hasOwn(layers, kind));
  return own === undefined ? plainLayer : { kind: layers[own.kind], spec: own };
}

function termsOn(config: FullConfig, i: number, { terms }: Tables): TermChoice[] {
  const { weight, layer } = config.contraction;
  const own = sparsitiesOf(config).filter(({ kind, layer }) => layer === i && Object.hasOwn(terms, kind));
  const choices: TermChoice[] = own.map((spec) => ({ kind: terms[spec.kind], spec }));
  for (const spec of sparsitiesOf(config)) {
    if (spec.layer !== i || !Object.hasOwn(termsOfLayers, spec.kind)) continue;
    choices.push({ kind: termsOfLayers[spec.kind as keyof typeof termsOfLayers] as never, spec });
  }
  const { auxiliary, hidden } = config;
  if (auxiliary !== null && i === hidden.length - 1)
    choices.push({ kind: auxiliaries[auxiliary.kind] as never, spec: auxiliary });
  if (weight > 0 && layer === i)
    choices.push({ kind: contraction as never, spec: { kind: 'contraction', weight } as never });
  return choices;
}
