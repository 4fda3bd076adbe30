import { InputError } from '../../errors.ts';
import { askedK, countIn, factsIn, isObject, numberIn, type OtherConfig, textIn, unknown } from '../config-values.ts';
import type { DictionaryOptions, DictionaryPlan } from '../plan.ts';
import { batchTopK, gated, jumpRelu, relu, type Sparsity, topK } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';

const classes = [
  'AutoEncoder',
  'AutoEncoderNew',
  'GatedAutoEncoder',
  'AutoEncoderTopK',
  'BatchTopKSAE',
  'MatryoshkaBatchTopKSAE',
  'JumpReluAutoEncoder',
] as const;
type DictClass = (typeof classes)[number];
const facts = ['lm_name', 'layer', 'submodule_name', 'trainer_class'];

/** The class of a state dict without a config, by its names. @throws InputError where two classes have them. */
export async function classByNames(tensors: Tensors): Promise<DictClass | undefined> {
  if (tensors.has('encoder.weight', 'decoder_bias', 'r_mag')) return 'GatedAutoEncoder';
  if (tensors.has('encoder.weight', 'bias')) return 'AutoEncoder';
  if (tensors.has('W_enc', 'group_sizes')) return 'MatryoshkaBatchTopKSAE';
  if (!tensors.has('encoder.weight', 'b_dec', 'k')) return undefined;
  const threshold = await tensors.number('threshold');
  if (threshold === undefined || threshold < 0) return 'AutoEncoderTopK'; // −1: it was never set
  throw new InputError(
    'its tensors are those of AutoEncoderTopK and of BatchTopKSAE of dictionary_learning, whose codes differ: put the config.json that belongs to it beside it',
  );
}

/** dictionary_learning: ae.pt and config.json. @throws InputError on classes that are not read, by name. */
export async function dictionaryLearningPlan(
  tensors: Tensors,
  config: OtherConfig,
  options: DictionaryOptions,
): Promise<DictionaryPlan> {
  const trainer = isObject(config.trainer) ? config.trainer : {};
  const said = trainer.dict_class ?? (await classByNames(tensors));
  const found = classes.find((name) => name === said);
  if (found === undefined) throw unknown('dict_class', said, classes);
  const threshold = ['BatchTopKSAE', 'MatryoshkaBatchTopKSAE'].includes(found)
    ? await runningThreshold(tensors)
    : undefined;
  const k = (await tensors.number('k')) ?? countIn(trainer, 'k');
  tensors.pass('threshold', 'group_sizes');
  const { sparsity, notes } = sparsityOf(found, trainer, k, options);
  const isNamed = tensors.has('encoder.weight');
  return {
    format: 'dictionary-learning',
    architecture: found,
    encoder: isNamed ? tensors.matrix('latents', 'encoder.weight') : tensors.matrix('inputs', 'W_enc'),
    decoder: tensors.has('decoder.weight')
      ? tensors.matrix('outputs', 'decoder.weight')
      : tensors.matrix('latents', 'W_dec'),
    encoderBias: found === 'GatedAutoEncoder' ? undefined : tensors.find('encoder.bias', 'b_enc'),
    decoderBias: tensors.find('b_dec', 'bias', 'decoder_bias', 'decoder.bias'),
    preBias: options.preBias ?? !['JumpReluAutoEncoder', 'AutoEncoderNew'].includes(found),
    threshold: found === 'JumpReluAutoEncoder' ? { of: tensors.need('threshold') } : threshold,
    gate:
      found === 'GatedAutoEncoder'
        ? { bias: tensors.need('gate_bias'), magnitudeBias: tensors.need('mag_bias'), scale: tensors.need('r_mag') }
        : undefined,
    transcoder: false,
    sparsity,
    said: { inputs: countIn(trainer, 'activation_dim'), latents: countIn(trainer, 'dict_size') },
    preprocessing: [],
    notes: threshold?.of === 0 ? [...notes, 'its threshold is not above 0: every z above 0 is on'] : notes,
    facts: factsIn(trainer, facts),
  };
}

async function runningThreshold(tensors: Tensors): Promise<{ of: number }> {
  return { of: Math.max(0, (await tensors.number('threshold')) ?? 0) };
}

function sparsityOf(
  found: DictClass,
  trainer: OtherConfig,
  k: number | undefined,
  options: DictionaryOptions,
): Sparsity {
  const l1 = numberIn(trainer, 'l1_penalty');
  if (found === 'AutoEncoderTopK') return topK(askedK(k, options.k));
  if (found === 'GatedAutoEncoder') return gated(l1, false, false);
  if (found === 'BatchTopKSAE' || found === 'MatryoshkaBatchTopKSAE') return batchTopK(options.k ?? k);
  if (found !== 'JumpReluAutoEncoder') return relu(l1, found === 'AutoEncoderNew');
  const weight = numberIn(trainer, 'sparsity_penalty');
  const target = numberIn(trainer, 'target_l0');
  const penalty =
    weight === undefined || target === undefined ? undefined : { kind: 'target-l0' as const, weight, target };
  return jumpRelu(numberIn(trainer, 'bandwidth') ?? 0.001, penalty);
}

/** The class and sizes of a config. @throws InputError on classes that are not read, by name. */
export function readDictionaryLearningConfig(config: OtherConfig) {
  const trainer = isObject(config.trainer) ? config.trainer : {};
  const architecture = classes.find((name) => name === trainer.dict_class);
  if (architecture === undefined) throw unknown('dict_class', trainer.dict_class, classes);
  return { architecture, inputs: countIn(trainer, 'activation_dim'), latents: countIn(trainer, 'dict_size') };
}

/** Whether a config is one of this library's. */
export function isDictionaryLearning(config: OtherConfig): boolean {
  return isObject(config.trainer) && textIn(config.trainer, 'dict_class') !== undefined;
}
