import type { Numbers } from '../../array/matrix.ts';
import { writeSafetensors } from '../../data/formats/safetensors.ts';
import type { Tensor } from '../../data/formats/tensor.ts';
import { InputError } from '../../errors.ts';
import type { Exportable, ExportedDictionary } from './exportable.ts';
import { transposedArray } from './transposed-array.ts';

/** Files of an earlier version are read as such, and the keys below are those since this one. */
const FORMAT_VERSION = '6.0.0';

/**
 * cfg.json and sae_weights.safetensors, as `SAE.load_from_disk` of SAELens 6 reads them: W_enc (d, h), b_enc, W_dec (h, d), b_dec
 * and what the architecture has beside them. Thresholds are jumprelu, as SAELens saves BatchTopK itself.
 * @throws InputError where SAELens has no such architecture.
 */
export function saelens({ dictionary, norm, transcoder, trained, origin }: Exportable): ExportedDictionary {
  const { inputs, targets, latents, precision, skip, units, centred } = dictionary;
  const architecture = architectureOf();
  const tensors = new Map<string, Tensor>();
  const vector = (name: string, data: Numbers) => tensors.set(name, { shape: [data.length], data });
  tensors.set('W_enc', { shape: [inputs, latents], data: transposedArray(dictionary.encoder, latents, inputs) });
  tensors.set('W_dec', { shape: [latents, targets], data: dictionary.decoder });
  vector('b_dec', dictionary.decoderBias);
  if (units.kind === 'gated') {
    vector('b_gate', dictionary.bias);
    vector('b_mag', units.magnitudeBias);
    vector('r_mag', units.scale);
  } else {
    vector('b_enc', dictionary.bias);
    if (units.kind === 'threshold') vector('threshold', units.threshold);
  }
  if (skip !== null) tensors.set('W_skip', { shape: [targets, inputs], data: skip });
  const config = {
    architecture,
    d_in: inputs,
    d_sae: latents,
    ...(transcoder ? { d_out: targets } : {}),
    ...(units.kind === 'top-k' ? { k: units.k, rescale_acts_by_decoder_norm: false } : {}),
    dtype: precision,
    device: 'cpu',
    apply_b_dec_to_input: centred,
    normalize_activations: norm === null ? 'none' : norm === 'layer-norm' ? 'layer_norm' : 'constant_norm_rescale',
    reshape_activations: 'none',
    metadata: { ...origin, sae_lens_version: FORMAT_VERSION, sae_lens_training_version: null },
  };
  return {
    files: new Map([
      ['cfg.json', new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
      ['sae_weights.safetensors', writeSafetensors(tensors)],
    ]),
    architecture,
    notes: [],
  };

  function architectureOf(): string {
    const plain = { relu: 'standard', 'top-k': 'topk', threshold: 'jumprelu', gated: 'gated' }[units.kind];
    if (!transcoder) return plain;
    if (norm !== null && skip !== null) {
      throw new InputError(
        `preprocessing.0 is ${norm} with a skip connection, which SAELens gives the raw examples: export { model, preprocessing: [], metadata }, and treat data alike where the file is used`,
      );
    }
    if (units.kind === 'relu') return skip === null ? 'transcoder' : 'skip_transcoder';
    if (units.kind === 'threshold') return skip === null ? 'jumprelu_transcoder' : 'jumprelu_skip_transcoder';
    throw new InputError(
      `the model is a transcoder of ${trained.kind} units: SAELens has transcoders of relu and of jumprelu units alone: use format "npz"`,
    );
  }
}
