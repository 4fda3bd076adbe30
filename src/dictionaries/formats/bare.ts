import { InputError } from '../../errors.ts';
import type { DictionaryOptions, DictionaryPlan } from '../plan.ts';
import { jumpRelu, relu, topK } from '../sparsities.ts';
import type { Tensors } from '../tensors.ts';

const kNames = ['k', 'top_k', 'topk', 'k_sparse'];

/**
 * A state dict that no config belongs to: W_enc (d, h) and W_dec (h, d) as SAELens lays them out, or encoder.weight (h, d) and
 * decoder.weight (d, h) of nn.Linear. What it does not say is asked for. @throws InputError that names the option.
 */
export async function barePlan(tensors: Tensors, options: DictionaryOptions): Promise<DictionaryPlan> {
  const isLens = tensors.has('W_enc') && tensors.has('W_dec');
  if (!isLens && !(tensors.has('encoder.weight') && tensors.has('decoder.weight'))) {
    throw new InputError(
      `its tensors are ${tensors.listed()}: read are W_enc and W_dec, encoder.weight and decoder.weight, and the formats of docs/guides/dictionaries-of-others.md`,
    );
  }
  const k = options.k ?? (await kOf(tensors));
  const hasThreshold = tensors.has('threshold');
  const { sparsity, notes } = hasThreshold
    ? jumpRelu(undefined, undefined)
    : k === undefined
      ? relu(undefined, false)
      : topK(k);
  const decoderBias = tensors.find('b_dec', 'decoder.bias', 'bias', 'pre_bias');
  const told = [...notes];
  // W_enc, b_enc, W_dec and b_dec are those of the autoencoder that everyone copied, which takes b_dec off first.
  const assumed = isLens && !hasThreshold ? true : undefined;
  const preBias = decoderBias === undefined ? false : (options.preBias ?? assumed);
  if (preBias === undefined) {
    throw new InputError(
      `its decoder has a bias (${decoderBias?.name}), and its file does not say whether it is taken off inputs first: say preBias true or false (--pre-bias yes|no); codes differ`,
    );
  }
  if (options.preBias === undefined && decoderBias !== undefined) {
    told.push(
      `assumed: inputs lose ${decoderBias.name} first, as in SAELens; preBias: false (--pre-bias no) says that they do not`,
    );
  }
  if (!hasThreshold && k === undefined)
    told.push('assumed: its units are ReLU, as nothing says k; k (--k n) makes them TopK');
  if (tensors.weights.beside.has('mean')) {
    told.push(
      'the file holds a mean beside the weights, which its inputs had lost before: it is not taken off here, so centre yours',
    );
  }
  return {
    format: 'state-dict',
    architecture: hasThreshold ? 'jumprelu' : k === undefined ? 'relu' : 'topk',
    encoder: isLens ? tensors.matrix('inputs', 'W_enc') : tensors.matrix('latents', 'encoder.weight'),
    decoder: isLens ? tensors.matrix('latents', 'W_dec') : tensors.matrix('outputs', 'decoder.weight'),
    encoderBias: tensors.find('b_enc', 'encoder.bias', 'latent_bias'),
    decoderBias,
    preBias,
    threshold: hasThreshold ? { of: tensors.need('threshold') } : undefined,
    transcoder: false,
    sparsity,
    said: {},
    preprocessing: [],
    notes: told,
    facts: {},
  };
}

async function kOf(tensors: Tensors): Promise<number | undefined> {
  const inTensor = await tensors.number('k');
  const said = inTensor ?? kNames.map((name) => tensors.weights.values.get(name)).find((value) => value !== undefined);
  return Number.isSafeInteger(said) && (said as number) > 0 ? (said as number) : undefined;
}
