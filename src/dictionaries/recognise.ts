import { InputError } from '../errors.ts';
import type { OtherConfig } from './config-values.ts';
import { barePlan } from './formats/bare.ts';
import {
  classByNames,
  dictionaryLearningPlan,
  isDictionaryLearning,
  readDictionaryLearningConfig,
} from './formats/dictionary-learning.ts';
import { gemmaScopePlan } from './formats/gemma-scope.ts';
import { llamaScopePlan } from './formats/llama-scope.ts';
import { openaiPlan } from './formats/openai.ts';
import { saelensPlan } from './formats/saelens.ts';
import { readSaelensConfig } from './formats/saelens-config.ts';
import { sparsifyPlan } from './formats/sparsify.ts';
import type { DictionaryOptions, DictionaryPlan } from './plan.ts';
import type { Tensors } from './tensors.ts';

type Configs = ReadonlyMap<string, OtherConfig>;

/** Whose dictionary it is, by its configs and by the names of its tensors, and what it says. @throws InputError as the formats do. */
export async function planOf(tensors: Tensors, configs: Configs, options: DictionaryOptions): Promise<DictionaryPlan> {
  const config = configs.get('config') ?? {};
  const hyperparams = configs.get('hyperparams');
  const lens = saelensConfig(configs);
  const { container } = tensors.weights;
  if (hyperparams !== undefined && tensors.has('encoder.weight')) return llamaScopePlan(tensors, hyperparams, options);
  if (isDictionaryLearning(config)) return dictionaryLearningPlan(tensors, config, options);
  if (lens !== undefined) return saelensPlan(tensors, lens, options, configs.get('activation_scaler'));
  if (tensors.has('encoder.weight', 'pre_bias', 'latent_bias')) return openaiPlan(tensors, options);
  if (tensors.has('encoder.weight', 'W_dec')) return sparsifyPlan(tensors, configs.get('cfg') ?? config, options);
  if (tensors.has('w_enc', 'threshold') || (container === 'npz' && tensors.has('W_enc', 'threshold'))) {
    return gemmaScopePlan(tensors, config, options);
  }
  if ((await classByNames(tensors)) !== undefined) return dictionaryLearningPlan(tensors, config, options);
  return barePlan(tensors, options);
}

/** A config of SAELens among them: it says how many units there are, or, under a name of SAELens's own, an architecture. */
function saelensConfig(configs: Configs): OtherConfig | undefined {
  for (const kind of ['cfg', 'runner_cfg', 'config']) {
    const config = configs.get(kind);
    if (config === undefined) continue;
    const own = (config.sae ?? config) as OtherConfig;
    const isNamed = own.architecture !== undefined && (kind !== 'config' || own.d_in !== undefined);
    if (own.d_sae !== undefined || isNamed) return config;
  }
  return undefined;
}

/** Where there are no weights: what the configs say. Always throws InputError. */
export function withoutWeights(configs: Configs, names: readonly string[]): never {
  const lens = saelensConfig(configs);
  const config = configs.get('config') ?? {};
  const found =
    lens !== undefined
      ? { whose: 'SAELens', ...readSaelensConfig(lens), file: 'sae_weights.safetensors' }
      : isDictionaryLearning(config)
        ? { whose: 'dictionary_learning', ...readDictionaryLearningConfig(config), file: 'ae.pt' }
        : undefined;
  if (found === undefined) {
    throw new InputError(
      `there are no weights among ${names.slice(0, 8).join(', ') || 'no files'}: read are .safetensors, .npz, .pt and .pth`,
    );
  }
  const { whose, architecture, inputs, latents, file } = found;
  throw new InputError(
    `there are no weights: the config is that of ${whose}, ${architecture}, ${inputs} inputs, ${latents} units; put ${file} beside it`,
  );
}
