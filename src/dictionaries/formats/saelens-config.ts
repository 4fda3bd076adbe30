import type { JumpReluPenalty } from '../../layers/jump-relu.ts';
import { countIn, factsIn, isObject, numberIn, type OtherConfig, textIn, truthIn, unknown } from '../config-values.ts';

const architectures = {
  standard: 'relu',
  topk: 'top-k',
  batchtopk: 'batch-top-k',
  matryoshka_batchtopk: 'batch-top-k',
  jumprelu: 'jump-relu',
  gated: 'gated',
  transcoder: 'relu',
  skip_transcoder: 'relu',
  jumprelu_transcoder: 'jump-relu',
  jumprelu_skip_transcoder: 'jump-relu',
} as const;
const normalizations = ['none', 'expected_average_only_in', 'constant_norm_rescale', 'layer_norm'] as const;

/** What a cfg.json or runner_cfg.json of SAELens 3 to 6 says. */
export interface SaelensConfig {
  readonly architecture: string;
  readonly units: (typeof architectures)[keyof typeof architectures];
  readonly transcoder: boolean;
  readonly skip: boolean;
  readonly inputs: number | undefined;
  readonly latents: number | undefined;
  readonly outputs: number | undefined;
  readonly preBias: boolean;
  readonly normalize: (typeof normalizations)[number];
  readonly hookZ: boolean;
  readonly k: number | undefined;
  readonly foldNorms: boolean;
  readonly finetuned: boolean;
  readonly l1: number | undefined;
  readonly decoderNormL1: boolean;
  readonly lpNorm: number;
  readonly bandwidth: number | undefined;
  readonly penalty: JumpReluPenalty | undefined;
  readonly facts: Readonly<Record<string, string>>;
}

const facts = [
  'model_name',
  'hook_name',
  'hook_point',
  'hook_layer',
  'hook_head_index',
  'hook_name_out',
  'dataset_path',
  'context_size',
  'neuronpedia_id',
];

/** @throws InputError, naming the key, on an architecture, activation or normalisation that is not read. */
export function readSaelensConfig(json: OtherConfig): SaelensConfig {
  const config = isObject(json.sae) ? { ...json, ...json.sae } : json; // a runner's
  const isNew = isObject(config.metadata); // 6.0 and later
  const activation = textIn(config, 'activation_fn_str') ?? textIn(config, 'activation_fn') ?? 'relu';
  const said = config.architecture ?? (activation === 'topk' ? 'topk' : 'standard');
  const architecture = said === 'standard' && activation === 'topk' ? 'topk' : said;
  if (typeof architecture !== 'string' || !Object.hasOwn(architectures, architecture)) {
    throw unknown('architecture', architecture, Object.keys(architectures));
  }
  if (!['relu', 'topk'].includes(activation)) throw unknown('activation_fn', activation, ['relu', 'topk']);
  const normalize = normalizationOf(config.normalize_activations);
  const reshape = config.reshape_activations ?? 'none';
  if (reshape !== 'none' && reshape !== 'hook_z') throw unknown('reshape_activations', reshape, ['none', 'hook_z']);
  const kwargs = isObject(config.activation_fn_kwargs) ? config.activation_fn_kwargs : {};
  const hook = textIn(config, 'hook_name') ?? textIn(config, 'hook_point') ?? '';
  const transcoder = architecture.endsWith('transcoder') || config.d_out !== undefined; // a topk one has no name
  return {
    architecture,
    units: architectures[architecture as keyof typeof architectures],
    transcoder,
    skip: architecture.endsWith('skip_transcoder'),
    inputs: countIn(config, 'd_in'),
    latents: countIn(config, 'd_sae'),
    outputs: transcoder ? countIn(config, 'd_out') : undefined,
    preBias: !transcoder && truthIn(config, 'apply_b_dec_to_input', true),
    normalize,
    hookZ: reshape === 'hook_z' || (!isNew && hook.endsWith('hook_z')),
    k: countIn(config, 'k') ?? countIn(kwargs, 'k'),
    foldNorms: truthIn(config, 'rescale_acts_by_decoder_norm', false),
    finetuned: truthIn(config, 'finetuning_scaling_factor', false),
    l1: numberIn(config, 'l1_coefficient'),
    decoderNormL1: isNew || truthIn(config, 'scale_sparsity_penalty_by_decoder_norm', false),
    lpNorm: numberIn(config, 'lp_norm') ?? 1,
    bandwidth: numberIn(config, 'jumprelu_bandwidth'),
    penalty: penaltyOf(config),
    facts: factsIn(isObject(config.metadata) ? { ...config, ...config.metadata } : config, [
      ...facts,
      'sae_lens_version',
      'sae_lens_training_version',
    ]),
  };
}

function normalizationOf(value: unknown): SaelensConfig['normalize'] {
  if (value === undefined || value === null || value === false) return 'none';
  if (value === true) return 'expected_average_only_in';
  const found = normalizations.find((name) => name === value);
  if (found === undefined) throw unknown('normalize_activations', value, normalizations);
  return found;
}

function penaltyOf(config: OtherConfig): JumpReluPenalty | undefined {
  const weight = numberIn(config, 'l0_coefficient');
  if (weight === undefined || weight < 0) return undefined;
  if (textIn(config, 'jumprelu_sparsity_loss_mode') !== 'tanh') return { kind: 'l0', weight };
  const scale = numberIn(config, 'jumprelu_tanh_scale') ?? 4;
  const before = numberIn(config, 'pre_act_loss_coefficient');
  const preActivation =
    before === undefined || before < 0 ? {} : { preActivation: { weight: before, over: 'dead' as const } };
  return { kind: 'tanh', weight, scale: scale > 0 ? scale : 4, ...preActivation };
}
