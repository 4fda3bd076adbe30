import type { PlainDictionary } from './plain-dictionary.ts';

/** Norms this close to 1 are 1 but for rounding. */
const ROUNDING = 1e-6;

/** Whether every row of D has norm 1. */
export function isUnitNorm(plain: PlainDictionary): boolean {
  return normsOf(plain).every((norm) => Math.abs(norm - 1) <= ROUNDING);
}

/** ‖Dⱼ‖ (latents). */
function normsOf({ decoder, latents, targets }: PlainDictionary): Float64Array {
  const norms = new Float64Array(latents);
  for (let j = 0; j < latents; j++) {
    let squares = 0;
    for (let i = 0; i < targets; i++) squares += decoder[j * targets + i] ** 2;
    norms[j] = Math.sqrt(squares);
  }
  return norms;
}

/**
 * The same x̂ with rows of D of norm 1: z and thresholds times ‖Dⱼ‖, so codes are a·‖D‖. A row of zeros, which says nothing,
 * becomes the first unit vector, and its unit is never on.
 */
export function withUnitNorm(plain: PlainDictionary): PlainDictionary {
  const { inputs, targets, latents } = plain;
  const norms = normsOf(plain);
  const scaled = (values: PlainDictionary['bias']) =>
    values.map((value: number, j: number) => value * norms[j]) as typeof values;
  const encoder = plain.encoder.slice();
  const decoder = plain.decoder.slice();
  for (let j = 0; j < latents; j++) {
    for (let i = 0; i < inputs; i++) encoder[j * inputs + i] *= norms[j];
    for (let i = 0; i < targets; i++) decoder[j * targets + i] /= norms[j] || 1;
    if (norms[j] === 0) decoder[j * targets] = 1;
  }
  const { units } = plain;
  return {
    ...plain,
    encoder,
    decoder,
    bias: scaled(plain.bias),
    units:
      units.kind === 'threshold'
        ? { ...units, threshold: scaled(units.threshold) }
        : units.kind === 'gated'
          ? { ...units, magnitudeBias: scaled(units.magnitudeBias) }
          : units,
  };
}
