import { InputError, show } from '../../errors.ts';
import {
  askedK,
  countIn,
  factsIn,
  isObject,
  numberIn,
  type OtherConfig,
  textIn,
  truthIn,
  unknown,
} from '../config-values.ts';
import type { DictionaryOptions, DictionaryPlan } from '../plan.ts';
import { jumpRelu, relu, topK } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';

/**
 * Llama Scope: hyperparams.json and checkpoints/final.safetensors. encoder.weight (h, d), decoder.weight (targets, h). Inputs are
 * scaled by s = √d / their average length, which is folded in; of JumpReLU θ = jump_relu_threshold·s, one for all.
 * @throws InputError on activations and normalisations that are not read.
 */
export function llamaScopePlan(tensors: Tensors, config: OtherConfig, options: DictionaryOptions): DictionaryPlan {
  const activation = textIn(config, 'act_fn') ?? 'jumprelu';
  const inputs = countIn(config, 'd_model') ?? tensors.need('encoder.weight').numbers.shape[1] ?? 1;
  const { scale, notes: scaled } = scaleOf(config, inputs);
  const hooks = [textIn(config, 'hook_point_in'), textIn(config, 'hook_point_out')];
  const transcoder = hooks[0] !== hooks[1] && hooks[1] !== undefined;
  const isJump = activation === 'jumprelu';
  const threshold = numberIn(config, 'jump_relu_threshold');
  if (isJump && threshold === undefined) {
    throw new InputError(
      'hyperparams.json says act_fn is jumprelu, and no jump_relu_threshold: its codes cannot be told',
    );
  }
  if (!isJump && activation !== 'relu' && activation !== 'topk')
    throw unknown('act_fn', activation, ['jumprelu', 'relu', 'topk']);
  const { sparsity, notes } = isJump
    ? jumpRelu(undefined, undefined)
    : activation === 'topk'
      ? topK(askedK(countIn(config, 'top_k'), options.k))
      : relu(numberIn(config, 'l1_coefficient'), truthIn(config, 'sparsity_include_decoder_norm', true));
  return {
    format: 'llama-scope',
    architecture: activation,
    encoder: tensors.matrix('latents', 'encoder.weight'),
    decoder: tensors.matrix('outputs', 'decoder.weight'),
    encoderBias: tensors.find('encoder.bias'),
    decoderBias: tensors.find('decoder.bias'),
    preBias: options.preBias ?? (!transcoder && truthIn(config, 'apply_decoder_bias_to_pre_encoder', false)),
    threshold: isJump ? { of: Math.max(0, (threshold ?? 0) * scale.inputs) } : undefined,
    transcoder,
    sparsity,
    said: { inputs: countIn(config, 'd_model'), latents: countIn(config, 'd_sae') },
    scale,
    preprocessing: [],
    notes: [...notes, ...scaled],
    facts: factsIn(config, ['hook_point_in', 'hook_point_out', 'dataset_average_activation_norm']),
  };
}

function scaleOf(config: OtherConfig, inputs: number) {
  const kind = config.norm_activation ?? 'dataset-wise';
  if (kind === 'inference') return { scale: { inputs: 1, outputs: 1 }, notes: [] };
  if (kind !== 'dataset-wise') throw unknown('norm_activation', kind, ['dataset-wise', 'inference']);
  const lengths = config.dataset_average_activation_norm;
  const lengthOf = (side: string) => (isObject(lengths) ? numberIn(lengths, side) : undefined);
  const [from, to = from] = [lengthOf('in'), lengthOf('out')];
  if (from === undefined || to === undefined || !(from > 0 && to > 0)) {
    throw new InputError(
      `hyperparams.json says dataset_average_activation_norm is ${show(lengths)}: it must be { "in": …, "out": … }, lengths above 0`,
    );
  }
  const scale = { inputs: Math.sqrt(inputs) / from, outputs: Math.sqrt(inputs) / to };
  return {
    scale,
    notes: [
      `inputs were scaled by √d / ${from}: that is folded into the weights, and its threshold is multiplied by it`,
    ],
  };
}
