import { batchTopK } from './batch-top-k.ts';
import { type DropoutSpec, dropout } from './dropout.ts';
import { elementwise } from './elementwise.ts';
import { gated } from './gated.ts';
import { jumpRelu } from './jump-relu.ts';
import { kSparse } from './k-sparse.ts';
import { latentSum } from './latent-sum.ts';
import type { LayerKind } from './layer.ts';
import { prefixes } from './prefixes.ts';
import { topK } from './top-k.ts';

/** What a layer makes of z, by the `kind` of its config. A new one is one file and one line here. */
export const layerKinds = {
  'k-sparse': kSparse,
  'top-k': topK,
  'batch-top-k': batchTopK,
  'jump-relu': jumpRelu,
  gated,
};

type SpecsOf<T> = { [K in keyof T]: T[K] extends LayerKind<infer S> ? S : never }[keyof T];
/** A kind of layer in a config. */
export type LayerKindSpec = SpecsOf<typeof layerKinds>;

/** Any kind of layer with its spec, which its schema has let pass. */
export interface LayerChoice {
  readonly kind: LayerKind<{ readonly kind: string }>;
  readonly spec: { readonly kind: string };
}

/** A layer of no special kind. */
export const plainLayer: LayerChoice = {
  kind: elementwise as unknown as LayerChoice['kind'],
  spec: { kind: 'elementwise' },
};

/** A layer of a classifier whose units fall silent in training. */
export function dropoutLayer(spec: Omit<DropoutSpec, 'kind'>): LayerChoice {
  return { kind: dropout as unknown as LayerChoice['kind'], spec: { kind: 'dropout', ...spec } as LayerChoice['spec'] };
}

/** The output over latents that several processes share. */
export const latentSumLayer: LayerChoice = {
  kind: latentSum as unknown as LayerChoice['kind'],
  spec: { kind: 'latent-sum' },
};

/** The output of a dictionary whose prefixes are compared each. */
export const prefixesKind = prefixes as unknown as LayerChoice['kind'];

/** Whether a layer of that spec needs the decoder or the training of an autoencoder. */
export function isForAutoencoders({ kind, spec }: LayerChoice): boolean {
  const { autoencodersAlone = false } = kind;
  return typeof autoencodersAlone === 'function' ? autoencodersAlone(spec) : autoencodersAlone;
}

/** The kind of layer of that name; undefined for others, such as terms and a caller's own. */
export function layerKindNamed(name: string | undefined): LayerChoice['kind'] | undefined {
  return (layerKinds as unknown as Readonly<Record<string, LayerChoice['kind'] | undefined>>)[name ?? ''];
}
