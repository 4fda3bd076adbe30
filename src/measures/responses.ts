import type { LayerSpec } from '../model/spec.ts';

/** How the activations of a layer are read as firing: see `responseOf`. */
export interface Response {
  /** scale·a + shift is a rate in [0, 1]; null where no such rate exists. */
  readonly rate: { readonly scale: number; readonly shift: number } | null;
  /** r ≥ 0 of an activation, 0 for silence. */
  readonly of: (a: number) => number;
}

/**
 * The response r of a unit: sigmoid r = a, tanh r = (a + 1)/2, silent at −1; all others r = |a|. k-sparse units, of
 * whatever activation, are silent at the 0 that selection leaves: r = |a|, and no rate.
 */
export function responseOf({ f, choice }: Pick<LayerSpec, 'f' | 'choice'>): Response {
  const { rate } = f;
  if (rate === null || choice.kind.selects) return { rate: null, of: Math.abs };
  const { scale, shift } = rate;
  return { rate, of: (a) => scale * a + shift };
}
