import { type Block, transposed, type View, vectorView } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { AffineParameters } from '../layers/affine.ts';
import type { Layer } from '../layers/layer.ts';
import { latentSumLayer, plainLayer } from '../layers/table.ts';
import { made } from '../part.ts';
import type { Term } from '../terms/term.ts';
import { show } from '../validate.ts';
import type { LayerSpec, NetworkSpec } from './spec.ts';

/**
 * Result slots: what one read brings back. The data term, reconstruction or classification; what weights cost; Σ (∂J/∂θ)²;
 * what watches a step; then a slot for each term on activations.
 */
export const SLOT = { data: 0, weightDecay: 1, weightL1: 2, squaredGradient: 3, watched: 4 } as const;
export const FIRST_TERM = 5;

/** What kinds of layers and terms must give; nothing waits for a term. */
const LAYER = { needs: ['reserve', 'bind'], atOnce: ['reserve', 'bind'] };
const TERM = { some: ['value', 'backward'], atOnce: ['gather', 'value', 'backward', 'advance'] };
/** Lines of `terms` that are not for terms on activations. */
const LINES: readonly unknown[] = ['reconstruction', 'classification', 'weightDecay', 'weightL1', '__proto__', ''];

/** A term, and the result slot of its value. */
export interface SlottedTerm {
  readonly term: Term;
  readonly slot: number;
}

/** What a network is made for. */
export interface NetworkUse {
  /** Codes are asked for, not reconstructions or gradients. */
  readonly encode?: boolean | undefined;
  /** There is no gradient and no δ but the output's, for `forward` and `dataTerm` alone. */
  readonly readonly?: boolean | undefined;
  /** Every layer keeps z, for whoever looks at it. */
  readonly keepsZ?: boolean | undefined;
}

export interface NetworkLayer {
  readonly layer: Layer;
  readonly units: number;
  readonly terms: readonly SlottedTerm[];
}

/** What layers are made over. */
interface LayersPlace {
  readonly kernels: Kernels;
  readonly storage: Storage;
  readonly spec: NetworkSpec;
  readonly use: NetworkUse;
}

/** The layers of a spec, with the terms on them, over θ, its gradient and state, each by names. */
export function createLayers(
  { kernels: k, storage, spec, use }: LayersPlace,
  values: Readonly<Record<string, View>>,
  gradients: Readonly<Record<string, View>>,
  state: Readonly<Record<string, View>>,
): NetworkLayer[] {
  let slot = FIRST_TERM;
  const latents = spec.shard?.latents ?? null;
  const affines = spec.layers.map((layer) => {
    const center = layer.center === null ? null : storage.allocate(values[layer.bias].shape[0]);
    return affineParameters(layer, values, gradients, center);
  });
  return spec.layers.map((layer, l) => {
    const { f, terms, prefix } = layer;
    const affine = affines[l];
    const [inputs, units] = affine.weight.shape;
    const last = l === spec.layers.length - 1;
    // Where nothing is learnt, of the prefixes the whole alone is asked for.
    const plain = use.readonly && last ? plainLayer : layer.choice;
    const choice = spec.shard !== undefined && last ? latentSumLayer : plain;
    const own = (name: string) => state[`${prefix.state}.${name}`];
    const tensor = (name: string) => {
      const trained = `${prefix.parameter}.${name}`;
      if (trained in values) return { value: values[trained], gradient: gradients[trained] };
      return { value: own(name), gradient: null };
    };
    const decoder = l === spec.code && spec.layers[l + 1]?.use === 'direct' ? affines[l + 1] : null;
    const ofZ = use.readonly ? [] : terms.map(({ kind, spec: own }) => kind.ofZ?.(own) ?? null);
    const whole =
      (use.keepsZ ?? false) || (last && spec.loss !== 'squared-error') || ofZ.some((how) => how?.whole === true);
    const created = choice.kind.create(choice.spec, {
      ...affine,
      k,
      storage,
      inputs,
      units,
      latents,
      f,
      mode: use.encode ? 'encode' : use.readonly ? 'reconstruct' : 'train',
      decoderRows: decoder?.weight ?? null,
      keepsZ: whole || ofZ.some((how) => how !== null),
      wholeZ: whole,
      hasDelta: last || !use.readonly,
      hasDZ: ofZ.some((how) => how?.moves === true),
      tensor,
    });
    const place = {
      ...{
        k,
        storage,
        units,
        latents,
        f,
        weightRows: affine.weightT,
        dWeightRows: affine.dWeightT,
        dBias: affine.dBias,
      },
      output: decoder && {
        ...{ rows: decoder.weight, dRows: decoder.dWeight },
        ...{ bias: decoder.bias, dBias: decoder.dBias },
      },
      state: own,
      layerTensor: tensor,
    };
    return {
      layer: made(`layer ${show(choice.spec.kind)}`, created, LAYER),
      units,
      terms: use.readonly
        ? []
        : terms.map(({ kind, spec: own }) => {
            const term = made(`term ${show(own.kind)}`, kind.create(own, place), TERM);
            assertLine(own.kind, term.name);
            return { term, slot: slot++ };
          }),
    };
  });
}

/** @throws InputError unless a term's value has a line of its own in `terms`. */
function assertLine(kind: string, name: unknown): void {
  if (kind === 'contraction' || (typeof name === 'string' && ![...LINES, 'contraction'].includes(name))) return;
  throw new InputError(
    `term ${show(kind)}: its name is ${show(name)}: it must be a string, its line in the terms of the cost, and none of those that there are`,
  );
}

/** V, b and their gradients, as views of θ and ∂J/∂θ. */
function affineParameters(
  { weight, use, bias, center, skip }: LayerSpec,
  values: Readonly<Record<string, View>>,
  gradients: Readonly<Record<string, View>>,
  shifted: Block | null,
): AffineParameters {
  const [stored, dStored] = [values[weight], gradients[weight]];
  const turned = { value: transposed(stored), gradient: transposed(dStored) };
  const trained = (name: string) => ({ value: values[name], gradient: gradients[name] });
  const biases = {
    ...{ bias: values[bias], dBias: gradients[bias] },
    center: center === null || shifted === null ? null : { ...trained(center), shifted: vectorView(shifted) },
    skip: skip === null ? null : trained(skip),
  };
  return use === 'transposed'
    ? { weight: turned.value, weightT: stored, dWeight: turned.gradient, dWeightT: dStored, ...biases }
    : { weight: stored, weightT: turned.value, dWeight: dStored, dWeightT: turned.gradient, ...biases };
}
