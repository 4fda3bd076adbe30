import { InputError } from '../../errors.ts';
import { centred, uncentred } from './biases.ts';
import type { Exportable, ExportedDictionary } from './exportable.ts';
import { floorTo, type PlainDictionary } from './plain-dictionary.ts';
import { type TorchTensor, torchFile } from './torch-file.ts';
import { transposedArray } from './transposed-array.ts';
import { isUnitNorm, withUnitNorm } from './unit-norm.ts';

/** A class of the library, the trainer that makes it, and its state dict. */
interface Made {
  readonly dictClass: string;
  readonly trainer: string;
  readonly tensors: Map<string, TorchTensor>;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly notes?: readonly string[];
}

/**
 * ae.pt and config.json, as `load_dictionary` of dictionary_learning reads them. Of its classes AutoEncoder, AutoEncoderTopK,
 * BatchTopKSAE, MatryoshkaBatchTopKSAE and GatedAutoEncoder take b_dec off x, JumpReluAutoEncoder does not: biases make up for it.
 * @throws InputError where it has no such class: transcoders, norms of rows.
 */
export function dictionaryLearning({ dictionary, norm, transcoder, trained, origin }: Exportable): ExportedDictionary {
  if (norm !== null) {
    throw new InputError(
      `preprocessing.0 is ${norm}, which dictionary_learning does not have: use format "saelens", or export { model, preprocessing: [], metadata }, and treat data alike where the file is used`,
    );
  }
  if (transcoder) {
    throw new InputError(
      'the model is a transcoder, which dictionary_learning has no class for: use format "saelens", or "npz"',
    );
  }
  const { dictClass, trainer, tensors, more = {}, notes = [] } = madeOf(dictionary, trained);
  const { inputs, latents } = dictionary;
  const layer = Number(/\d{1,6}/.exec(`${origin.hook_layer ?? origin.hook_name ?? ''}`)?.[0] ?? 0);
  const config = {
    trainer: {
      dict_class: dictClass,
      trainer_class: trainer,
      activation_dim: inputs,
      dict_size: latents,
      ...more,
      device: 'cpu',
      layer,
      lm_name: origin.model_name ?? null,
      submodule_name: origin.hook_name ?? null,
    },
    buffer: { d_submodule: inputs, io: 'out', ctx_len: origin.context_size ?? null },
  };
  return {
    files: new Map([
      ['ae.pt', torchFile(tensors, 'ae')],
      ['config.json', new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
    ]),
    architecture: dictClass,
    notes,
  };
}

function madeOf(dictionary: PlainDictionary, trained: Exportable['trained']): Made {
  const { units } = dictionary;
  if (units.kind === 'gated') return gated(dictionary);
  if (units.kind === 'threshold' && trained.kind === 'jump-relu') return jumpRelu(dictionary);
  const plain = centred(dictionary);
  const { inputs, latents } = plain;
  const vector = (data: TorchTensor['data']): TorchTensor => ({ shape: [data.length], data });
  const linear = (): [string, TorchTensor][] => [
    ['encoder.weight', { shape: [latents, inputs], data: plain.encoder }],
    ['encoder.bias', vector(plain.bias)],
    ['decoder.weight', { shape: [inputs, latents], data: transposedArray(plain.decoder, latents, inputs) }],
  ];
  if (units.kind === 'relu') {
    const tensors = new Map([['bias', vector(plain.decoderBias)], ...linear()]);
    return { dictClass: 'AutoEncoder', trainer: 'StandardTrainer', tensors };
  }
  const k = Math.max(1, Math.round(trained.k ?? 1));
  // k of BatchTopK is of training alone, and whole there.
  const notes = k === trained.k ? [] : [`k is ${trained.k}, which dictionary_learning has as ${k}: of training alone`];
  const counts = (threshold: number): [string, TorchTensor][] => [
    ['k', { shape: [], data: Int32Array.of(k) }],
    ['threshold', { shape: [], data: Float32Array.of(threshold) }],
  ];
  const bDec = ['b_dec', vector(plain.decoderBias)] as [string, TorchTensor];
  if (units.kind === 'top-k') {
    const tensors = new Map([bDec, ...counts(-1), ...linear()]);
    return { dictClass: 'AutoEncoderTopK', trainer: 'TopKTrainer', tensors, more: { k }, notes };
  }
  const threshold = floorTo('float32', units.threshold[0]);
  const { widths } = trained;
  if (widths === null) {
    const tensors = new Map([bDec, ...counts(threshold), ...linear()]);
    return { dictClass: 'BatchTopKSAE', trainer: 'BatchTopKTrainer', tensors, more: { k }, notes };
  }
  const sizes = widths.map((width, i) => width - (widths[i - 1] ?? 0));
  const tensors = new Map([
    ...counts(threshold),
    ['group_sizes', { shape: [sizes.length], data: BigInt64Array.from(sizes, BigInt) }] as [string, TorchTensor],
    ['W_enc', { shape: [inputs, latents], data: transposedArray(plain.encoder, latents, inputs) }],
    ['b_enc', vector(plain.bias)],
    ['W_dec', { shape: [latents, inputs], data: plain.decoder }],
    bDec,
  ]);
  const more = { k, group_sizes: sizes, group_fractions: sizes.map((size) => size / latents) };
  return { dictClass: 'MatryoshkaBatchTopKSAE', trainer: 'MatryoshkaBatchTopKTrainer', tensors, more, notes };
}

const SCALED = 'codes are those of this model times ‖D‖, as dictionary_learning has them';

/** Some versions multiply codes by ‖D‖ and some do not: with rows of norm 1 they agree. */
function normed(dictionary: PlainDictionary): { plain: PlainDictionary; notes: readonly string[] } {
  return isUnitNorm(dictionary)
    ? { plain: dictionary, notes: [] }
    : { plain: withUnitNorm(dictionary), notes: [SCALED] };
}

function jumpRelu(dictionary: PlainDictionary): Made {
  const { plain, notes } = normed(uncentred(dictionary));
  const { inputs, latents, units } = plain;
  if (units.kind !== 'threshold') throw new Error('units changed their kind');
  const tensors = new Map<string, TorchTensor>([
    ['W_enc', { shape: [inputs, latents], data: transposedArray(plain.encoder, latents, inputs) }],
    ['b_enc', { shape: [latents], data: plain.bias }],
    ['W_dec', { shape: [latents, inputs], data: plain.decoder }],
    ['b_dec', { shape: [inputs], data: plain.decoderBias }],
    ['threshold', { shape: [latents], data: units.threshold }],
  ]);
  return { dictClass: 'JumpReluAutoEncoder', trainer: 'JumpReluTrainer', tensors, notes };
}

function gated(dictionary: PlainDictionary): Made {
  const { plain, notes } = normed(centred(dictionary));
  const { inputs, latents, units } = plain;
  if (units.kind !== 'gated') throw new Error('units changed their kind');
  const tensors = new Map<string, TorchTensor>([
    ['decoder_bias', { shape: [inputs], data: plain.decoderBias }],
    ['r_mag', { shape: [latents], data: units.scale }],
    ['gate_bias', { shape: [latents], data: plain.bias }],
    ['mag_bias', { shape: [latents], data: units.magnitudeBias }],
    ['encoder.weight', { shape: [latents, inputs], data: plain.encoder }],
    ['decoder.weight', { shape: [inputs, latents], data: transposedArray(plain.decoder, latents, inputs) }],
  ]);
  return { dictClass: 'GatedAutoEncoder', trainer: 'GatedSAETrainer', tensors, notes };
}
