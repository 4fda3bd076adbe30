import { countIn, factsIn, type OtherConfig, textIn } from '../config-values.ts';
import type { DictionaryOptions, DictionaryPlan } from '../plan.ts';
import { jumpRelu } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';

const keys = ['model_name', 'hf_hook_point_in', 'hf_hook_point_out', 'width', 'l0', 'type', 'model'];

/**
 * Gemma Scope 1 (params.npz) and 2 (params.safetensors): W_enc (d, h), W_dec (h, targets), threshold (h), under either case.
 * a = relu(z)·[z > θ], z = x W_enc + b_enc; b_dec is not taken off inputs. Of transcoders affine_skip_connection (d, targets).
 */
export function gemmaScopePlan(tensors: Tensors, config: OtherConfig, options: DictionaryOptions): DictionaryPlan {
  const { sparsity, notes } = jumpRelu(undefined, undefined);
  const skip = tensors.has('affine_skip_connection');
  const hookIn = textIn(config, 'hf_hook_point_in');
  const hookOut = textIn(config, 'hf_hook_point_out');
  const isNpz = tensors.weights.container === 'npz';
  const transcoder = skip || (hookIn !== undefined && hookOut !== undefined && hookIn !== hookOut);
  return {
    format: isNpz ? 'gemma-scope' : 'gemma-scope-2',
    architecture: transcoder ? 'jumprelu transcoder' : 'jumprelu',
    encoder: tensors.matrix('inputs', 'W_enc', 'w_enc'),
    decoder: tensors.matrix('latents', 'W_dec', 'w_dec'),
    encoderBias: tensors.find('b_enc'),
    decoderBias: tensors.find('b_dec'),
    preBias: options.preBias ?? false,
    threshold: { of: tensors.need('threshold') },
    skip: skip ? tensors.matrix('inputs', 'affine_skip_connection') : undefined,
    transcoder,
    sparsity,
    said: { inputs: countIn(config, 'd_in'), latents: countIn(config, 'd_sae') },
    preprocessing: [],
    notes,
    facts: factsIn(config, keys),
  };
}
