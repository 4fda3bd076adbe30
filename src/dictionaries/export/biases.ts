import type { PlainDictionary } from './plain-dictionary.ts';

/** The same dictionary where u has become u − shift (latents): biases make up for it, so that z and codes stay. */
export function withShift(plain: PlainDictionary, shift: Float64Array): PlainDictionary {
  const bias = plain.bias.map((b: number, j: number) => b + shift[j]) as typeof plain.bias;
  if (plain.units.kind !== 'gated') return { ...plain, bias };
  const { scale } = plain.units;
  const magnitudeBias = plain.units.magnitudeBias.map(
    (b: number, j: number) => b + Math.exp(scale[j]) * shift[j],
  ) as typeof plain.bias;
  return { ...plain, bias, units: { ...plain.units, magnitudeBias } };
}

/** The encoder sees x itself: biases less W·c. */
export function uncentred(plain: PlainDictionary): PlainDictionary {
  if (!plain.centred) return plain;
  return { ...withShift(plain, ofCentre(plain, -1)), centred: false };
}

/** The encoder sees x − c: biases and W·c. */
export function centred(plain: PlainDictionary): PlainDictionary {
  if (plain.centred) return plain;
  return { ...withShift(plain, ofCentre(plain, 1)), centred: true };
}

/** ±W·c (latents). */
function ofCentre({ encoder, decoderBias, latents, inputs }: PlainDictionary, sign: 1 | -1): Float64Array {
  const shift = new Float64Array(latents);
  for (let j = 0; j < latents; j++) {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += encoder[j * inputs + i] * decoderBias[i];
    shift[j] = sign * sum;
  }
  return shift;
}
