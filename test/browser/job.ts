import type { View } from '../../src/array/matrix.ts';
import { deadLeaves, displayFilters, prepare } from '../../src/data/index.ts';
import { encodePng, featureTiles, trainingCurves } from '../../src/figures/index.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Runtime } from '../../src/model/runtime.ts';
import { fit } from '../../src/training/fit.ts';

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
export const options = { epochs: 5, batchSize: 100, engine: { threads: 2, deterministic: true } } as const;

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of θ. */
export async function hashOf(model: Autoencoder): Promise<string> {
  const { kernels, theta } = model.engine;
  return sha256(Float64Array.from(await kernels.copyOut(theta)));
}

/** From generated images to the pictures of a trained model: data, training and figures together. */
export async function pictures(): Promise<{ readonly png: Uint8Array<ArrayBuffer>; readonly svg: string }> {
  const images = deadLeaves({ images: 10, size: 128, seed: 1 });
  const patches = { size: 8, count: 5000, seed: 1 };
  const preprocessing = [{ kind: 'zca', epsilon: 0.1 }, { kind: 'cs294a' }] as const;
  const { x, steps } = prepare([images], { patches, preprocessing }, 'float32');
  const sparsity = { kind: 'kl', target: 0.05, weight: 3 } as const;
  const model = await Autoencoder.create(
    { inputs: 64, hidden: 25, weightDecay: 1e-4, sparsity, seed: 1 },
    { threads: 1, deterministic: true },
  );
  const { history } = await fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 150 } });
  const filters = displayFilters(steps, (await model.parameters())['encoder.weight']);
  const shape = { height: 8, width: 8, channels: 1, scale: 4 } as const;
  return { png: Uint8Array.from(encodePng(featureTiles(filters, shape))), svg: trainingCurves(history) };
}

/** What the page tells the test. */
export interface Report {
  /** Of the model that the worker trained, and of one that the page trained itself. */
  readonly hash?: string;
  readonly pageHash?: string;
  readonly cost?: number;
  /** Of the features' PNG. */
  readonly featuresHash?: string;
  /** Steps of which the page heard. */
  readonly heard?: number;
  /** That the page has taken. */
  readonly snapshots?: number;
  readonly isolated: boolean;
  readonly threads?: { readonly ready: number; readonly oneBecause: string | null; readonly wasm: boolean };
  /** Of a model without options, and the cost it was trained to. */
  readonly free?: { readonly runtime: Runtime; readonly cost: number };
  readonly error?: string;
}
