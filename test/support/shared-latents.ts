import * as assert from 'uvu/assert';
import { type Matrix, toFlat } from '../../src/array/matrix.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { compareGradients } from '../../src/proof/gradient-check.ts';

// Models whose latents several processes share, beside the whole one.

/** Configs of 9 inputs and 21 latents, with whatever processes can share. */
export const sharedConfigs: Readonly<Record<string, Partial<AutoencoderConfig>>> = {
  'top-k': { sparsity: { kind: 'top-k', k: 3 }, weightDecay: 1e-3 },
  'top-k of nearly all': { sparsity: { kind: 'top-k', k: 20 }, weightL1: 1e-3 },
  'top-k by norms, centred': {
    sparsity: { kind: 'top-k', k: 3, decoderNorm: true },
    center: true,
    initialization: { kind: 'normal', deviation: 0.5 },
  },
  'top-k, annealed': { sparsity: { kind: 'top-k', k: 3, annealFrom: 15, annealOver: 0.7 } },
  'batch-top-k': { sparsity: { kind: 'batch-top-k', k: 2.5 } },
  'batch-top-k, annealed': { sparsity: { kind: 'batch-top-k', k: 2.5, annealFrom: 12 }, center: true },
  'batch-top-k of nearly all, centred': { sparsity: { kind: 'batch-top-k', k: 19.5 }, center: true },
  transcoder: {
    ...{ sparsity: { kind: 'top-k', k: 3 }, targets: 4, initialization: { kind: 'uniform' } },
  },
  'noisy examples': { sparsity: { kind: 'top-k', k: 3 }, corruption: { kind: 'masking', fraction: 0.3 } },
  'top-k, aux-k, unit norm': {
    ...{ sparsity: { kind: 'top-k', k: 2 }, unitNorm: true, center: 'geometric-median' },
    auxiliary: { kind: 'aux-k', k: 5, weight: 0.5, deadAfter: 20 },
  },
  'batch-top-k, aux-k of openai': {
    ...{ sparsity: { kind: 'batch-top-k', k: 1.5 }, center: true },
    auxiliary: { kind: 'aux-k', k: 2, weight: 0.5, deadAfter: 12, variant: 'openai' },
  },
  'batch-top-k, aux-k of saelens': {
    sparsity: { kind: 'batch-top-k', k: 1 },
    auxiliary: { kind: 'aux-k', k: 12, weight: 0.5, deadAfter: 1, variant: 'saelens' },
  },
};

/** The rows of the latents of all processes in one, by name; c, which all hold, must be the same in each. */
export function joined(
  parts: readonly Readonly<Record<string, Matrix | { readonly data: ArrayLike<number> }>>[],
): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.keys(parts[0]).map((name) => {
      const flats = parts.map((part) => [...toFlat(part[name] as Matrix)]);
      if (name !== 'decoder.bias' && name !== 'code.threshold') return [name, Float64Array.from(flats.flat())];
      for (const flat of flats) assert.equal(flat, flats[0], `every process has the same ${name}`);
      return [name, Float64Array.from(flats[0])];
    }),
  );
}

/** Arrays by name are near to those of the whole model. */
export function assertNear(
  found: Readonly<Record<string, Float64Array>>,
  whole: Readonly<Record<string, Float64Array>>,
  tolerance: number,
  what: string,
): void {
  assert.equal(Object.keys(found), Object.keys(whole));
  for (const [name, value] of Object.entries(whole)) {
    assert.is(found[name].length, value.length, `${name}: ${what}`);
    const { normRelativeError } = compareGradients(found[name], value);
    const same = value.every((n) => n === 0) && found[name].every((n) => n === 0);
    assert.ok(same || normRelativeError < tolerance, `${name}: ${what}: ${normRelativeError}`);
  }
}
