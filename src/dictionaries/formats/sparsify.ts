import { askedK, countIn, type OtherConfig, textIn, truthIn, unknown } from '../config-values.ts';
import type { DictionaryOptions, DictionaryPlan } from '../plan.ts';
import { topK } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';

/**
 * sparsify: cfg.json and sae.safetensors. encoder.weight (h, d), W_dec (h, d), b_dec; ReLU, then the k largest; b_dec is taken
 * off inputs unless it is a transcoder. @throws InputError on GroupMax and on signed units.
 */
export function sparsifyPlan(tensors: Tensors, config: OtherConfig, options: DictionaryOptions): DictionaryPlan {
  const activation = textIn(config, 'activation') ?? 'topk';
  if (activation !== 'topk') throw unknown('activation', activation, ['topk']);
  if (truthIn(config, 'signed', false)) throw unknown('signed', true, ['false']);
  const transcoder = truthIn(config, 'transcode', false);
  const skip = truthIn(config, 'skip_connection', false) || tensors.has('W_skip');
  const { sparsity, notes } = topK(askedK(countIn(config, 'k'), options.k));
  const inputs = countIn(config, 'd_in');
  const own = config.num_latents === 0 ? undefined : countIn(config, 'num_latents');
  const expansion = countIn(config, 'expansion_factor');
  return {
    format: 'sparsify',
    architecture: transcoder ? 'topk transcoder' : 'topk',
    encoder: tensors.matrix('latents', 'encoder.weight'),
    decoder: tensors.matrix('latents', 'W_dec'),
    encoderBias: tensors.find('encoder.bias'),
    decoderBias: tensors.find('b_dec'),
    preBias: options.preBias ?? !transcoder,
    skip: skip ? tensors.matrix('outputs', 'W_skip') : undefined,
    transcoder: transcoder || skip,
    sparsity,
    said: {
      inputs,
      latents: own ?? (inputs !== undefined && expansion !== undefined ? inputs * expansion : undefined),
    },
    preprocessing: [],
    notes,
    facts: {},
  };
}
