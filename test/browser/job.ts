import type { View } from '../../src/array/matrix.ts';
import type { Autoencoder } from '../../src/model/autoencoder.ts';

// What Node and the page both train: the same numbers in, so the same bits out.

const [m, d] = [600, 196];

export const config = {
  inputs: d,
  hidden: 100,
  weightDecay: 1e-4,
  sparsity: { kind: 'kl', target: 0.1, weight: 1 },
  seed: 5,
} as const;

/** Bytes of a linear congruential generator: whole numbers alone, alike in every engine. */
export function examples(): View<Uint8Array> {
  let state = 1;
  const data = new Uint8Array(m * d).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { data, shape: [m, d], stride: [d, 1], offset: 0, unit: 255 };
}

/** Two threads where the host gives them: their number changes no bit. */
export const options = { epochs: 5, batchSize: 100, kernels: { threads: 2, deterministic: true } } as const;

/** SHA-256 of θ in hexadecimal. */
export async function hashOf(model: Autoencoder): Promise<string> {
  const { kernels, theta } = model.engine;
  const digest = await crypto.subtle.digest('SHA-256', Float64Array.from(kernels.copyOut(theta)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the page tells the test. */
export interface Report {
  /** Of the model that the worker trained, and of one that the page trained itself. */
  readonly hash?: string;
  readonly pageHash?: string;
  readonly cost?: number;
  /** Steps of which the page heard. */
  readonly heard?: number;
  readonly isolated: boolean;
  readonly threads?: { readonly ready: number; readonly oneBecause: string | null; readonly wasm: boolean };
  readonly error?: string;
}
