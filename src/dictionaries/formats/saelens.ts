import { valuesOf } from '../../data/formats/stored-numbers.ts';
import { LAYER_NORM_EPSILON } from '../../data/preprocessing/layer-norm.ts';
import type { Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import { askedK, isObject, numberIn, type OtherConfig } from '../config-values.ts';
import type { DictionaryOptions, DictionaryPlan, NamedNumbers } from '../plan.ts';
import { batchTopK, gated, jumpRelu, relu, type Sparsity, topK } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';
import { readSaelensConfig, type SaelensConfig } from './saelens-config.ts';

/** The steps and notes of `normalize_activations`. */
function normalization(
  { normalize, transcoder }: SaelensConfig,
  scaler: unknown,
): { preprocessing: Preprocessing[]; notes: string[]; scale?: { inputs: number; outputs: number } } {
  const after = transcoder ? '; its outputs are of another place and stay as they are' : ', and restore undoes it';
  if (normalize === 'layer_norm') {
    return {
      preprocessing: [{ kind: 'layer-norm', epsilon: LAYER_NORM_EPSILON }],
      notes: [`layer_norm: a step of preprocessing makes each input's mean 0 and deviation 1${after}`],
    };
  }
  if (normalize === 'constant_norm_rescale') {
    return {
      preprocessing: [{ kind: 'constant-norm' }],
      notes: [`constant_norm_rescale: a step of preprocessing makes each input's length √d${after}`],
    };
  }
  if (normalize === 'none') return { preprocessing: [], notes: [] };
  const factor = isObject(scaler) ? numberIn(scaler, 'scaling_factor') : undefined;
  if (factor === undefined) {
    return {
      preprocessing: [],
      notes: [
        'expected_average_only_in: its factor is not in the files (activation_scaler.json): codes are those of inputs that are scaled already, to a mean length of √d',
      ],
    };
  }
  if (!(factor > 0))
    throw new InputError(`activation_scaler.json says scaling_factor is ${factor}: it must be above 0`);
  return {
    preprocessing: [],
    scale: { inputs: factor, outputs: transcoder ? 1 : factor },
    notes: [`expected_average_only_in: its factor ${factor} is folded into the weights, so inputs stay as they are`],
  };
}

/**
 * SAELens 3 to 6: cfg.json and sae_weights.safetensors, checkpoints too. W_enc (d, h), W_dec (h, d).
 * a = f((x − b_dec·apply) W_enc + b_enc), x̂ = a W_dec + b_dec. @throws InputError on what of it is not read.
 */
export async function saelensPlan(
  tensors: Tensors,
  json: OtherConfig,
  options: DictionaryOptions,
  scaler?: unknown,
): Promise<DictionaryPlan> {
  const config = readSaelensConfig(json);
  const { preprocessing, scale, notes: normalized } = normalization(config, scaler);
  if (config.skip && config.normalize !== 'none' && scale === undefined) {
    throw new InputError(
      `its normalize_activations is ${config.normalize}, and SAELens gives its skip connection the inputs as they are: that is not read; save it without its W_skip, as transcoder`,
    );
  }
  const notes = [...normalized];
  const hasThreshold = tensors.has('threshold') || tensors.has('log_threshold') || tensors.has('topk_threshold');
  // BatchTopK and Matryoshka are saved as JumpReLU; before 6 a TopK may say so by its activation alone.
  const units =
    config.units === 'batch-top-k' || (config.units === 'relu' && hasThreshold) ? 'jump-relu' : config.units;
  const fold = config.foldNorms && (config.units === 'top-k' || tensors.has('topk_threshold'));
  if (fold)
    notes.push(
      'rescale_acts_by_decoder_norm: the norms of decoder rows are folded in; codes are those of SAELens, rows have length 1',
    );
  if (config.hookZ) notes.push('hook_z: inputs are the heads one after another, head × d_head numbers in a row');
  const { sparsity, notes: told } = sparsityOf(units, config, options);
  const decoderScale = await finetuning(tensors, config, notes);
  return {
    format: 'saelens',
    architecture: config.architecture,
    encoder: tensors.matrix('inputs', 'W_enc'),
    decoder: tensors.matrix('latents', 'W_dec'),
    encoderBias: units === 'gated' ? undefined : tensors.find('b_enc'),
    decoderBias: tensors.find('b_dec'),
    preBias: options.preBias ?? config.preBias,
    threshold: units === 'jump-relu' ? await thresholdOf(tensors, config, notes) : undefined,
    gate:
      units === 'gated'
        ? { bias: tensors.need('b_gate'), magnitudeBias: tensors.need('b_mag'), scale: tensors.need('r_mag') }
        : undefined,
    skip: config.skip ? tensors.matrix('outputs', 'W_skip') : undefined,
    transcoder: config.transcoder,
    sparsity,
    said: { inputs: config.inputs, latents: config.latents, outputs: config.outputs },
    scale,
    foldNorms: fold,
    decoderScale,
    preprocessing,
    notes: [...told, ...notes],
    facts: config.facts,
  };
}

function sparsityOf(units: string, config: SaelensConfig, options: DictionaryOptions): Sparsity {
  if (units === 'top-k') return topK(askedK(config.k, options.k));
  if (units === 'gated') return gated(config.l1, true, true);
  if (units === 'jump-relu') {
    return config.units === 'batch-top-k' ? batchTopK(config.k) : jumpRelu(config.bandwidth, config.penalty);
  }
  const made = relu(config.l1, config.decoderNormL1);
  if (config.lpNorm === 1) return made;
  return { ...made, notes: [...made.notes, `its penalty was Σ|a|^${config.lpNorm}; L1 stands in its place`] };
}

async function thresholdOf(
  tensors: Tensors,
  config: SaelensConfig,
  notes: string[],
): Promise<DictionaryPlan['threshold']> {
  const one = await tensors.number('topk_threshold');
  if (one !== undefined) {
    notes.push(`topk_threshold ${one} is the threshold of every unit`);
    return { of: Math.max(0, one) };
  }
  const log = tensors.find('log_threshold');
  if (log !== undefined && !tensors.has('threshold')) return { of: log, log: true };
  if (config.units === 'batch-top-k' && !tensors.has('threshold')) {
    throw new InputError(
      `its architecture is ${config.architecture} and there is no threshold or topk_threshold: save it with save_inference_model, or another checkpoint`,
    );
  }
  return { of: tensors.need('threshold', 'log_threshold') };
}

/** `scaling_factor`, by which decoding multiplies codes: where the config says that it was trained. */
async function finetuning(
  tensors: Tensors,
  { finetuned }: SaelensConfig,
  notes: string[],
): Promise<NamedNumbers | undefined> {
  const factor = tensors.find('scaling_factor');
  if (factor === undefined) return undefined;
  if (finetuned) {
    notes.push('finetuning_scaling_factor: scaling_factor is folded into the decoder');
    return factor;
  }
  const values = await valuesOf(factor.numbers, 'tensor "scaling_factor"');
  if (values.some((value) => value !== 1))
    notes.push('scaling_factor is not used: its config says finetuning_scaling_factor is false');
  return undefined;
}
