import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Matrix } from '../src/array/matrix.ts';

/** What we use of a peer, so that its types need not be installed. */
export type NdarrayGemm = (out: Matrix, a: Matrix, b: Matrix, alpha?: number, beta?: number) => void;

export interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

export interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor;
}

export interface Peers {
  readonly ndarrayGemm: NdarrayGemm | null;
  readonly tensorFlow: TensorFlow | null;
  /** One line per peer: its version, or why it is skipped. */
  readonly notes: readonly string[];
}

/** bench/peers/package.json, seen from the source tree and from the bundle in build/bench alike. */
function peersManifest(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'bench', 'peers', 'package.json');
    if (existsSync(manifest)) return manifest;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('bench/peers/package.json not found above the benchmark');
    folder = parent;
  }
}

/**
 * The peers, as far as they are installed. They have a manifest of their own, so that the project's `npm ci` stays
 * small, and are therefore resolved from there and loaded at run time.
 */
export async function loadPeers(): Promise<Peers> {
  const require = createRequire(peersManifest());
  const notes: string[] = [];

  function load<T>(name: string): T | null {
    try {
      const { version } = require(`${name}/package.json`) as { version: string };
      const loaded = require(name) as T;
      notes.push(`${name} ${version}`);
      return loaded;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      notes.push(`${name} skipped: not installed; npm ci --prefix bench/peers`);
      return null;
    }
  }

  const ndarrayGemm = load<NdarrayGemm>('ndarray-gemm');
  const core = load<TensorFlow>('@tensorflow/tfjs-core');
  const backend = load<unknown>('@tensorflow/tfjs-backend-cpu');
  const tensorFlow = core !== null && backend !== null ? core : null;
  if (tensorFlow !== null) await tensorFlow.setBackend('cpu');
  return { ndarrayGemm, tensorFlow, notes };
}
