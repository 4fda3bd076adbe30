import { LAYER_NORM_EPSILON } from '../../data/preprocessing/layer-norm.ts';
import { askedK, unknown } from '../config-values.ts';
import type { DictionaryOptions, DictionaryPlan } from '../plan.ts';
import { relu, topK } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';

/**
 * OpenAI's sparse_autoencoder: pre_bias (d), encoder.weight (h, d), latent_bias (h), decoder.weight (d, h); TopK ones see
 * layer-normed inputs, and give back mean and deviation. @throws InputError on activations that are not read.
 */
export function openaiPlan(tensors: Tensors, options: DictionaryOptions): DictionaryPlan {
  const { values } = tensors.weights;
  const activation = values.get('activation') ?? 'ReLU';
  if (activation !== 'TopK' && activation !== 'ReLU') throw unknown('activation', activation, ['TopK', 'ReLU']);
  const post = values.get('postact_fn') ?? 'ReLU';
  if (activation === 'TopK' && post !== 'ReLU') throw unknown('postact_fn', post, ['ReLU']);
  const isTopK = activation === 'TopK';
  const saved = values.get('k');
  const { sparsity, notes } = isTopK
    ? topK(askedK(typeof saved === 'number' ? saved : undefined, options.k))
    : relu(undefined, false);
  tensors.pass('stats_last_nonzero', 'latents_activation_frequency', 'latents_mean_square');
  return {
    format: 'openai',
    architecture: activation,
    encoder: tensors.matrix('latents', 'encoder.weight'),
    decoder: tensors.matrix('outputs', 'decoder.weight'),
    encoderBias: tensors.find('latent_bias'),
    decoderBias: tensors.find('pre_bias'),
    preBias: options.preBias ?? true,
    transcoder: false,
    sparsity,
    said: {},
    preprocessing: isTopK ? [{ kind: 'layer-norm', epsilon: LAYER_NORM_EPSILON }] : [],
    notes: isTopK
      ? [
          ...notes,
          "layer norm: a step of preprocessing makes each input's mean 0 and deviation 1, and restore undoes it",
        ]
      : notes,
    facts: {},
  };
}
