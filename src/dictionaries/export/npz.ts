import { type Matrix, matrix, type Numbers, type Vector, vector } from '../../array/matrix.ts';
import { writeNpy } from '../../data/formats/npy.ts';
import { zipFile } from '../../data/formats/zip/write-zip.ts';
import { InputError } from '../../errors.ts';
import { uncentred } from './biases.ts';
import type { Exportable, ExportedDictionary } from './exportable.ts';
import { transposedArray } from './transposed-array.ts';

/**
 * params.npz, arrays by Gemma Scope's names, and config.json beside it: z = x·W_enc + b_enc, a = z·[z > threshold],
 * x̂ = a·W_dec + b_dec; b_dec is never taken off x. Of relu units the threshold is 0. top-k has none, its k is in the config;
 * gated units have b_gate, b_mag and r_mag for b_enc. `numpy.load` reads it with allow_pickle=False.
 * @throws InputError where the arrays alone would not say what is computed: a norm of each row, or a skip connection.
 */
export function npz({ dictionary, norm, transcoder, trained, origin }: Exportable): ExportedDictionary {
  if (norm !== null) {
    throw new InputError(
      `preprocessing.0 is ${norm}, which plain arrays cannot say: use format "saelens", or export { model, preprocessing: [], metadata }, and treat data alike where the file is used`,
    );
  }
  if (dictionary.skip !== null) {
    throw new InputError('config.skip is true, and arrays by the names of Gemma Scope have none: use format "saelens"');
  }
  const { inputs, targets, latents, precision, encoder, decoder, decoderBias, bias, units } = uncentred(dictionary);
  const arrays: [string, Matrix | Vector][] = [
    ['W_enc', matrix(transposedArray(encoder, latents, inputs), inputs, latents)],
    ['W_dec', matrix(decoder, latents, targets)],
    ['b_dec', vector(decoderBias)],
  ];
  if (units.kind === 'gated') {
    arrays.push(['b_gate', vector(bias)], ['b_mag', vector(units.magnitudeBias)], ['r_mag', vector(units.scale)]);
  } else {
    arrays.push(['b_enc', vector(bias)]);
    if (units.kind !== 'top-k') arrays.push(['threshold', vector(thresholdsOf(units, bias))]);
  }
  const architecture =
    units.kind === 'relu' || units.kind === 'threshold' ? 'jumprelu' : units.kind === 'top-k' ? 'topk' : 'gated';
  const config = {
    architecture,
    d_in: inputs,
    d_sae: latents,
    ...(transcoder ? { d_out: targets } : {}),
    ...(units.kind === 'top-k' ? { k: units.k } : {}),
    dtype: precision,
    apply_b_dec_to_input: false,
    trained_as: trained.kind,
    ...(Object.keys(origin).length > 0 ? { metadata: origin } : {}),
  };
  const members = arrays.map(([name, array]) => ({ name: `${name}.npy`, bytes: writeNpy(array) }));
  return {
    files: new Map([
      ['params.npz', zipFile(members)],
      ['config.json', new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
    ]),
    architecture,
    notes: dictionary.centred ? ['W·c went into the bias: b_dec is not taken off the examples'] : [],
  };
}

/** relu is z·[z > 0]. */
function thresholdsOf(units: { kind: 'relu' } | { kind: 'threshold'; threshold: Numbers }, bias: Numbers): Numbers {
  return units.kind === 'relu' ? bias.slice().fill(0) : units.threshold;
}
